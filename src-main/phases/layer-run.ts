/** One process run in a layer of its own: listened to, timed, and held at its failure where a person wants that. */
import { mkdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { cancelled } from '../host/process.ts';
import { StrataError } from '../protocol/errors.ts';
import { makeBuildDirectories } from '../sandbox/base.ts';
import type { SandboxProcess } from '../sandbox/command.ts';
import type { Mount, Snapshotter } from '../snapshots/snapshotter.ts';
import type { ControlDirectory, HookMode } from './control.ts';
import { withoutDisplayLines } from './display-lines.ts';
import type { LogDigest } from './log-digest.ts';
import { PhaseLog } from './phase-log.ts';
import { parsePhaseReport, type PhaseReport } from './phase-report.ts';
import type { Preparation } from './preparation.ts';
import { restoreScript } from './restore-script.ts';
import { SandboxSession, sandboxFailed } from './sandbox-process.ts';
import { parseShellState, type ShellState } from './shell-state.ts';
import {
  isTraced,
  keepLdTrace,
  ldTraceScript,
  ldTraced,
  tracerCommand,
  untraceEnvironmentDump,
  untracedState,
  type Tracing,
} from './tracing.ts';

/** A failed phase whose sandbox is kept alive. */
export interface HeldPhase {
  readonly phase: string;
  /** The builder's shell, as the host numbers it: what nsenter wants. */
  readonly pid: number;
}

export interface LayerContext {
  readonly snapshotter: Snapshotter;
  readonly preparation: Preparation;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onLine: (phase: string, line: string) => void;
  /** Told of the directory that holds a phase's log files (phase-log.ts), before anything is printed. */
  readonly onLogOpened?: (phase: string, directory: string) => void;
  /** Where failures are to be held: told of one, it says whether to go on as if the phase had succeeded. */
  readonly onHeld?: (held: HeldPhase) => Promise<'continue' | 'end'>;
  /** What is traced, and where to. */
  readonly traces?: { readonly tracing: Tracing; readonly directory: (phase: string) => string };
}

/** What one process in a layer came to, before it is committed. */
export interface LayerOutcome {
  readonly key: string;
  readonly exitCode: number;
  readonly report: PhaseReport | null;
  /** As the hook dumped it; null where it could not. */
  readonly stateBytes: Uint8Array | null;
  /** The state with the local variables of the functions that failed; null where none did. */
  readonly failureBytes: Uint8Array | null;
  readonly digest: LogDigest;
  /** What it took, without the time it was held. */
  readonly ms: number;
  /** How long it was held at its failure. */
  readonly heldMs: number;
  /** Whether a person let the phase pass for a success. */
  readonly pardoned: boolean;
}

interface LayerJob {
  readonly key: string;
  readonly parent: string | null;
  readonly phase: string;
  readonly mode: HookMode;
  readonly process: SandboxProcess;
  /** The state to restore; null for the builder itself. */
  readonly state: ShellState | null;
}

/** How often a hook is looked at for whether it waits (milliseconds). */
const HOLD_POLL = 100;

/**
 * Runs a process in a new layer above `parent`. The layer stays active under the outcome's key: commit or remove it.
 *
 * @throws StrataError `cancelled`, `environment` where the sandbox cannot be entered or the log not be written; the layer
 *   is gone then.
 */
export async function runInLayer(context: LayerContext, job: LayerJob): Promise<LayerOutcome> {
  const { snapshotter, preparation, signal } = context;
  if (signal.aborted) throw cancelled(`running ${job.phase}`);
  // Before the base is looked for: a collection leaves the bases alone while anything is active.
  const active = await snapshotter.prepare(job.key, job.parent);
  const logs: PhaseLog[] = [];
  try {
    const setting = await preparation.sandbox();
    if (job.parent === null)
      makeBuildDirectories(writtenTree(active.mount), setting.storeDirectory);
    const session = SandboxSession.open(active, setting, job.mode);
    const traced = layTraces(context, job, session);
    if (job.state !== null) {
      session.control.write(
        'restore.bash',
        Buffer.concat([restoreScript(job.state), traced.script]),
      );
    }
    if (context.onHeld !== undefined) await session.control.offerToHold();
    const lines = new LinesOnceBegun(session, (line) => context.onLine(job.phase, line));
    const opened = new PhaseLog(active.directory, lines.take);
    logs.push(opened);
    context.onLogOpened?.(job.phase, active.directory);
    let output = '';
    const started = performance.now();
    const watch = new AbortController();
    let holding = Promise.resolve();
    // The build can write the file that says so itself: what counts is what the person was asked and said.
    const pardon = { given: false, ms: 0 };
    const end = await session
      .run(traced.process, {
        signal,
        ...(traced.within === null ? {} : { within: traced.within }),
        onOutput: (chunk) => {
          if (output.length < 4096) output += chunk.toString('utf8');
          opened.write(chunk, context.now());
        },
        onStart: () => {
          if (context.onHeld === undefined) return;
          holding = hold(context, session, job.phase, watch.signal).then((answer) => {
            pardon.given = answer?.answer === 'continue';
            pardon.ms = answer?.ms ?? 0;
          });
          // A failure of whoever was asked is told below; nobody waits for it before.
          holding.catch(() => session.control.answer('end'));
        },
      })
      .finally(() => watch.abort());
    const ms = performance.now() - started;
    await Promise.race([holding, Promise.resolve()]);
    const digest = opened.close();
    logs.length = 0;
    const reportBytes = session.control.read('report');
    const report = reportBytes === null ? null : parsePhaseReport(reportBytes);
    if (report === null && neverBegan(session, output)) throw sandboxFailed(output, job.process);
    lines.tell();
    const stateOf = (name: string): Buffer | null => {
      const bytes = wholeState(session.control.read(name));
      return traced.ld ? untracedState(bytes, job.state) : bytes;
    };
    const stateBytes = stateOf('state');
    // No report at all: the shell was replaced by another program. A report cut short: it could not be written.
    const cutShort = reportBytes !== null && (report === null || stateBytes === null);
    if (end.exitCode === 0 && cutShort) throw stateLost(job.phase);
    const outcome = {
      key: job.key,
      exitCode: end.exitCode,
      report,
      stateBytes,
      failureBytes: stateOf('state-at-failure'),
      digest,
      ms: Math.round(ms - pardon.ms),
      heldMs: Math.round(pardon.ms),
      pardoned: pardon.given && session.control.read('answer')?.toString() === 'continue',
    };
    if (traced.ld) {
      keepLdTrace(session.control, traced.directory);
      untraceEnvironmentDump(writtenTree(active.mount));
    }
    await session.close();
    return outcome;
  } catch (error) {
    for (const log of logs) log.close();
    // What cannot be removed now, the next start sweeps; the error to tell is the first one.
    await snapshotter.remove(job.key).catch(() => undefined);
    throw error;
  }
}

interface LaidTraces {
  readonly ld: boolean;
  readonly directory: string;
  readonly process: SandboxProcess;
  /** What comes after the script that restores the state. */
  readonly script: Buffer;
  readonly within: ((command: readonly string[]) => readonly string[]) | null;
}

/** Prepares what is to be traced of a process. */
function layTraces(
  { traces }: LayerContext,
  { phase, state, process }: LayerJob,
  { control }: SandboxSession,
): LaidTraces {
  const directory = traces?.directory(phase) ?? '';
  const plain = { ld: false, directory, process, script: Buffer.alloc(0), within: null };
  if (traces === undefined) return plain;
  const { tracing } = traces;
  const ld = isTraced(tracing, 'ld', phase);
  const syscalls = isTraced(tracing, 'syscalls', phase);
  if (syscalls) mkdirSync(directory, { recursive: true });
  return {
    ...plain,
    ld,
    ...(ld && state !== null ? { script: ldTraceScript(tracing, control) } : {}),
    ...(ld && state === null ? { process: ldTraced(process, tracing, control) } : {}),
    ...(syscalls
      ? { within: (command) => tracerCommand(tracing.tracer ?? 'strace', command, directory) }
      : {}),
  };
}

/** The directory that takes the writes. */
function writtenTree(mount: Mount): string {
  if (mount.kind === 'bind') return mount.source;
  if (mount.upper === null) throw new TypeError('a view takes no writes');
  return mount.upper.directory;
}

/** Null for a state that was cut off, by a full disk or the end of the shell. */
export function wholeState(bytes: Buffer | null): Buffer | null {
  return bytes?.subarray(-END_OF_STATE.length).equals(END_OF_STATE) === true ? bytes : null;
}

const END_OF_STATE = Buffer.from('\0end\0');

function stateLost(phase: string): StrataError {
  return new StrataError({
    code: 'environment',
    operation: `running ${phase}`,
    reason: 'the phase succeeded, but the state of its shell could not be written',
    advice:
      'free some space, if the disk is full: strata gc --max-size SIZE removes snapshots nothing needs',
  });
}

/** Whether what ended was not the builder but what should have started it. */
function neverBegan(session: SandboxSession, output: string): boolean {
  return session.childPid() === null || output.startsWith(NOT_STARTED);
}

/** What bubblewrap says from within where it cannot start the builder. */
const NOT_STARTED = 'bwrap: execvp ';

/**
 * The lines of a log, held back until it is certain that the builder has begun: what the programs before it say is the
 * reason of an error, and not to be told twice.
 */
class LinesOnceBegun {
  readonly #session: SandboxSession;
  readonly #tell: (line: string) => void;
  #held: string[] | null = [];

  constructor(session: SandboxSession, tell: (line: string) => void) {
    this.#session = session;
    this.#tell = tell;
  }

  readonly take = (line: string): void => {
    if (
      this.#held !== null &&
      (line.startsWith(NOT_STARTED) || this.#session.childPid() === null)
    ) {
      this.#held.push(line);
      return;
    }
    this.tell();
    this.#tell(line);
  };

  /** Tells what is held back. */
  tell(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const line of held) this.#tell(line);
  }
}

/** The state at the failure, for a shell that joins; where none can be read, it joins without. */
function writeHeldState(control: ControlDirectory): void {
  const bytes = wholeState(control.read('state-at-failure')) ?? wholeState(control.read('state'));
  control.writeHeldState(
    bytes === null ? Buffer.alloc(0) : restoreScript(withoutDisplayLines(parseShellState(bytes))),
  );
}

async function hold(
  context: LayerContext,
  session: SandboxSession,
  phase: string,
  ended: AbortSignal,
): Promise<{ readonly answer: 'continue' | 'end'; readonly ms: number } | null> {
  while (!ended.aborted) {
    if (session.control.isHeld()) {
      writeHeldState(session.control);
      const pid = session.childPid();
      const began = performance.now();
      const answer = pid === null ? 'end' : ((await context.onHeld?.({ phase, pid })) ?? 'end');
      session.control.answer(answer);
      return { answer, ms: performance.now() - began };
    }
    await new Promise((resolve) => setTimeout(resolve, HOLD_POLL));
  }
  return null;
}
