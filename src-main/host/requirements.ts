/**
 * What Strata needs of the machine, in one table: `strata doctor` prints it, and every command that lacks something says
 * so in the same words. The table is JSON because the set-up script reads it too, before anything can run TypeScript.
 */
import { StrataError } from '../protocol/errors.ts';
import table from './requirements.json' with { type: 'json' };

export interface Requirement {
  /** The program, as it is found on PATH. */
  readonly tool: string;
  /** What it is for, as a clause: "evaluates and realises derivations". */
  readonly purpose: string;
  /** What still works, or no longer does, where it is missing. */
  readonly without: string;
  /** Package names; null where the distribution has none. Debian's hold for Ubuntu. */
  readonly packages: {
    readonly debian: string | null;
    readonly fedora: string | null;
    readonly nix: string;
  };
  /** `required`: building is impossible or much worse without it. */
  readonly need: 'required' | 'optional';
}

export const REQUIREMENTS: readonly Requirement[] = [
  ...table.required.map((entry) => ({ ...entry, need: 'required' as const })),
  ...table.optional.map((entry) => ({ ...entry, need: 'optional' as const })),
];

/** The row for a program, or undefined where Strata does not know it. All programs of Nix are in one package. */
export function requirementFor(tool: string): Requirement | undefined {
  const name = /^nix(-|$)/.test(tool) ? 'nix-store' : tool;
  return REQUIREMENTS.find((entry) => entry.tool === name);
}

/** How to get a program, as a clause: "apt-get install attr, or nix-shell -p attr". */
export function howToGet(tool: string): string {
  const packages = requirementFor(tool)?.packages;
  if (packages === undefined) return `install ${tool} or put it on PATH`;
  const ways = [
    ...(packages.debian === null ? [] : [`apt-get install ${packages.debian}`]),
    // Whoever lacks Nix itself cannot get it from nix-shell.
    packages.nix === 'nix' ? 'see https://nixos.org/download' : `nix-shell -p ${packages.nix}`,
  ];
  return ways.join(', or ');
}

/** Why a program cannot be used, in the words every command uses. */
export function notOnPath(tool: string): string {
  return `the program ${tool} is not on PATH`;
}

/** The error for a program that is not on PATH. */
export function missingTool(tool: string, operation: string, cause?: unknown): StrataError {
  const requirement = requirementFor(tool);
  const get = requirement === undefined ? howToGet(tool) : `install it: ${howToGet(tool)}`;
  return new StrataError({
    code: 'environment',
    operation,
    reason: notOnPath(tool),
    advice: requirement ? `${get}\nwithout it: ${requirement.without}` : get,
    cause,
  });
}
