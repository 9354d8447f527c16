/** From a reference to a shell in that state, under the derivation of the run it is looked at in. */
import { StrataError } from '../protocol/errors.ts';
import { parseDerivation } from '../nix/aterm.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import { prepareBuild, type BuildSurroundings } from '../phases/preparation.ts';
import { stateInRun } from '../phases/state-in-run.ts';
import { findSnapshot } from '../phases/snapshot-reference.ts';
import { runShell, type ShellResult } from '../shells/shell-session.ts';
import { greeting, prompt } from '../shells/greeting.ts';

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
  const { record, run } = await findSnapshot(store, reference);
  if (wish.keep !== null) await checkFree(store, wish.keep);
  if (run === null) {
    throw new StrataError({
      code: 'not-found',
      operation: `opening a shell in ${record.id}`,
      reason: `the run ${record.run} that made it is gone, and with it its derivation`,
      advice: 'build it again: strata run',
    });
  }
  const derivation = parseDerivation(await store.runDerivation(run.id), run.derivation);
  const preparation = await prepareBuild(
    {
      derivation,
      derivationPath: run.derivation,
      policy: run.policy,
      overrides: new Map(Object.entries(run.overrides)),
    },
    surroundings,
  );
  const initial = run.initial ?? record.initial ?? record.id;
  return runShell(store, {
    record,
    run: run.id,
    initial,
    state: await stateInRun(store, record, run),
    failure: await store.failureState(record.id),
    preparation,
    command: wish.command,
    keep: wish.keep,
    greeting: greeting(record, wish.keep),
    prompt: prompt(record),
    signal: wish.signal,
  });
}

async function checkFree(store: PhaseStore, name: string): Promise<void> {
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
