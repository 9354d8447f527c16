/** One process in a sandbox on an active snapshot: started, listened to, stopped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostToolPaths } from '../host/host-tools.ts';
import { cancelled, engineMark, killGroup, wasAborted } from '../host/process.ts';
import { PseudoTerminal } from '../host/pseudo-terminal.ts';
import { missingTool } from '../host/requirements.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { CONTROL_DIRECTORY } from '../sandbox/base.ts';
import {
  STATUS_FILE,
  enterCommand,
  type Personality,
  type SandboxProcess,
} from '../sandbox/command.ts';
import { layBase, liftBase } from '../sandbox/laid-base.ts';
import type { Policy } from '../sandbox/policy.ts';
import { killProcessesOf } from '../snapshots/stray-processes.ts';
import { deleteSmallTree } from '../snapshots/tree-removal.ts';
import type { ActiveSnapshot } from '../snapshots/snapshotter.ts';
import { ControlDirectory, type HookMode } from './control.ts';
import type { Materials } from './materials.ts';

/** What all sandboxes of a derivation have in common. */
export interface SandboxSetting {
  readonly materials: Materials;
  readonly policy: Policy;
  readonly storeDirectory: string;
  readonly personality: Personality;
  readonly devices: readonly string[];
}

export interface SandboxEnd {
  /** The builder's exit status; 128 + the signal's number where one ended it. */
  readonly exitCode: number;
}

/** The working files of a sandbox, in the active snapshot's directory; they are gone when it is committed. */
const WORK_DIRECTORY = 'sandbox';

/** Killed processes are gone within milliseconds, unless there are very many of them or they wait for a disk. */
const PATIENCE_MS = 30_000;

interface ListenOptions {
  readonly onOutput: (chunk: Buffer) => void;
  readonly signal: AbortSignal;
  readonly onStart?: () => void;
  /** The command to start in place of the one that enters the sandbox, such as a tracer of it. */
  readonly within?: (command: readonly string[]) => readonly string[];
}

/** A prepared sandbox: its control directory can be filled before the process starts and read after it has ended. */
export class SandboxSession {
  readonly control: ControlDirectory;
  readonly #active: ActiveSnapshot;
  readonly #setting: SandboxSetting;
  readonly #work: string;

  private constructor(active: ActiveSnapshot, setting: SandboxSetting, mode: HookMode) {
    this.#active = active;
    this.#setting = setting;
    this.#work = join(active.directory, WORK_DIRECTORY);
    this.control = ControlDirectory.create(join(this.#work, 'control'), mode);
  }

  static open(active: ActiveSnapshot, setting: SandboxSetting, mode: HookMode): SandboxSession {
    mkdirSync(join(active.directory, WORK_DIRECTORY, 'root'), { recursive: true });
    return new SandboxSession(active, setting, mode);
  }

  /**
   * Runs a process to its end. Its standard output and error are one stream, as for Nix; standard input is /dev/null.
   *
   * @throws StrataError `cancelled` after the signal, `environment` where the sandbox itself could not be entered.
   */
  async run(process: SandboxProcess, options: ListenOptions): Promise<SandboxEnd> {
    const entering = this.#command(process, false);
    const command = options.within?.(entering) ?? entering;
    return this.#withBase(async () => this.#listen(command, options));
  }

  async #listen(
    command: readonly string[],
    { onOutput, signal, onStart }: ListenOptions,
  ): Promise<SandboxEnd> {
    if (signal.aborted) throw cancelled('running a phase');
    let child: ChildProcess | undefined;
    let failure: unknown = null;
    const stop = (): void => killGroup(child?.pid);
    const terminal = await PseudoTerminal.open((chunk) => {
      try {
        onOutput(chunk);
      } catch (error) {
        // The log cannot be written: the phase must not go on unrecorded.
        failure ??= error;
        stop();
      }
    });
    try {
      // It may have been aborted while the terminal was opened, and tells that only once.
      if (wasAborted(signal)) throw cancelled('running a phase');
      child = start(command, ['ignore', terminal.slave, terminal.slave]);
      terminal.handedOver();
      onStart?.();
      signal.addEventListener('abort', stop, { once: true });
      const end = await this.#toItsEnd(ended(child));
      await terminal.drained();
      if (failure !== null) throw failure as Error;
      if (wasAborted(signal)) throw cancelled('running a phase');
      return end;
    } finally {
      signal.removeEventListener('abort', stop);
      terminal.close();
    }
  }

  /** Runs a process on the caller's own terminal or pipes. */
  async runAttached(process: SandboxProcess, signal: AbortSignal): Promise<SandboxEnd> {
    const command = this.#command(process, true);
    return this.#withBase(async () => this.#toItsEnd(attach(command, signal)));
  }

  /**
   * Waits until no process of the sandbox is left: what the engine started can end before what it brought about, and a
   * layer that is still written to can be neither committed nor removed.
   *
   * Where it was stopped, and not by its own end, what it brought about may not have come so far as to end with it:
   * bubblewrap's child waits for ever for a parent that was killed before it had told it to go on (0.8, `child_wait_fd`).
   */
  async #toItsEnd(process: Promise<SandboxEnd>): Promise<SandboxEnd> {
    let orderly = false;
    try {
      const end = await process;
      orderly = end.exitCode < 128;
      return end;
    } finally {
      if (!orderly) await killProcessesOf(this.#active.directory);
      await this.#untilGone();
    }
  }

  async #untilGone(): Promise<void> {
    const pid = this.childPid();
    if (pid === null) return;
    const patience = Date.now() + PATIENCE_MS;
    while (isAlive(pid) && Date.now() < patience) await sleep(1);
  }

  /** Runs a process that the caller starts, such as on a pseudo-terminal: a command to spawn, and its environment. */
  async runBy(
    process: SandboxProcess,
    begin: (
      command: readonly string[],
      env: Readonly<Record<string, string>>,
    ) => Promise<SandboxEnd>,
  ): Promise<SandboxEnd> {
    const command = this.#command(process, true);
    return this.#withBase(async () => this.#toItsEnd(begin(command, startEnvironment())));
  }

  /**
   * The number of the first process of the sandbox, as the host counts; null where bubblewrap has not come so far, or
   * could not.
   */
  childPid(): number | null {
    try {
      const pid = /"child-pid": (\d+)/.exec(readFileSync(this.#statusFile, 'utf8'))?.[1];
      return pid === undefined ? null : Number(pid);
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') return null;
      throw error;
    }
  }

  get #statusFile(): string {
    return join(this.#work, STATUS_FILE);
  }

  /** Takes the working files away; the snapshot can be committed then. */
  async close(): Promise<void> {
    await deleteSmallTree(this.#work);
  }

  /** A snapshot that is a plain directory cannot have the base below it: it is laid in, and lifted out afterwards. */
  async #withBase<Result>(work: () => Promise<Result>): Promise<Result> {
    const { mount } = this.#active;
    if (mount.kind === 'overlay') return work();
    const laid = layBase(this.#setting.materials.base, mount.source);
    try {
      return await work();
    } finally {
      liftBase(laid);
    }
  }

  #command(process: SandboxProcess, interactive: boolean): readonly string[] {
    const { materials, policy, storeDirectory, personality, devices } = this.#setting;
    const { argv, files } = enterCommand(
      {
        mount: this.#active.mount,
        base: materials.base,
        root: join(this.#work, 'root'),
        binds: materials.binds,
        control: this.control.path,
        network: materials.network,
        host: policy.kind === 'off' ? { storeDirectory } : null,
        storeDirectory,
        personality,
        interactive,
        devices,
      },
      process,
      this.#work,
    );
    for (const [name, contents] of files) writeFileSync(join(this.#work, name), contents);
    return argv;
  }
}

/** The hooks inside a sandbox, as the builder sees them. */
export const HOOK = `${CONTROL_DIRECTORY}/hook.bash`;
export const PHASE_SCRIPT = `${CONTROL_DIRECTORY}/phase.bash`;
export const SHELL_SCRIPT = `${CONTROL_DIRECTORY}/shell.bash`;
/** What a person wants run instead of an interactive shell. */
export const COMMAND_SCRIPT = `${CONTROL_DIRECTORY}/command.bash`;

function start(
  command: readonly string[],
  stdio: 'inherit' | ['ignore', number, number],
): ChildProcess {
  const [program = '', ...args] = command;
  return spawn(program, args, {
    stdio,
    // A build gets no signals of the terminal: the engine ends it as a whole. A shell needs the terminal.
    detached: stdio !== 'inherit',
    env: startEnvironment(),
  });
}

/** The engine's own, without the caller's BASH_ENV: the shell that makes the mounts would read it. */
function startEnvironment(): Readonly<Record<string, string>> {
  // Left out, not undefined: node-pty would pass on the text "undefined" (1.2.0-beta.15, `_parseEnv`).
  const own = Object.entries({ ...process.env, ...engineMark() }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== 'BASH_ENV',
  );
  return Object.fromEntries(own);
}

async function attach(command: readonly string[], signal: AbortSignal): Promise<SandboxEnd> {
  const child = start(command, 'inherit');
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await ended(child);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function ended(child: ChildProcess): Promise<SandboxEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      const missing = isSystemError(error) && error.code === 'ENOENT';
      reject(missing ? missingTool('unshare', 'entering a sandbox', error) : error);
    });
    child.once('exit', (code: number | null, signal: NodeJS.Signals | null) => {
      resolve({ exitCode: code ?? 128 + signalNumber(signal) });
    });
  });
}

/** What Linux refuses (execve(2), "Limits on size of arguments and environment"), for Nix as for us. */
function tooLong(env: ReadonlyMap<string, string>): string {
  const sizes = Array.from(env, ([name, value]): readonly [string, number] => [
    name,
    Buffer.byteLength(`${name}=${value}`),
  ]).toSorted(([, a], [, b]) => b - a);
  const total = sizes.reduce((sum, [, size]) => sum + size + 1, 0);
  const named = sizes.slice(0, 3).map(([name, size]) => `${name} with ${size} bytes`);
  return [
    `Linux starts no program with a variable of more than 131071 bytes, or with more than some 2 MB of them; nix-build cannot either.`,
    `Here they are ${total} bytes together, the largest ${named.join(', ')}.`,
    'Pass large values as files: passAsFile = [ "NAME" ], or __structuredAttrs = true',
  ].join('\n');
}

/** Whether there is a process of this number that is no zombie. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The third field, after the name in parentheses (proc(5)).
    return !/[ZX]/.test(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === 'SIGKILL' ? 9 : signal === 'SIGTERM' ? 15 : signal === 'SIGINT' ? 2 : 1;
}

/** The error for a sandbox in which a process did not even begin; `output` is what the tools said. */
export function sandboxFailed(output: string, process: SandboxProcess): StrataError {
  const said = output.trim();
  return new StrataError({
    code: 'environment',
    operation: 'entering the sandbox',
    reason: said === '' ? 'the builder could not be started' : (said.split('\n').at(-1) ?? said),
    advice: adviceFor(said, process),
    output: said,
  });
}

/** The kernel says so of a program that is not there, and of one whose loader is not. */
function notInside(program: string): string {
  const said = `${program}, or the loader it needs, is not in the sandbox.`;
  if (!existsSync(program))
    return `${said} This machine has none either: it must come from an input of the derivation`;
  const paths = hostToolPaths();
  return [
    `${said} It is a program of this host. Show it all that such programs need:`,
    `  in /etc/nix/nix.conf, as nix-build wants it too: sandbox-paths = ${paths.join(' ')}`,
    `  or for this run: ${paths.map((path) => `--bind ${path}`).join(' ')}`,
    '  or for this run, the whole host: --sandbox off',
  ].join('\n');
}

function adviceFor(output: string, { env }: SandboxProcess): string {
  if (output.includes('Argument list too long')) return tooLong(env);
  if (output.includes('Exceeded maximum number of arguments')) {
    return `the builder is given ${env.size} variables, and bubblewrap takes no more than some 2900. Nix would: build it with nix-build, or set __structuredAttrs = true`;
  }
  const program = /bwrap: execvp (\S+): No such file or directory/.exec(output)?.[1];
  if (program !== undefined) return notInside(program);
  return 'see what this machine offers: strata doctor';
}
