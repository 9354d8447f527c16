/** An evaluated derivation in the parts one looks at. */
import type { CallResult } from '../../src-main/protocol/methods.ts';

export type Derivation = CallResult<'derivation'>;
type Pair = readonly [name: string, value: string];

export interface DerivationParts {
  /** Phases and hooks whose code the derivation brings itself, in the order in which they run. */
  readonly code: readonly Pair[];
  /** All other variables by name; of structured attributes, values that are no strings as JSON. */
  readonly variables: readonly Pair[];
}

/** The order of `genericBuild` in nixpkgs' setup.sh. */
const phaseOrder = [
  ...['unpack', 'patch', 'updateAutotoolsGnuConfigScripts', 'configure', 'build', 'check'],
  ...['install', 'fixup', 'installCheck', 'dist'],
];

export function derivationParts({ env }: Pick<Derivation, 'env'>): DerivationParts {
  const all = env.flatMap(([name, value]): readonly Pair[] =>
    name === '__json' ? structured(value) : [[name, value]],
  );
  return {
    code: all.filter(([name, value]) => isCode(name, value)).toSorted(byPhase),
    variables: all
      .filter(([name, value]) => !isCode(name, value))
      .toSorted(([a], [b]) => a.localeCompare(b)),
  };
}

/** Those whose name or value holds the words, in any case. */
export function filtered(pairs: readonly Pair[], words: string): readonly Pair[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return pairs;
  return pairs.filter((pair) => pair.some((text) => text.toLowerCase().includes(wanted)));
}

/** The name of a store path without its hash: `hello-2.12.drv`. */
export function storeName(path: string): string {
  return path.replace(/^\/nix\/store\/[0-9a-z]{32}-/, '');
}

function isCode(name: string, value: string): boolean {
  return (
    value.trim() !== '' &&
    (/^(?:buildCommand|shellHook)$/.test(name) ||
      /^(?!.*dont)[a-z]\w*Phase$/.test(name) ||
      isHook(name))
  );
}

function isHook(name: string): boolean {
  const [, phase] = /^(?:pre|post)([A-Z]\w*)$/.exec(name) ?? [];
  if (phase === undefined) return false;
  return phaseOrder.includes(phase.slice(0, 1).toLowerCase() + phase.slice(1));
}

function byPhase([a]: Pair, [b]: Pair): number {
  return rank(a) - rank(b) || a.localeCompare(b);
}

function rank(name: string): number {
  const phase = name.replace(/^(?:pre|post)(?=[A-Z])/, '').replace(/Phase$/, '');
  const at = phaseOrder.indexOf(phase.slice(0, 1).toLowerCase() + phase.slice(1));
  const within = name.startsWith('pre') ? 0 : name.startsWith('post') ? 2 : 1;
  return (at === -1 ? phaseOrder.length : at) * 3 + within;
}

function structured(json: string): readonly Pair[] {
  const value: unknown = parsed(json);
  if (typeof value !== 'object' || value === null) return [['__json', json]];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]): readonly Pair[] => {
    if (name === 'env' && typeof inner === 'object' && inner !== null) {
      return Object.entries(inner).map(([variable, text]) => [variable, asText(text)]);
    }
    return [[name, asText(inner)]];
  });
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
