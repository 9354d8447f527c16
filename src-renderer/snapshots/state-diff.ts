/** What a phase changed in the shell: its variables, its functions and its directory. */
import type { CallResult } from '../../src-main/protocol/methods.ts';
import { diffValues, type ValueChange } from '../../src-main/protocol/value-diff.ts';

export type ShellState = CallResult<'shellState'>;

export interface StateDiff {
  readonly directory: { readonly old: string | null; readonly now: string };
  readonly variables: readonly ValueChange[];
  readonly functions: readonly ValueChange[];
}

/** Without `old`, everything has been added. */
export function diffStates(old: ShellState | null, now: ShellState): StateDiff {
  return {
    directory: { old: old?.directory ?? null, now: now.directory },
    variables: diffValues(old?.variables ?? [], now.variables),
    functions: diffValues(old?.functions ?? [], now.functions),
  };
}
