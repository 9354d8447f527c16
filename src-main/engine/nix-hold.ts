/**
 * A build by Nix itself that is held where it fails: the target with a breakpoint added, its log, the process that waits at
 * the failure, and the ways into it. The build ends with the signal, whatever it waits for: nothing is left paused.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { runTool, wasAborted } from '../host/process.ts';
import { BreakpointReader, type Breakpoint } from '../nix/breakpoint-text.ts';
import { evaluateWithBreakpoint, type PausingDerivation } from '../nix/evaluate-breakpoint.ts';
import type { EvaluationOptions } from '../nix/evaluate.ts';
import type { Target } from '../nix/target.ts';
import { breakpointFile } from '../phases/hook-files.ts';
import { LineSplitter } from '../phases/log-lines.ts';
import { StrataError, assertNever, isSystemError } from '../protocol/errors.ts';
import {
  attachFacts,
  hindrance,
  waysFor,
  type AttachWay,
  type WayName,
} from '../shells/attach-ways.ts';
import { findPaused, type PausedProcess } from '../shells/paused-process.ts';

export interface NixHoldWish {
  readonly target: Target;
  readonly evaluation: Omit<EvaluationOptions, 'signal'>;
  /** The one way to enter by; null for the first that leads there. */
  readonly enterBy: WayName | null;
}

/** A build that has failed and waits. */
export interface PausedBuild {
  readonly name: string | null;
  readonly phase: string | null;
  readonly exitCode: number | null;
  /** Where it failed, as the sandbox names it; null where another user may not know. */
  readonly directory: string | null;
  readonly process: PausedProcess;
  /** In the order in which {@link openShell} tries them. */
  readonly ways: readonly AttachWay[];
  /** The words of the command that opens a shell on the terminal it is started in; null where no way leads there. */
  readonly openShell: readonly string[] | null;
  /** Why none does. */
  readonly hindrance: string | null;
}

export type PausedAnswer = 'end' | 'retry';

export interface NixHoldHooks {
  /** Told what is being done. */
  readonly onStep: (text: string) => void;
  /** Told each line that Nix and its builders print, without its newline. */
  readonly onLine: (line: string) => void;
  /** Asked at the failure. `over` fires where the build ends before there is an answer. */
  readonly onPaused: (paused: PausedBuild, over: AbortSignal) => Promise<PausedAnswer>;
  readonly signal: AbortSignal;
}

export type NixHoldEnd =
  /** Nothing failed. The outputs are not the target's own: the breakpoint makes it another derivation. */
  | { readonly kind: 'succeeded'; readonly outputs: readonly string[] }
  /** It failed without pausing, as where a dependency fails; or the paused build ended by itself. */
  | { readonly kind: 'failed'; readonly paused: PausedBuild | null; readonly exitCode: number }
  /** It paused, and a person ended it. */
  | { readonly kind: 'ended'; readonly paused: PausedBuild };

/**
 * Builds the target, and asks at its failure what is to become of it.
 *
 * @throws EvaluationError, StrataError `usage` for what cannot pause, `cancelled` by the signal.
 */
export async function nixHold(wish: NixHoldWish, hooks: NixHoldHooks): Promise<NixHoldEnd> {
  for (;;) {
    const end = await attempt(wish, hooks);
    if (end !== 'retry') return end;
    hooks.onStep('the paused build has ended; trying again');
  }
}

async function attempt(
  { target, evaluation, enterBy }: NixHoldWish,
  hooks: NixHoldHooks,
): Promise<NixHoldEnd | 'retry'> {
  const { signal } = hooks;
  hooks.onStep('evaluating');
  const pausing = await evaluateWithBreakpoint(target, { ...evaluation, signal }, texts());
  hooks.onStep(howText(pausing));
  const build = new HeldBuild(pausing.drvPath, evaluation.options ?? [], hooks);
  try {
    for (;;) {
      const breakpoint = await build.next();
      if (breakpoint === null) return finished(await build.end, null);
      const paused = await pausedBuild(breakpoint, pausing, enterBy, signal);
      if (paused === null) {
        hooks.onStep(NOT_HERE);
        continue;
      }
      const answer = await Promise.race([hooks.onPaused(paused, build.over), build.isOver]);
      if (answer === 'over') return finished(await build.end, paused);
      return answer === 'retry' ? 'retry' : { kind: 'ended', paused };
    }
  } finally {
    await build.stop();
  }
}

const NOT_HERE =
  'the log says that the build waits to be entered, but no such process is on this machine: it may run on another one (builders), or only have printed the text';

function finished({ exitCode, outputs }: BuildEnd, paused: PausedBuild | null): NixHoldEnd {
  return exitCode === 0 ? { kind: 'succeeded', outputs } : { kind: 'failed', paused, exitCode };
}

interface BuildEnd {
  readonly exitCode: number;
  readonly outputs: readonly string[];
}

/** Nix building a derivation, and the breakpoints in its log. */
class HeldBuild {
  /** Rejects as {@link runTool} does. */
  readonly end: Promise<BuildEnd>;
  /** Resolves when the build has ended by itself. */
  readonly isOver: Promise<'over'>;
  readonly #over = new AbortController();
  readonly #stop = new AbortController();
  readonly #breakpoints: Breakpoint[] = [];
  #wake: () => void = () => undefined;

  constructor(
    drvPath: string,
    options: readonly (readonly [string, string])[],
    { onLine, signal }: NixHoldHooks,
  ) {
    const reader = new BreakpointReader();
    const lines = new LineSplitter((bytes) => onLine(bytes.toString('utf8')));
    const found = (breakpoints: readonly Breakpoint[]): void => {
      this.#breakpoints.push(...breakpoints);
      if (breakpoints.length > 0) this.#wake();
    };
    this.end = runTool({
      operation: `building ${drvPath}`,
      // Nix ends its builders itself, and a daemon those of a client that is gone: also of an engine that was killed.
      tool: 'setpriv',
      args: [
        ...['--pdeathsig', 'TERM', 'nix-store', '--realise', drvPath],
        // A person thinks for longer than builds may be silent.
        ...[['max-silent-time', '0'] as const, ['timeout', '0'] as const, ...options].flatMap(
          ([name, value]) => ['--option', name, value],
        ),
      ],
      accept: BUILD_FAILURES,
      onStderr: (chunk) => {
        lines.write(chunk);
        found(reader.push(chunk));
      },
      discardStderr: true,
      signal: AbortSignal.any([signal, this.#stop.signal]),
    }).then(({ exitCode, stdout }) => {
      lines.end();
      found(reader.end());
      const outputs = stdout.toString('utf8').split('\n').filter(Boolean);
      return { exitCode, outputs };
    });
    const over = (): 'over' => {
      this.#over.abort();
      this.#wake();
      return 'over';
    };
    this.isOver = this.end.then(over, over);
  }

  /** Fires when the build has ended. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The next breakpoint; null where the build has ended. */
  async next(): Promise<Breakpoint | null> {
    for (;;) {
      const breakpoint = this.#breakpoints.shift();
      // What an ended build has printed no longer waits.
      if (this.over.aborted) return null;
      if (breakpoint !== undefined) return breakpoint;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends the build, paused or not, and waits until it is gone. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.isOver;
  }
}

/** 1 is Nix's own failure, the hundreds are failures of builds (`Worker::exitStatus`). */
const BUILD_FAILURES = [0, 1, 100, 101, 102, 103, 104, 105, 106, 107];

async function pausedBuild(
  { mark, ...told }: Breakpoint,
  { hook }: PausingDerivation,
  enterBy: WayName | null,
  signal: AbortSignal,
): Promise<PausedBuild | null> {
  const process_ = await findPaused(mark, signal);
  if (process_ === null || wasAborted(signal)) return null;
  const facts = await attachFacts(process_, mark, hook, process.env['PATH']);
  const all = waysFor(facts);
  const ways = enterBy === null ? all : all.filter(({ name }) => name === enterBy);
  return {
    ...told,
    directory: directoryOf(process_),
    process: process_,
    ways,
    openShell: ways.length === 0 ? null : openShellCommand(process_, enterBy, ways),
    hindrance:
      ways.length > 0
        ? null
        : all.length > 0
          ? `${String(enterBy)} is not to be had here; there is ${all.map(({ name }) => name).join(', ')}`
          : hindrance(facts),
  };
}

function openShellCommand(
  { pid, start }: PausedProcess,
  enterBy: WayName | null,
  ways: readonly AttachWay[],
): string[] {
  return [
    ...['bash', breakpointFile('open-shell.bash'), String(pid), start],
    enterBy === null ? 'unasked' : 'asked',
    ...ways.flatMap(({ name, command }) => [name, String(command.length), ...command]),
  ];
}

function directoryOf({ pid }: PausedProcess): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function texts(): { readonly hook: string; readonly builder: string } {
  const text = (name: 'hook.bash' | 'builder.sh'): string =>
    readFileSync(breakpointFile(name), 'utf8');
  return { hook: text('hook.bash'), builder: text('builder.sh') };
}

function howText({ how, hook }: PausingDerivation): string {
  switch (how) {
    case 'overridden':
      return hook === null
        ? 'a breakpoint is added with overrideAttrs: Strata’s own hook, as no breakpointHook is in the sets around the target'
        : 'a breakpoint is added with overrideAttrs: the breakpointHook of its package set';
    case 'rewritten':
      return 'a breakpoint is added to its .drv, as it has no overrideAttrs: Strata’s own hook';
    case 'wrapped':
      return 'its builder knows no hooks: it is run by a shell that pauses where it fails; the directory and the variables are those it began with';
    default:
      return assertNever(how);
  }
}

/** @throws StrataError `environment` where no way leads into the build. */
export function shellCommandOf({ openShell, hindrance: reason }: PausedBuild): readonly string[] {
  if (openShell !== null) return openShell;
  throw new StrataError({
    code: 'environment',
    operation: 'opening a shell in the paused build',
    reason: reason ?? 'there is no way into it',
  });
}
