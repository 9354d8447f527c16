/**
 * SHA-256 of many files. A few small ones are read here; more go to `sha256sum`, one process a core: it needs no event loop,
 * and it may read what this process may not (own-root.ts).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { encodePath } from '../host/byte-path.ts';
import { runTool } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { asOwnRoot } from './own-root.ts';
import { isMostlyHoles, sparseDigest } from './sparse-digest.ts';

export interface FileToDigest {
  /** From the directory's root, beginning with `/`. */
  readonly path: string;
  /** Apparent bytes. */
  readonly size: number;
  /** Allocated bytes. */
  readonly allocated: number;
}

/** Up to here, reading in this process (some 30 µs a file) beats starting another one (some 5 ms), and stalls nobody. */
const FEW = { files: 100, bytes: 1_000_000 } as const;

const EMPTY = createHash('sha256').digest('hex');

/**
 * The digests (hex) of the files' contents, in the files' order; those of huge files of mostly holes are
 * {@link sparseDigest}'s.
 *
 * @param directory the root that the paths begin at.
 * @throws StrataError `environment` where a file cannot be read.
 */
export async function digestFiles(
  directory: string,
  files: readonly FileToDigest[],
): Promise<readonly string[]> {
  const digests = files.map(() => EMPTY);
  const numbered = files.map((file, index) => ({ ...file, index }));
  for (const { path, index } of numbered.filter(isMostlyHoles)) {
    digests[index] = await sparseDigest(directory, path);
  }
  const full = numbered.filter((file) => file.size > 0 && !isMostlyHoles(file));
  const bytes = full.reduce((sum, { size }) => sum + size, 0);
  const few = full.length <= FEW.files && bytes <= FEW.bytes;
  const left = few ? digestHere(directory, full, digests) : full;
  await Promise.all(
    shares(left, availableParallelism()).map(async (share) => {
      const output = await sha256sum(directory, share);
      share.forEach(({ index }, at) => (digests[index] = output[at] ?? ''));
    }),
  );
  return digests;
}

interface Numbered extends FileToDigest {
  readonly index: number;
}

/** Digests what this process may read, and gives back the rest. */
function digestHere(directory: string, files: readonly Numbered[], digests: string[]): Numbered[] {
  return files.filter(({ path, index }) => {
    try {
      const contents = readFileSync(Buffer.concat([Buffer.from(directory), encodePath(path)]));
      digests[index] = createHash('sha256').update(contents).digest('hex');
      return false;
    } catch (error) {
      // Whatever the refusal is, the other way is tried and tells it in its own words.
      if (isSystemError(error)) return true;
      throw error;
    }
  });
}

/** Splits files into at most `count` lists of about the same work; a file costs as much as some 20 kB of contents. */
function shares(files: readonly Numbered[], count: number): Numbered[][] {
  if (files.length === 0) return [];
  const work = files.reduce((sum, { size }) => sum + size + 20_000, 0);
  const lists: Numbered[][] = [[]];
  let filled = 0;
  for (const file of files) {
    if (filled >= work / count && lists.length < count) {
      lists.push([]);
      filled = 0;
    }
    lists.at(-1)?.push(file);
    filled += file.size + 20_000;
  }
  return lists;
}

/**
 * One `sha256sum` over the files. With `-z` (coreutils 8.25 and later) it prints `HEX *NAME\0` and escapes nothing in names.
 * Not `xargs -P`: its processes would share one pipe and break each other's records at the buffers' edges.
 */
async function sha256sum(directory: string, files: readonly Numbered[]): Promise<string[]> {
  const names = files.map(({ path }) => Buffer.concat([encodePath(`.${path}`), Buffer.of(0)]));
  const operation = `digesting the files of ${directory}`;
  const { stdout } = await runTool({
    operation,
    ...(await asOwnRoot('xargs', ['-0', '-r', 'sha256sum', '-b', '-z', '--'])),
    cwd: directory,
    input: Buffer.concat(names),
  });
  let at = 0;
  const digests = names.map((name) => {
    const digest = stdout.toString('latin1', at, at + 64);
    at += 64 + ' *'.length + name.length;
    return digest;
  });
  if (at !== stdout.length) {
    throw new StrataError({
      code: 'format',
      operation,
      reason: `sha256sum printed ${stdout.length} bytes where ${at} were expected`,
    });
  }
  return digests;
}
