/** A person's shell on a terminal of its own. Its layer stays when the shell has ended, until somebody decides about it. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSystemError } from '../protocol/errors.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { SandboxEnd } from '../phases/sandbox-process.ts';
import type { Change } from '../snapshots/change.ts';
import type { PtyOutput } from './pty-output.ts';
import { loadPty, startOnTerminal, terminalExtent } from './pty.ts';
import type { Terminal, TerminalSize } from './pty.ts';
import { ShellLayer, type ShellRequest } from './shell-layer.ts';
import { isInSources, sourcePatch } from './source-patch.ts';

/** How long a shell may take to write down its state when it is asked to end (milliseconds). */
const PATIENCE = 3000;

export class PtyShell {
  readonly output: PtyOutput;
  /** Resolves when the shell has ended, however. */
  readonly ended: Promise<SandboxEnd>;
  readonly #store: PhaseStore;
  readonly #request: ShellRequest;
  readonly #layer: ShellLayer;
  #terminal: Terminal | null;

  private constructor(
    store: PhaseStore,
    request: ShellRequest,
    layer: ShellLayer,
    started: { terminal: Terminal; output: PtyOutput; ended: Promise<SandboxEnd> },
  ) {
    this.#store = store;
    this.#request = request;
    this.#layer = layer;
    this.#terminal = started.terminal;
    this.output = started.output;
    this.ended = started.ended.then(async (end) => {
      this.#terminal = null;
      await layer.leave();
      this.output.end();
      return end;
    });
    // Whoever waits for it hears of a failure; that nobody waits is none.
    this.ended.catch(() => this.output.end());
  }

  /** Opens a shell. @throws StrataError `environment` where there can be no terminal, and what entering a sandbox throws. */
  static async open(
    store: PhaseStore,
    request: ShellRequest,
    size: TerminalSize,
  ): Promise<PtyShell> {
    const layer = await ShellLayer.open(store, request);
    try {
      return new PtyShell(store, request, layer, await start(layer, size));
    } catch (error) {
      await layer.discard();
      throw error;
    }
  }

  /** Types. What comes after the shell's end is lost. */
  write(data: string): void {
    this.#terminal?.write(data);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#terminal?.resize(terminalExtent(columns), terminalExtent(rows));
  }

  /** What the shell has changed so far. */
  async changes(): Promise<readonly Change[]> {
    return this.#store.snapshotter.changes(this.#layer.active.key);
  }

  /** Whether a change is one that {@link patch} speaks of. */
  isInSources(path: string): boolean {
    return isInSources(this.#request.state, path);
  }

  /** Ends the shell and throws its changes away. */
  async discard(): Promise<void> {
    this.#terminal?.kill('SIGKILL');
    await this.ended.catch(() => undefined);
    await this.#layer.discard();
  }

  /** Ends the shell and commits its changes under a name. */
  async keep(name: string): Promise<PhaseRecord> {
    const { exitCode } = await this.#end();
    return this.#layer.keep(name, exitCode);
  }

  /**
   * Ends the shell and gives its changes below the source root as a unified diff; {@link discard} it then.
   *
   * @throws StrataError `usage` where nothing there has changed.
   */
  async patch(): Promise<string> {
    await this.#end();
    return sourcePatch({
      snapshotter: this.#store.snapshotter,
      parent: this.#request.record.id,
      state: this.#request.state,
      active: this.#layer.active,
      changes: await this.changes(),
    });
  }

  /** Lets the shell end as if its terminal were closed, so that it leaves its state. */
  async #end(): Promise<SandboxEnd> {
    if (this.#terminal === null) return this.ended;
    for (const pid of shellsOf(this.#layer.session.childPid())) hangUp(pid);
    const inTime = await Promise.race([this.ended.then(() => true), sleep(PATIENCE, false)]);
    if (!inTime) this.#terminal.kill('SIGKILL');
    return this.ended;
  }
}

async function start(
  layer: ShellLayer,
  size: TerminalSize,
): Promise<{ terminal: Terminal; output: PtyOutput; ended: Promise<SandboxEnd> }> {
  const pty = await loadPty();
  return new Promise((resolve, reject) => {
    const ended = layer.session.runBy(layer.process, (command, env) => {
      const { terminal, output, end } = startOnTerminal(pty, command, env, size);
      // `ended` is known once runBy has returned.
      queueMicrotask(() => resolve({ terminal, output, ended }));
      return end;
    });
    ended.catch(reject);
  });
}

/** The processes that bubblewrap's reaper started: the shell. */
function shellsOf(reaper: number | null): readonly number[] {
  if (reaper === null) return [];
  try {
    const children = readFileSync(`/proc/${reaper}/task/${reaper}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

function hangUp(pid: number): void {
  try {
    process.kill(pid, 'SIGHUP');
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}
