/** From a reference to a shell in that state, under the derivation of the run it is looked at in. */
import { StrataError } from '../protocol/errors.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { BuildSurroundings } from '../phases/preparation.ts';
import { stateInRun } from '../phases/state-in-run.ts';
import { findSnapshot } from '../phases/snapshot-reference.ts';
import { PtyShell } from '../shells/pty-shell.ts';
import type { TerminalSize } from '../shells/pty.ts';
import type { ShellRequest } from '../shells/shell-layer.ts';
import { runShell, type ShellResult } from '../shells/shell-session.ts';
import { greeting, prompt, type ChangesFate } from '../shells/greeting.ts';
import { prepareRecorded } from './recorded-build.ts';

export interface ShellWish {
  /** The name under which what the shell leaves is kept; null to throw it away. */
  readonly keep: string | null;
  /** A command with its arguments, or one text of shell code; empty for an interactive shell. */
  readonly command: readonly string[];
  readonly signal: AbortSignal;
}

/** Opens a shell and waits for its end. @throws StrataError `not-found`, `usage`, and what entering a sandbox throws. */
export async function openShell(
  store: PhaseStore,
  reference: string,
  wish: ShellWish,
  surroundings: BuildSurroundings,
): Promise<ShellResult> {
  if (wish.keep !== null) await checkFree(store, wish.keep);
  const { keep, command } = wish;
  const request = await shellRequest(
    store,
    reference,
    { fate: keep === null ? 'discarded' : { keptAs: keep }, command },
    surroundings,
  );
  return runShell(store, request, keep, wish.signal);
}

/** Opens an interactive shell on a terminal of its own. @throws as {@link openShell} does. */
export async function openPtyShell(
  store: PhaseStore,
  reference: string,
  size: TerminalSize,
  surroundings: BuildSurroundings,
): Promise<{ readonly shell: PtyShell; readonly record: PhaseRecord }> {
  const request = await shellRequest(
    store,
    reference,
    { fate: 'asked', command: [] },
    surroundings,
  );
  return { shell: await PtyShell.open(store, request, size), record: request.record };
}

async function shellRequest(
  store: PhaseStore,
  reference: string,
  { fate, command }: { readonly fate: ChangesFate; readonly command: readonly string[] },
  surroundings: BuildSurroundings,
): Promise<ShellRequest> {
  const { record, run } = await findSnapshot(store, reference);
  if (run === null) {
    throw new StrataError({
      code: 'not-found',
      operation: `opening a shell in ${record.id}`,
      reason: `the run ${record.run} that made it is gone, and with it its derivation`,
      advice: 'build it again: strata run',
    });
  }
  const preparation = await prepareRecorded(store, run, run.policy, surroundings);
  const state = await stateInRun(store, record, run);
  return {
    record,
    run: run.id,
    initial: run.initial ?? record.initial ?? record.id,
    state,
    failure: await store.failureState(record.id),
    preparation,
    command,
    greeting: greeting(record, state, fate),
    prompt: prompt(record),
  };
}

/** @throws StrataError `usage` where a snapshot cannot be called so. */
export async function checkFree(store: PhaseStore, name: string): Promise<void> {
  const problem = await nameProblem(store, name);
  if (problem === null) return;
  throw new StrataError({
    code: 'usage',
    operation: `keeping a shell's result as ${name}`,
    reason: problem,
    advice: 'choose another name: letters, digits, dots, hyphens and underscores',
  });
}

async function nameProblem(store: PhaseStore, name: string): Promise<string | null> {
  if (!/^[A-Za-z][\w.-]*$/.test(name) || name === 'last') return 'that is no name for a snapshot';
  const records: readonly PhaseRecord[] = await store.records();
  if (records.some((record) => record.name === name || record.id === name)) {
    return 'there is a snapshot of that name';
  }
  return records.some(({ phases }) => phases.includes(name)) ? 'a phase is called so' : null;
}
