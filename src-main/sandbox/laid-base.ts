/**
 * The base of a derivation laid into a tree that is a plain directory, and lifted out again: for snapshots that are no
 * overlay, and so can have nothing below them.
 */
import {
  copyFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';

export interface LaidBase {
  readonly tree: string;
  /** The last first. */
  readonly entries: readonly LaidEntry[];
}

interface LaidEntry {
  readonly path: string;
  readonly directory: boolean;
  /** Change time in nanoseconds when it was laid: whoever touches it later moves it. */
  readonly ctimeNs: bigint;
}

/** Lays what is not in `tree` yet; what a phase left there stays, as an upper layer's file would. */
export function layBase(base: string, tree: string): LaidBase {
  const laid: LaidEntry[] = [];
  layDirectory(base, tree, laid);
  const entries = laid
    .map((entry) => ({ ...entry, ctimeNs: lstatSync(entry.path, { bigint: true }).ctimeNs }))
    .toReversed();
  return { tree, entries };
}

/**
 * Takes out what was laid and not touched since. A build can have put a link in the place of a directory: what lies behind
 * it is not the tree's, and may be anything of the host's.
 */
export function liftBase({ tree, entries }: LaidBase): void {
  for (const { path, directory, ctimeNs } of entries) {
    if (!isReachedWithoutLinks(tree, path)) continue;
    const now = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (now === undefined || (directory && !now.isDirectory())) continue;
    if (directory) {
      try {
        rmdirSync(path);
      } catch (error) {
        if (!isSystemError(error) || error.code !== 'ENOTEMPTY') throw error;
      }
    } else if (now.ctimeNs === ctimeNs) {
      unlinkSync(path);
    }
  }
}

/** Whether every directory between a tree and a path in it is one still. */
function isReachedWithoutLinks(tree: string, path: string): boolean {
  for (let parent = dirname(path); parent !== tree; parent = dirname(parent)) {
    if (lstatSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  }
  return true;
}

function layDirectory(from: string, to: string, laid: LaidEntry[]): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const there = lstatSync(target, { throwIfNoEntry: false });
    if (there === undefined) {
      if (entry.isDirectory()) mkdirSync(target);
      else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
      else copyFileSync(source, target);
      if (!entry.isSymbolicLink()) chmodSync(target, lstatSync(source).mode & 0o7777);
      laid.push({ path: target, directory: entry.isDirectory(), ctimeNs: 0n });
    }
    if (entry.isDirectory() && (there === undefined || there.isDirectory())) {
      layDirectory(source, target, laid);
    }
  }
}
