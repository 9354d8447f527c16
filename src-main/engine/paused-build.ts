/** A build by Nix that waits at its failure to be entered: its process, and the ways into it. */
import { readlinkSync } from 'node:fs';
import { wasAborted } from '../host/process.ts';
import type { Breakpoint } from '../nix/breakpoint-text.ts';
import { breakpointFile } from '../phases/hook-files.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import {
  attachFacts,
  hindrance,
  waysFor,
  type AttachWay,
  type WayName,
} from '../shells/attach-ways.ts';
import { findPaused, type PausedProcess } from '../shells/paused-process.ts';

/** A build that has failed and waits. */
export interface PausedBuild {
  /** Store path of the `.drv` that is built. */
  readonly derivation: string;
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

export interface EnteringOptions {
  /** The store path of the package set's hook that was added, whose script may be run; null for none. */
  readonly hook: string | null;
  /** The one way to enter by; null for the first that leads there. */
  readonly enterBy: WayName | null;
  readonly signal: AbortSignal;
}

/** The process that a breakpoint in a log tells of; null where none such is on this machine. */
export async function findPausedBuild(
  { mark, ...told }: Breakpoint,
  { hook, enterBy, signal }: EnteringOptions,
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
    // Who names the way has been asked.
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

/** @throws StrataError `environment` where no way leads into the build. */
export function shellCommandOf({ openShell, hindrance: reason }: PausedBuild): readonly string[] {
  if (openShell !== null) return openShell;
  throw new StrataError({
    code: 'environment',
    operation: 'opening a shell in the paused build',
    reason: reason ?? 'there is no way into it',
  });
}
