/**
 * A person's shell in a snapshot: a layer of its own above it, thrown away at the end unless it is to be kept.
 */
import { quoteForShell } from '../host/shell-word.ts';
import { wholeState } from '../phases/layer-run.ts';
import { SandboxSession } from '../phases/sandbox-process.ts';
import { commitLayer, inspectLayer } from '../phases/layer-commit.ts';
import { withoutDisplayLines } from '../phases/display-lines.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import { PhaseStore } from '../phases/phase-store.ts';
import type { Preparation } from '../phases/preparation.ts';
import { restoreScript } from '../phases/restore-script.ts';
import {
  parseShellState,
  shellStateBytes,
  type ShellFunction,
  type ShellState,
} from '../phases/shell-state.ts';
import { EMPTY_DIGEST } from '../phases/log-digest.ts';
import { canonicalVariable } from '../phases/declarations.ts';
import { withLocals } from './failure-locals.ts';
import { commandScript, shellProcess } from './shell-process.ts';

export interface ShellRequest {
  readonly record: PhaseRecord;
  /** The run it belongs to. */
  readonly run: string;
  /** The snapshot with the state that run began with. */
  readonly initial: string;
  /** The state to open, of the run's derivation. */
  readonly state: ShellState;
  /** The state at the failure, local variables included; null where there is none. */
  readonly failure: ShellState | null;
  readonly preparation: Preparation;
  /** Empty for an interactive shell. */
  readonly command: readonly string[];
  /** The name to keep the result under; null to throw it away. */
  readonly keep: string | null;
  readonly greeting: string;
  readonly prompt: string;
  readonly signal: AbortSignal;
}

export interface ShellResult {
  readonly exitCode: number;
  readonly kept: PhaseRecord | null;
}

/** Opens a shell on the caller's terminal, or runs one command, and waits for its end. */
export async function runShell(store: PhaseStore, request: ShellRequest): Promise<ShellResult> {
  const { record, state, preparation, command } = request;
  const { snapshotter } = store;
  const id = PhaseStore.newId();
  const key = `shell-${id}`;
  // Before the base is looked for: a collection leaves the bases alone while anything is active.
  const active = await snapshotter.prepare(key, record.id);
  let done = false;
  try {
    const setting = await preparation.sandbox();
    const session = await SandboxSession.open(active, setting, 'shell');
    const opened = withoutDisplayLines(withLocals(state, request.failure));
    session.control.write('restore.bash', restoreScript(opened));
    session.control.write('arguments.bash', `set -- ${state.args.map(quoteForShell).join(' ')}\n`);
    if (command.length === 0) {
      session.control.write('greeting', request.greeting);
      session.control.write('prompt', request.prompt);
    } else {
      session.control.write('command.bash', commandScript(command));
    }
    const started = Date.now();
    const { exitCode } = await session.runAttached(
      shellProcess(preparation, state, command),
      request.signal,
    );
    const left = wholeState(session.control.read('state'));
    await session.close();
    // What was to be kept is kept also when the terminal was closed on it.
    if (request.keep === null) return { exitCode, kept: null };
    const from = { snapshot: record.id, contents: record.contents, state };
    const layer = await inspectLayer(snapshotter, key, from);
    const kept = await commitLayer(
      { snapshotter, preparation, now: Date.now },
      { key, exitCode, digest: EMPTY_DIGEST, report: null, ms: Date.now() - started },
      layer,
      {
        id,
        run: request.run,
        phase: record.phase,
        status: 'kept',
        name: request.keep,
        parent: record.id,
        initial: request.initial,
        style: record.style,
        phases: record.phases,
        policyText: record.policy,
        endedBuild: false,
        stateBytes: shellStateBytes(
          left === null ? state : keptState(parseShellState(left), opened, state),
        ),
        beginningBytes: null,
        failureBytes: null,
        ingredients: null,
        given: null,
      },
    );
    done = true;
    return { exitCode, kept };
  } finally {
    if (!done) await snapshotter.remove(key);
  }
}

/**
 * What a shell leaves: its variables, functions and directory. Options, traps and arguments are those of a build, not of a person;
 * what was only shown to the person, and left alone, is as before: local variables of the failed functions are not made
 * global, and functions are whole.
 */
function keptState(left: ShellState, opened: ShellState, before: ShellState): ShellState {
  const variables = new Map(left.variables);
  for (const [name, shown] of opened.variables) {
    const own = before.variables.get(name);
    if (shown === own || canonicalVariable(variables.get(name)) !== canonicalVariable(shown))
      continue;
    if (own === undefined) variables.delete(name);
    else variables.set(name, own);
  }
  const functions = new Map<string, ShellFunction>(left.functions);
  for (const [name, shown] of opened.functions) {
    const own = before.functions.get(name);
    if (own !== undefined && functions.get(name)?.text === shown.text) functions.set(name, own);
  }
  return {
    ...left,
    variables,
    functions,
    setOptions: before.setOptions,
    shellOptions: before.shellOptions,
    traps: before.traps,
    exitTrap: before.exitTrap,
    argv0: before.argv0,
    args: before.args,
  };
}
