/**
 * What in a flake's text pure evaluation will refuse, found without evaluating. What is reached by `with builtins` or another
 * name is left to Nix.
 */
import type { Impurity } from '../../../src-main/protocol/impurity.ts';
import { tokensOf, type Token } from './tokens.ts';

export interface ImpureExpression {
  readonly impurity: Impurity;
  /** Offsets into the text: from the first character to behind the last. */
  readonly start: number;
  readonly end: number;
}

/** What has to be given for a fetch to be the same tomorrow. Of `fetchTree`, the references have it in many forms. */
const LOCKS: Readonly<
  Record<string, { readonly lacks: 'hash' | 'revision'; readonly names: readonly string[] }>
> = {
  fetchTarball: { lacks: 'hash', names: ['sha256'] },
  fetchurl: { lacks: 'hash', names: ['sha256'] },
  fetchGit: { lacks: 'revision', names: ['rev', 'narHash'] },
  fetchMercurial: { lacks: 'revision', names: ['rev'] },
};
/** Those that need no `builtins.` before them. Another `fetchurl` is nixpkgs'. */
const GLOBAL = ['fetchTarball', 'fetchGit', 'fetchMercurial'];

/** In the order of the text; of one that holds others, as a path with `${…}` does, first the whole. */
export function impureExpressions(text: string): readonly ImpureExpression[] {
  const tokens = tokensOf(text);
  return tokens.flatMap((token, index) => [
    ...impureAt(tokens, index),
    ...token.interpolations.flatMap(({ start, end }) =>
      impureExpressions(text.slice(start, end)).map((one) => ({
        ...one,
        start: start + one.start,
        end: start + one.end,
      })),
    ),
  ]);
}

function impureAt(tokens: readonly Token[], index: number): readonly ImpureExpression[] {
  const token = tokens[index];
  if (token === undefined) return [];
  if (token.kind === 'path') return found(pathImpurity(token.text), token, token);
  if (token.kind !== 'name') return [];
  const isMember = tokens[index - 1]?.text === '.';
  const owner = isMember ? tokens[index - 2] : undefined;
  const isBuiltin = owner?.text === 'builtins';
  if (isMember ? !isBuiltin : !GLOBAL.includes(token.text)) return [];
  const impurity = constantImpurity(token.text) ?? fetchImpurity(tokens, index);
  return found(impurity, owner ?? token, token);
}

function found(impurity: Impurity | null, first: Token, last: Token): readonly ImpureExpression[] {
  return impurity === null ? [] : [{ impurity, start: first.start, end: last.end }];
}

function pathImpurity(path: string): Impurity | null {
  if (path.startsWith('<')) {
    const name = path.slice(1, -1);
    // Nix's own files, such as <nix/fetchurl.nix>, are there in pure evaluation too.
    return name.startsWith('nix/') ? null : { kind: 'search-path', name };
  }
  return /^[/~]/.test(path) ? { kind: 'path', path } : null;
}

function constantImpurity(name: string): Impurity | null {
  if (name === 'currentSystem' || name === 'currentTime') return { kind: 'constant', name };
  if (name === 'getEnv') return { kind: 'variable' };
  return name === 'storePath' ? { kind: 'store-path' } : null;
}

/** Of a fetch with its argument written out: a URL alone, or a set without what locks it. */
function fetchImpurity(tokens: readonly Token[], at: number): Impurity | null {
  const by = tokens[at]?.text ?? '';
  const lock = LOCKS[by];
  const argument = tokens[at + 1];
  if (lock === undefined || argument === undefined) return null;
  if (argument.text === '{' && isLocked(tokens, at + 1, lock.names)) return null;
  return argument.text === '{' || argument.kind === 'string'
    ? { kind: 'fetch', by, lacks: lock.lacks }
    : null;
}

/** Whether the set that begins at `open` speaks of one of the names. One that does not end yet may come to it. */
function isLocked(tokens: readonly Token[], open: number, names: readonly string[]): boolean {
  let depth = 0;
  for (const { kind, text } of tokens.slice(open)) {
    if (text === '{' || text === '${') depth += 1;
    else if (text === '}') depth -= 1;
    else if (kind === 'name' && names.includes(text)) return true;
    if (depth === 0) return false;
  }
  return true;
}
