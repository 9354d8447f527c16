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
import { join } from 'node:path';
import { isSystemError } from '../protocol/errors.ts';

/** What was laid, the last first. */
export type LaidBase = readonly LaidEntry[];

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
  return laid
    .map((entry) => ({ ...entry, ctimeNs: lstatSync(entry.path, { bigint: true }).ctimeNs }))
    .toReversed();
}

/** Takes out what was laid and not touched since. */
export function liftBase(laid: LaidBase): void {
  for (const { path, directory, ctimeNs } of laid) {
    const now = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (now === undefined) continue;
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
