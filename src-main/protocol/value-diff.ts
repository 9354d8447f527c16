/** What became of named values, such as the variables of a shell. */
import { diffSequences, type SequenceStep } from './sequence-diff.ts';

export type ValueChange =
  | { readonly kind: 'added'; readonly name: string; readonly now: string }
  | { readonly kind: 'changed'; readonly name: string; readonly old: string; readonly now: string }
  | { readonly kind: 'removed'; readonly name: string; readonly old: string };

type Pairs = readonly (readonly [string, string])[];

/** Sorted by name. */
export function diffValues(old: Pairs, now: Pairs): readonly ValueChange[] {
  const before = new Map(old);
  const after = new Map(now);
  const changes: ValueChange[] = [];
  for (const [name, value] of after) {
    const earlier = before.get(name);
    if (earlier === undefined) changes.push({ kind: 'added', name, now: value });
    else if (earlier !== value) changes.push({ kind: 'changed', name, old: earlier, now: value });
  }
  for (const [name, value] of before) {
    if (!after.has(name)) changes.push({ kind: 'removed', name, old: value });
  }
  return changes.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

/** The parts of a value that are read one by one, and what joins them. */
export interface ValueParts {
  readonly joint: 'line' | 'colon' | 'space';
  readonly parts: readonly string[];
}

/** Lines first; then the directories of a search path; then the words of a long list such as `buildInputs`. */
export function splitValue(name: string, value: string): ValueParts {
  if (value.includes('\n')) return { joint: 'line', parts: value.split('\n') };
  if (isSearchPath(name, value)) return { joint: 'colon', parts: value.split(':') };
  const isList =
    value.length > 60 && /^\S+( +\S+)+ *$/.test(value.trim()) && /(^| )(-|\/)/.test(value);
  if (isList) return { joint: 'space', parts: value.trim().split(/ +/) };
  return { joint: 'line', parts: [value] };
}

function isSearchPath(name: string, value: string): boolean {
  const parts = value.split(':');
  if (parts.length < 2) return false;
  return (
    /(PATH|DIRS)(_|$)/.test(name) || parts.every((part) => part === '' || part.startsWith('/'))
  );
}

/** The parts of a change, in order. */
export function valueSteps(change: ValueChange): readonly SequenceStep[] {
  const old = change.kind === 'added' ? null : splitValue(change.name, change.old);
  const now = change.kind === 'removed' ? null : splitValue(change.name, change.now);
  return diffSequences(old?.parts ?? [], now?.parts ?? []);
}
