/** The ways into a paused build, in the order in which they are tried. */
import { readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { missingTool, notOnPath } from '../host/requirements.ts';
import { findProgram, programsOnPath } from '../host/programs.ts';
import { quoteForShell } from '../host/shell-word.ts';
import type { PausedMark } from '../nix/breakpoint-text.ts';
import { breakpointFile } from '../phases/hook-files.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { PausedProcess } from './paused-process.ts';

export type WayName = 'cntr' | 'script' | 'nsenter';

export interface AttachWay {
  readonly name: WayName;
  /** The words of the command that opens a shell in the build, on the terminal it is started in. */
  readonly command: readonly string[];
}

/** What decides which ways there are. */
export interface AttachFacts {
  readonly process: PausedProcess;
  /** The words before a command that let root run it: none for root itself; null where no program for that is here. */
  readonly asRoot: readonly string[] | null;
  /** Whether the build is this user's own, so that entering its namespaces takes no other rights. */
  readonly own: boolean;
  /** What the process is called in the sandbox; null where that cannot be read any more. */
  readonly insidePid: number | null;
  /** Where cntr is, since sudo looks in other places than this user's PATH; null where it is not. */
  readonly cntr: string | null;
  readonly hasNsenter: boolean;
  /** The printed script with its argument; null where none was printed, or one that the hook does not name. */
  readonly script: readonly string[] | null;
}

/** `cntr`, then the script that the hook printed, then `nsenter`. */
export function waysFor(facts: AttachFacts): readonly AttachWay[] {
  const { process, asRoot, own, script } = facts;
  const { pid } = process;
  const enter = enterWords(process);
  const ways: AttachWay[] = [];
  if (asRoot !== null && facts.cntr !== null) {
    const command = [...asRoot, ...cntrCommand(facts.cntr, pid, facts.insidePid)];
    ways.push({ name: 'cntr', command });
  }
  if (asRoot !== null && script !== null) {
    ways.push({ name: 'script', command: [...asRoot, ...script] });
  }
  const rights = own ? [] : asRoot;
  if (rights !== null && facts.hasNsenter) {
    ways.push({ name: 'nsenter', command: [...rights, ...enter] });
  }
  return ways;
}

function enterWords({ pid, start }: PausedProcess): readonly string[] {
  return ['bash', breakpointFile('enter.bash'), String(pid), start];
}

/**
 * `cntr attach`, which shows the host's tools, and the sandbox below /var/lib/cntr: the shell goes to the directory of the
 * failure there. Types of containers are spelt differently by 1.6 (`process-id`) and 2.x (`process_id`); both find a number
 * without.
 */
function cntrCommand(cntr: string, pid: number, insidePid: number | null): readonly string[] {
  const shell =
    insidePid === null
      ? 'exec bash -i'
      : `cd "/var/lib/cntr$(readlink /proc/${insidePid}/cwd)"; exec bash -i`;
  return [cntr, 'attach', String(pid), '--', '/bin/sh', '-c', shell];
}

/**
 * The words that enter a sandbox of Strata's own by cntr, where a person has chosen that.
 *
 * @throws StrataError `environment` where cntr, or what makes root of this user, is not on PATH.
 */
export async function cntrAsRoot(
  pid: number,
  path: string | undefined,
): Promise<readonly string[]> {
  const operation = 'entering a held phase by cntr';
  const programs = await programsOnPath(['sudo', 'pkexec'], path);
  const cntr = await findProgram('cntr', path);
  if (cntr === null) throw missingTool('cntr', operation);
  const asRoot = rootWords(programs);
  if (asRoot === null) {
    throw new StrataError({
      code: 'environment',
      operation,
      reason: 'it takes root, and neither sudo nor pkexec is on PATH',
      advice: 'leave out --enter-by: nsenter takes no root',
    });
  }
  return [...asRoot, ...cntrCommand(cntr, pid, pidInside(pid))];
}

/** The words before a command that let root run it; null where there is no program for that. */
function rootWords(programs: readonly string[]): readonly string[] | null {
  if (process.geteuid?.() === 0) return [];
  const elevating = ['sudo', 'pkexec'].find((name) => programs.includes(name));
  return elevating === undefined ? null : [elevating];
}

/** What a process is called in its innermost namespace (proc(5), NSpid of /proc/PID/status); null for none of this number. */
function pidInside(pid: number): number | null {
  try {
    const [, numbers] = /^NSpid:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(numbers?.split(/\s+/).at(-1)) || null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** What hinders, where there is no way; with how it could be had. */
export function hindrance({ asRoot, own, hasNsenter, process }: AttachFacts): string {
  if (!hasNsenter) return `${notOnPath('nsenter')}: install util-linux`;
  return asRoot === null && !own
    ? `the sandbox is another user’s, which takes root, and neither sudo nor pkexec is on PATH; as root: ${enterWords(process).map(quoteForShell).join(' ')}`
    : 'there is no way into it from here';
}

/**
 * Looks at what this machine has.
 *
 * @param hook the store path of the hook that was added: only a script that it names is offered, as a build can print any
 */
export async function attachFacts(
  process: PausedProcess,
  mark: PausedMark,
  hook: string | null,
  path: string | undefined,
): Promise<AttachFacts> {
  const programs = await programsOnPath(['nsenter', 'sudo', 'pkexec'], path);
  return {
    process,
    asRoot: rootWords(programs),
    own: isOwn(process.pid),
    insidePid: pidInside(process.pid),
    cntr: await findProgram('cntr', path),
    hasNsenter: programs.includes('nsenter'),
    script: await scriptOfHook(mark, hook),
  };
}

async function scriptOfHook(
  mark: PausedMark,
  hook: string | null,
): Promise<readonly string[] | null> {
  if (mark.kind !== 'sleep' || hook === null) return null;
  try {
    const text = await readFile(join(hook, 'nix-support', 'setup-hook'), 'utf8');
    return text.includes(`sudo ${mark.script} `) ? [mark.script, mark.id] : null;
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** Whether the kernel lets this user look at the namespaces: it is the same question (ptrace(2), access mode checking). */
function isOwn(pid: number): boolean {
  try {
    readlinkSync(`/proc/${pid}/ns/mnt`);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
