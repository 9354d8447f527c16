/** Running commands in a mounted snapshot, temporary stores, and becoming an ordinary user, for the engine's tests. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { mountScript } from '../../../src-main/snapshots/mount-command.ts';
import { probeOverlay } from '../../../src-main/snapshots/overlay-probe.ts';
import type { Mount } from '../../../src-main/snapshots/snapshotter.ts';
import { deleteTree } from '../../../src-main/snapshots/tree-removal.ts';

const temporary: string[] = [];
// Here and not where they are made: a test that runs can register nothing for the end of its file.
afterAll(async () => {
  for (const directory of temporary) await deleteTree(directory);
});

/** An empty directory that is deleted when the file's tests are over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'strata-test-'));
  temporary.push(directory);
  return directory;
}

/** Runs a shell script at the root of a mounted snapshot and gives what it printed. */
export function runIn(mount: Mount, place: string, script: string): string {
  const target = join(place, 'merged');
  mkdirSync(target, { recursive: true });
  const mounting = mountScript(mount, target);
  return execFileSync(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-ec',
      `${mounting.script}\ncd "$0"\n${script}`,
      target,
    ],
    {
      cwd: mounting.cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', NODE: process.execPath },
    },
  );
}

/** Why overlay mounts do not work in the temporary directory; null where they do. */
export async function overlayRefusal(): Promise<string | null> {
  const directory = mkdtempSync(join(tmpdir(), 'strata-test-'));
  try {
    const probe = await probeOverlay(directory);
    return probe.kind === 'works' ? null : probe.reason;
  } finally {
    await deleteTree(directory);
  }
}

/** Why user namespaces do not work here; null where they do. */
export function namespaceRefusal(): string | null {
  try {
    execFileSync('unshare', ['--user', '--map-root-user', '--mount', 'true'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n').at(-1) ?? '') : String(error);
  }
}

const NOBODY = 65534;

/**
 * Makes this process, and all that it starts, an ordinary user's for good; each test file has a process of its own.
 *
 * @returns why the tests of an ordinary user say nothing new in this process; null where they do.
 */
export function becomeOrdinaryUser(): string | null {
  if (process.getuid?.() !== 0) return 'this is an ordinary user already';
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
  return null;
}

/** The title of a suite, with the reason where it is skipped. */
export function titled(title: string, refusal: string | null): string {
  return refusal === null ? title : `${title} (skipped: ${refusal})`;
}
