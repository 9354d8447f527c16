/**
 * What a person's shell works in: a layer of its own above a snapshot, with the state to open. The layer stays until it is
 * kept or discarded, whatever becomes of the shell.
 */
import { quoteForShell } from '../host/shell-word.ts';
import { canonicalVariable } from '../phases/declarations.ts';
import { withoutDisplayLines } from '../phases/display-lines.ts';
import { commitLayer, inspectLayer } from '../phases/layer-commit.ts';
import { wholeState } from '../phases/layer-run.ts';
import { EMPTY_DIGEST } from '../phases/log-digest.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import { PhaseStore } from '../phases/phase-store.ts';
import type { Preparation } from '../phases/preparation.ts';
import { restoreScript } from '../phases/restore-script.ts';
import { SandboxSession } from '../phases/sandbox-process.ts';
import {
  parseShellState,
  shellStateBytes,
  type ShellFunction,
  type ShellState,
} from '../phases/shell-state.ts';
import type { SandboxProcess } from '../sandbox/command.ts';
import type { ActiveSnapshot } from '../snapshots/snapshotter.ts';
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
  readonly greeting: string;
  readonly prompt: string;
}

export class ShellLayer {
  readonly session: SandboxSession;
  readonly active: ActiveSnapshot;
  readonly #store: PhaseStore;
  readonly #request: ShellRequest;
  readonly #id: string;
  readonly #opened: ShellState;
  readonly #began = Date.now();
  #left: Buffer | null = null;

  private constructor(
    store: PhaseStore,
    request: ShellRequest,
    id: string,
    active: ActiveSnapshot,
    session: SandboxSession,
  ) {
    this.#store = store;
    this.#request = request;
    this.#id = id;
    this.active = active;
    this.session = session;
    this.#opened = withoutDisplayLines(withLocals(request.state, request.failure));
  }

  /** Makes the layer and writes what the shell reads when it starts. */
  static async open(store: PhaseStore, request: ShellRequest): Promise<ShellLayer> {
    const { record, state, preparation, command } = request;
    const id = PhaseStore.newId();
    // Before the base is looked for: a collection leaves the bases alone while anything is active.
    const active = await store.snapshotter.prepare(`shell-${id}`, record.id);
    try {
      const setting = await preparation.sandbox();
      const session = SandboxSession.open(active, setting, 'shell');
      const layer = new ShellLayer(store, request, id, active, session);
      session.control.write('restore.bash', restoreScript(layer.#opened));
      session.control.write(
        'arguments.bash',
        `set -- ${state.args.map(quoteForShell).join(' ')}\n`,
      );
      if (command.length === 0) {
        session.control.write('greeting', request.greeting);
        session.control.write('prompt', request.prompt);
      } else {
        session.control.write('command.bash', commandScript(command));
      }
      return layer;
    } catch (error) {
      await store.snapshotter.remove(active.key);
      throw error;
    }
  }

  get process(): SandboxProcess {
    const { preparation, state, command } = this.#request;
    return shellProcess(preparation, state, command);
  }

  /** To be called when the shell has ended: reads the state that it left, and takes the working files away. */
  async leave(): Promise<void> {
    this.#left = wholeState(this.session.control.read('state'));
    await this.session.close();
  }

  /** Commits what the shell left under a name. */
  async keep(name: string, exitCode: number): Promise<PhaseRecord> {
    const { record, state, preparation, run, initial } = this.#request;
    const { snapshotter } = this.#store;
    const { key } = this.active;
    const from = { snapshot: record.id, contents: record.contents, state };
    const layer = await inspectLayer(snapshotter, key, from);
    const ms = Date.now() - this.#began;
    return commitLayer(
      { snapshotter, preparation, now: Date.now },
      { key, exitCode, digest: EMPTY_DIGEST, report: null, ms },
      layer,
      {
        id: this.#id,
        run,
        phase: record.phase,
        status: 'kept',
        name,
        parent: record.id,
        initial,
        style: record.style,
        phases: record.phases,
        policyText: record.policy,
        endedBuild: false,
        stateBytes: shellStateBytes(
          this.#left === null ? state : keptState(parseShellState(this.#left), this.#opened, state),
        ),
        beginningBytes: null,
        failureBytes: null,
        ingredients: null,
        given: null,
      },
    );
  }

  async discard(): Promise<void> {
    await this.#store.snapshotter.remove(this.active.key);
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
