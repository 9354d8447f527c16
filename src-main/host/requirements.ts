/**
 * What Strata needs of the machine, in one table: `strata doctor` prints it, and every command that lacks something says
 * so in the same words.
 */
import { StrataError } from '../protocol/errors.ts';

export interface Requirement {
  /** The program, as it is found on PATH. */
  readonly tool: string;
  /** What it is for, as a clause: "evaluates and realises derivations". */
  readonly purpose: string;
  /** What still works where it is missing. */
  readonly without: string;
  readonly packages: { readonly debian: string; readonly nix: string };
}

export const REQUIREMENTS: readonly Requirement[] = [
  {
    tool: 'nix-store',
    purpose: 'evaluates and realises derivations',
    without: 'snapshots can be listed, compared and read; nothing can be built',
    packages: { debian: 'nix-bin', nix: 'nix' },
  },
  {
    tool: 'bwrap',
    purpose: 'enters the sandbox of a phase',
    without: 'snapshots can be listed, compared and read; nothing can be built or entered',
    packages: { debian: 'bubblewrap', nix: 'bubblewrap' },
  },
];

/** The error for a program that is not on PATH. */
export function missingTool(tool: string, operation: string, cause?: unknown): StrataError {
  const requirement = REQUIREMENTS.find((entry) => entry.tool === tool);
  const get = requirement
    ? `install it: apt-get install ${requirement.packages.debian}, or nix-shell -p ${requirement.packages.nix}`
    : `install ${tool} or put it on PATH`;
  return new StrataError({
    code: 'environment',
    operation,
    reason: `the program ${tool} is not on PATH`,
    advice: requirement ? `${get}\nwithout it: ${requirement.without}` : get,
    cause,
  });
}
