/**
 * Unpacking an archive of a stranger into a directory of ours. Nothing is written outside it: a path with `..` is refused,
 * and so is one that leads over anything but directories, such as a link that an earlier entry made.
 *
 * What an entry finds in its place gives way to it, as the layers of images want it (layer.md, "Applying Changesets"),
 * except that a directory stays and takes the mode.
 */
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { encodePath, printablePath } from '../host/byte-path.ts';
import { runTool } from '../host/process.ts';
import { StrataError } from '../protocol/errors.ts';
import { WHITEOUT } from './layer-entries.ts';
import type { TarEntry, TarType } from './tar-entry.ts';
import type { ReadEntry } from './tar-reader.ts';

/** What an archive came to. */
export interface Unpacked {
  /** Paths beginning with `/` that the archive takes away; nothing was done about them. */
  readonly whiteouts: readonly string[];
  /** Extended attributes that files are to get, by path. */
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;
}

/** A file with these is a program of whoever unpacks it, for everybody; Nix lets no builder set them (sandbox/seccomp.ts). */
const SET_ID = 0o6000;

/** What to do about an image that no build gives. */
const FOREIGN =
  'the image was made or changed by another program: get the one that Strata exported';

/** Of a file that is nothing but zeros so much is left out, as a hole. */
const HOLE = Buffer.alloc(64 * 1024);

/**
 * Unpacks entries below a directory. Owners are not taken over: all is this user's.
 *
 * @param take which entries; the others are passed over.
 * @throws StrataError `format` for a path that leads outside, and what reading the archive throws; the system's errors
 */
export async function unpack(
  archive: AsyncIterable<ReadEntry>,
  directory: string,
  signal: AbortSignal,
  take: (path: string, type: TarType) => boolean = () => true,
): Promise<Unpacked> {
  const target = new Target(directory);
  const whiteouts: string[] = [];
  for await (const { entry, contents } of archive) {
    signal.throwIfAborted();
    const path = checkedPath(entry.path);
    if (path === '' || !take(path, entry.type)) continue;
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (name === `${WHITEOUT}${WHITEOUT}.opq`) throw opaque(path);
    if (name.startsWith(WHITEOUT)) {
      const gone = name.slice(WHITEOUT.length);
      if (gone === '' || gone === '.' || gone === '..') throw outside(entry.path);
      whiteouts.push(`/${path.slice(0, slash + 1)}${gone}`);
      continue;
    }
    await target.make({ ...entry, path }, contents);
  }
  target.finish();
  return { whiteouts, attributes: target.attributes };
}

/** The same path, once it is certain that it names something inside. @throws StrataError `format`. */
function checkedPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || path.includes('\0')) throw outside(path);
  return parts.join('/');
}

class Target {
  readonly #directory: Buffer;
  /** Directories of the archive with their modes, which are given last: some may not be written to. */
  readonly #directories = new Map<string, number>();
  /** Directories that were seen to be some. */
  readonly #seen = new Set<string>(['']);
  /** Of what is there: an entry that gave way to a link must not lead its attributes over it. */
  readonly attributes = new Map<string, ReadonlyMap<string, Uint8Array>>();

  constructor(directory: string) {
    this.#directory = Buffer.from(directory);
  }

  async make(entry: TarEntry, contents: AsyncIterable<Uint8Array>): Promise<void> {
    const { path, type, mode } = entry;
    if (type === 'file' && (mode & SET_ID) !== 0) throw setId(path);
    this.#enter(path);
    const place = this.#place(path);
    if (type === 'directory') {
      this.#makeDirectory(path, place);
      this.#directories.set(path, mode);
    } else this.#clear(path, place);
    if (entry.attributes.size > 0) this.attributes.set(`/${path}`, entry.attributes);
    switch (type) {
      case 'directory':
        return;
      case 'file':
        await writeContents(place, contents);
        chmodSync(place, mode);
        return;
      case 'symlink':
        symlinkSync(encodePath(entry.target), place);
        return;
      case 'hardlink': {
        const target = checkedPath(entry.target);
        this.#enter(target);
        if (!(lstatSync(this.#place(target), { throwIfNoEntry: false })?.isFile() ?? false)) {
          throw new StrataError({
            code: 'format',
            operation: `unpacking ${printablePath(path)}`,
            reason: `it is another name of ${printablePath(entry.target)}, which is no file of the archive`,
          });
        }
        linkSync(this.#place(target), place);
        return;
      }
      case 'fifo':
        await runTool({
          operation: `unpacking ${printablePath(path)}`,
          tool: 'xargs',
          args: ['-0', 'mkfifo', '-m', mode.toString(8), '--'],
          input: Buffer.concat([place, Buffer.of(0)]),
        });
        return;
      case 'character-device':
      case 'block-device':
        throw new StrataError({
          code: 'format',
          operation: `unpacking ${printablePath(path)}`,
          reason: 'it is a device, and no build can make one; to unpack it would need root',
          advice: FOREIGN,
        });
    }
  }

  /** Gives the directories their modes, the deepest first. */
  finish(): void {
    const deepestFirst = [...this.#directories].toSorted(
      ([a], [b]) => b.split('/').length - a.split('/').length,
    );
    for (const [path, mode] of deepestFirst) {
      this.#enter(path);
      const place = this.#place(path);
      // Another entry of the same name may have taken its place.
      if (lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true) {
        chmodSync(place, mode);
      }
    }
  }

  #place(path: string): Buffer {
    return Buffer.concat([this.#directory, Buffer.from('/'), encodePath(path)]);
  }

  /** Sees to it that all above a path are directories. @throws StrataError `format` where one is something else. */
  #enter(path: string): void {
    const parts = path.split('/').slice(0, -1);
    for (let count = 1; count <= parts.length; count += 1) {
      const above = parts.slice(0, count).join('/');
      if (this.#seen.has(above)) continue;
      const place = this.#place(above);
      const stat = lstatSync(place, { throwIfNoEntry: false });
      if (stat === undefined) mkdirSync(place, { mode: 0o755 });
      else if (!stat.isDirectory()) throw outside(path);
      this.#seen.add(above);
    }
  }

  #makeDirectory(path: string, place: Buffer): void {
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isDirectory()) rmSync(place);
    if (stat?.isDirectory() !== true) mkdirSync(place, { mode: 0o700 });
    else if ((stat.mode & 0o700) !== 0o700) chmodSync(place, 0o700);
    this.#seen.add(path);
  }

  #clear(path: string, place: Buffer): void {
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (stat === undefined) return;
    rmSync(place, { recursive: true });
    this.attributes.delete(`/${path}`);
    if (!stat.isDirectory()) return;
    for (const known of [...this.attributes.keys()]) {
      if (known.startsWith(`/${path}/`)) this.attributes.delete(known);
    }
    for (const known of [...this.#seen]) {
      if (known === path || known.startsWith(`${path}/`)) this.#seen.delete(known);
    }
  }
}

/** Long runs of zeros become holes: an image of a disk is no larger than it was. */
async function writeContents(place: Buffer, contents: AsyncIterable<Uint8Array>): Promise<void> {
  const file = openSync(place, 'wx', 0o600);
  try {
    let at = 0;
    for await (const piece of contents) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      const isHole = bytes.length >= HOLE.length && bytes.every((byte) => byte === 0);
      for (let done = 0; !isHole && done < bytes.length;) {
        done += writeSync(file, bytes, done, bytes.length - done, at + done);
      }
      at += bytes.length;
    }
    ftruncateSync(file, at);
  } finally {
    closeSync(file);
  }
}

function outside(path: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: `unpacking ${printablePath(path)}`,
    reason: 'the path leads outside the archive, or over something that is no directory',
    advice: 'whoever made the archive meant to write elsewhere: take none of it',
  });
}

function setId(path: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: `unpacking ${printablePath(path)}`,
    reason: 'it is a set-uid or set-gid program: here it would lend your rights to everybody',
    advice: FOREIGN,
  });
}

function opaque(path: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: `unpacking ${printablePath(path)}`,
    reason: 'it marks a directory as opaque, which Strata never does',
    advice: FOREIGN,
  });
}
