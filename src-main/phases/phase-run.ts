/** One phase, run in its own layer and committed: with its files, its state, its log and what is known of its failure. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { cancelled } from '../host/process.ts';
import type { Mount, Snapshotter } from '../snapshots/snapshotter.ts';
import { isBash } from './builder-script.ts';
import { contentsAfter } from './contents.ts';
import type { Position } from './decide.ts';
import type { LogDigest } from './log-digest.ts';
import { PhaseLog } from './phase-log.ts';
import {
  PHASE_RECORD_FILE,
  phaseRecordText,
  type PhaseFailure,
  type PhaseRecord,
} from './phase-record.ts';
import { parsePhaseReport, type PhaseReport, type PhaseStyle } from './phase-report.ts';
import {
  FAILURE_STATE_FILE,
  GIVEN_FILE,
  INGREDIENTS_FILE,
  STATE_FILE,
  type IngredientsByMode,
} from './phase-store.ts';
import { environmentBesideShell, type Preparation } from './preparation.ts';
import { restoreScript } from './restore-script.ts';
import { HOOK, PHASE_SCRIPT, SandboxSession, sandboxFailed } from './sandbox-process.ts';
import { makeBuildDirectories } from '../sandbox/base.ts';
import type { SandboxProcess } from '../sandbox/command.ts';
import type { HookMode } from './control.ts';
import type { ShellState } from './shell-state.ts';
import { parseShellState } from './shell-state.ts';

/** A failed phase whose sandbox is kept alive. */
export interface HeldPhase {
  readonly phase: string;
  /** The builder's shell, as the host numbers it: what nsenter wants. */
  readonly pid: number;
}

export interface PhaseRunContext {
  readonly snapshotter: Snapshotter;
  readonly preparation: Preparation;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onLine: (phase: string, line: string) => void;
  /** Where failures are to be held: told of one, it says whether to go on as if the phase had succeeded. */
  readonly onHeld?: (held: HeldPhase) => Promise<'continue' | 'end'>;
}

/** What one process in a layer came to, before it is committed. */
export interface PhaseOutcome {
  readonly key: string;
  readonly exitCode: number;
  readonly report: PhaseReport | null;
  /** As the hook dumped it; null where it could not. */
  readonly stateBytes: Uint8Array | null;
  /** The state with the local variables of the functions that failed; null where none did. */
  readonly failureBytes: Uint8Array | null;
  readonly digest: LogDigest;
  readonly ms: number;
  /** Whether a person let the phase pass for a success. */
  readonly pardoned: boolean;
}

/** How often a hook is looked at for whether it waits (milliseconds). */
const HOLD_POLL = 100;

/** The process that runs the builder itself, with the hook in its shell where it has one. */
export function builderProcess({ environment }: Preparation): SandboxProcess {
  const env = new Map(environment.env);
  if (isBash(environment.builder)) env.set('BASH_ENV', HOOK);
  return { argv: [environment.builder, ...environment.args], env, directory: '/build' };
}

/** The process that runs one phase from a state. */
export function phaseProcess(
  preparation: Preparation,
  state: ShellState,
  style: PhaseStyle,
  phase: string,
  position: 'more' | 'last',
): SandboxProcess {
  return {
    argv: [state.bash, PHASE_SCRIPT, style, phase, position, ...state.args],
    env: environmentBesideShell(preparation),
    directory: '/build',
  };
}

/**
 * Runs a process in a new layer above `parent`. The layer stays active under the outcome's key: commit or remove it.
 *
 * @throws StrataError `cancelled`, `environment` where the sandbox cannot be entered or the log not be written; the layer
 *   is gone then.
 */
export async function runInLayer(
  context: PhaseRunContext,
  job: {
    readonly key: string;
    readonly parent: string | null;
    readonly phase: string;
    readonly mode: HookMode;
    readonly process: SandboxProcess;
    /** The state to restore; null for the builder itself. */
    readonly state: ShellState | null;
  },
): Promise<PhaseOutcome> {
  const { snapshotter, preparation, signal } = context;
  if (signal.aborted) throw cancelled(`running ${job.phase}`);
  const setting = await preparation.sandbox();
  const active = await snapshotter.prepare(job.key, job.parent);
  try {
    if (job.parent === null)
      makeBuildDirectories(writtenTree(active.mount), setting.storeDirectory);
    const session = await SandboxSession.open(active, setting, job.mode);
    if (job.state !== null) session.control.write('restore.bash', restoreScript(job.state));
    if (context.onHeld !== undefined) await session.control.offerToHold();
    mkdirSync(active.directory, { recursive: true });
    const log = new PhaseLog(active.directory, (line) => context.onLine(job.phase, line));
    let output = '';
    const started = performance.now();
    const watch = new AbortController();
    const end = await session
      .run(job.process, {
        signal,
        onOutput: (chunk) => {
          if (output.length < 4096) output += chunk.toString('utf8');
          log.write(chunk, context.now());
        },
        onStart: () => {
          if (context.onHeld !== undefined) void hold(context, session, job.phase, watch.signal);
        },
      })
      .finally(() => watch.abort());
    const ms = performance.now() - started;
    const digest = log.close();
    const reportBytes = session.control.read('report');
    const report = reportBytes === null ? null : parsePhaseReport(reportBytes);
    if (report === null && neverBegan(session, output)) throw sandboxFailed(output);
    const outcome = {
      key: job.key,
      exitCode: end.exitCode,
      report,
      stateBytes: session.control.read('state'),
      failureBytes: session.control.read('state-at-failure'),
      digest,
      ms: Math.round(ms),
      pardoned: session.control.read('answer')?.toString() === 'continue',
    };
    await session.close();
    return outcome;
  } catch (error) {
    await snapshotter.remove(job.key);
    throw error;
  }
}

/** The directory that takes the writes. */
function writtenTree(mount: Mount): string {
  if (mount.kind === 'bind') return mount.source;
  if (mount.upper === null) throw new TypeError('a view takes no writes');
  return mount.upper.directory;
}

/** Whether what ended was not the builder but what should have started it. */
function neverBegan(session: SandboxSession, output: string): boolean {
  return session.childPid() === null || /^bwrap: execvp /.test(output);
}

async function hold(
  context: PhaseRunContext,
  session: SandboxSession,
  phase: string,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    if (session.control.isHeld()) {
      const pid = session.childPid();
      const answer = pid === null ? 'end' : ((await context.onHeld?.({ phase, pid })) ?? 'end');
      session.control.answer(answer);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, HOLD_POLL));
  }
}

/** What is to be known of a snapshot when it is committed. */
export interface CommitDetails {
  readonly id: string;
  readonly run: string;
  readonly phase: string;
  readonly status: 'succeeded' | 'failed' | 'kept';
  readonly name: string | null;
  readonly parent: string | null;
  readonly initial: string | null;
  readonly style: PhaseStyle;
  readonly phases: readonly string[];
  readonly policyText: string;
  readonly endedBuild: boolean;
  readonly stateBytes: Uint8Array | null;
  readonly failureBytes: Uint8Array | null;
  readonly ingredients: IngredientsByMode | null;
  /** For a setup: what the derivation gave to it. */
  readonly given: Readonly<Record<string, string>> | null;
}

export interface Uncommitted {
  readonly contents: string;
  readonly changes: Awaited<ReturnType<Snapshotter['changes']>>;
}

/** Looks at what a finished process left in its layer. */
export async function inspectLayer(
  snapshotter: Snapshotter,
  key: string,
  from: Position,
): Promise<Uncommitted> {
  const changes = await snapshotter.changes(key);
  return { changes, contents: contentsAfter(from.contents, changes) };
}

/** Commits a layer with its record. */
export async function commitLayer(
  context: Pick<PhaseRunContext, 'snapshotter' | 'preparation' | 'now'>,
  outcome: Pick<PhaseOutcome, 'key' | 'exitCode' | 'digest' | 'report' | 'ms'>,
  layer: Uncommitted,
  details: CommitDetails,
): Promise<PhaseRecord> {
  const { snapshotter, preparation, now } = context;
  const { directory } = await snapshotter.stat(outcome.key);
  const { bytes } = await snapshotter.usage(outcome.key);
  if (details.stateBytes !== null) writeFileSync(join(directory, STATE_FILE), details.stateBytes);
  if (details.failureBytes !== null) {
    writeFileSync(join(directory, FAILURE_STATE_FILE), details.failureBytes);
  }
  if (details.ingredients !== null) {
    writeFileSync(join(directory, INGREDIENTS_FILE), JSON.stringify(details.ingredients));
  }
  if (details.given !== null) {
    writeFileSync(join(directory, GIVEN_FILE), JSON.stringify(details.given));
  }
  const record: Omit<PhaseRecord, 'schema'> = {
    id: details.id,
    run: details.run,
    derivation: preparation.request.derivationPath,
    lineage: preparation.lineage,
    phase: details.phase,
    status: details.status,
    name: details.name,
    parent: details.parent,
    initial: details.initial,
    contents: layer.contents,
    policy: details.policyText,
    style: details.style,
    phases: [...details.phases],
    hasState: details.stateBytes !== null,
    endedBuild: details.endedBuild,
    exitCode: outcome.exitCode,
    ms: outcome.ms,
    bytes,
    createdAt: new Date(now()).toISOString(),
    failure: details.status === 'failed' ? describeFailure(outcome) : null,
  };
  writeFileSync(join(directory, PHASE_RECORD_FILE), phaseRecordText(record));
  await snapshotter.commit(details.id, outcome.key, layer.changes);
  return { schema: 1, ...record };
}

function describeFailure({
  report,
  digest,
}: Pick<PhaseOutcome, 'report' | 'digest'>): PhaseFailure {
  const ended = report?.kind === 'ended' ? report : null;
  return {
    command: ended?.command ?? null,
    functions: [...(ended?.functions ?? [])],
    line: digest.error ?? digest.tail.findLast(({ text }) => text.trim() !== '') ?? null,
    tail: [...digest.tail],
  };
}

/** The state a phase ended with; the state it began with where the shell could not tell. */
export function stateAfter(outcome: PhaseOutcome, before: ShellState): ShellState {
  return outcome.stateBytes === null ? before : parseShellState(outcome.stateBytes);
}
