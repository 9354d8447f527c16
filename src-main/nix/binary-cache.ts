/**
 * Binary caches in directories, as nixpkgs' `mkBinaryCache` makes them: `nix-cache-info`, `HASH.narinfo`, `nar/…`.
 *
 * Nix writes them: each file under another name first, the archive before its entry, and what a path refers to before the
 * path. So one that was stopped at any instant is a valid cache, and several writers do not disturb each other.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { decompression } from '../host/decompression.ts';
import { describingNamedErrors } from '../host/durable.ts';
import { runTool } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { argumentBatches } from './closure.ts';
import { LogStream } from './log-stream.ts';
import { parseNarInfo, type NarInfo } from './nar-info.ts';
import { NOTHING_REALISED, advance, type RealisationProgress } from './realisation-progress.ts';
import { nixBase32 } from './store-path.ts';

export type CacheCompression = 'none' | 'xz' | 'zstd';

const NIX = ['--extra-experimental-features', 'nix-command'];

/**
 * How Nix calls the cache in a directory.
 *
 * @throws StrataError `usage` where the name has signs that versions of Nix read in different ways.
 */
export function cacheUri(directory: string): string {
  if (/^\/[\w/.@:+,=~-]*$/.test(directory)) return `file://${directory}`;
  throw new StrataError({
    code: 'usage',
    operation: `naming the binary cache ${directory}`,
    reason: 'the path has blanks or other signs that versions of Nix read in different ways',
    advice: 'choose one of letters, digits and ./_@:+,=~-',
  });
}

export type CacheState =
  | { readonly kind: 'absent' }
  /** `storeDirectory` is that of the paths in it. */
  | { readonly kind: 'cache'; readonly storeDirectory: string }
  /** There is something else in it; `reason` says why it is no cache. */
  | { readonly kind: 'other'; readonly reason: string };

/** What a directory is; `absent` where it is empty or not there. @throws StrataError `environment` where it cannot be read. */
export async function cacheState(directory: string): Promise<CacheState> {
  const operation = `looking at the binary cache ${directory}`;
  return describingNamedErrors(operation, async () => {
    let names: string[];
    try {
      names = await readdir(directory);
    } catch (error) {
      if (isSystemError(error) && error.code === 'ENOENT') return { kind: 'absent' };
      throw error;
    }
    if (names.length === 0) return { kind: 'absent' };
    const text = names.includes(INFO) ? await readFile(join(directory, INFO), 'utf8') : '';
    const storeDirectory = /^StoreDir: (\/.*)$/m.exec(text)?.[1];
    if (storeDirectory !== undefined) return { kind: 'cache', storeDirectory };
    const why = names.includes(INFO) ? `its ${INFO} names no store` : `there is no ${INFO} in it`;
    return { kind: 'other', reason: `it is no binary cache: ${why}` };
  });
}

const INFO = 'nix-cache-info';

export interface CopyOptions {
  readonly compression: CacheCompression;
  /** A file with a secret key; null to sign nothing. */
  readonly secretKey: string | null;
  readonly onProgress: (progress: RealisationProgress) => void;
  readonly signal: AbortSignal;
}

/** Copies paths, with all they refer to, by `nix copy`. What is there already stays. @throws StrataError `nix`. */
export async function copyToCache(
  directory: string,
  paths: readonly string[],
  { compression, secretKey, onProgress, signal }: CopyOptions,
): Promise<void> {
  const operation = `copying to the binary cache ${directory}`;
  const settings = [
    `compression=${compression}`,
    ...(secretKey === null ? [] : [`secret-key=${cacheUri(secretKey).slice('file://'.length)}`]),
  ];
  const stream = new LogStream();
  let progress = NOTHING_REALISED;
  const follow = (chunk: Buffer): void => {
    for (const event of stream.push(chunk)) progress = advance(progress, event);
    onProgress(progress);
  };
  for (const batch of argumentBatches(paths)) {
    const { exitCode } = await runTool({
      operation,
      // As with realising: it ends with an engine that was killed.
      tool: 'setpriv',
      args: [
        ...['--pdeathsig', 'TERM', 'nix', ...NIX, 'copy', '--no-check-sigs'],
        ...[
          '--log-format',
          'internal-json',
          '--to',
          `${cacheUri(directory)}?${settings.join('&')}`,
        ],
        ...batch,
      ],
      accept: [0, 1],
      onStderr: follow,
      discardStderr: true,
      signal,
    });
    for (const event of stream.end()) progress = advance(progress, event);
    if (exitCode === 0) continue;
    const reason = progress.errors.at(-1) ?? `nix copy ended with exit status ${exitCode}`;
    const mayNot = /Permission denied|Operation not permitted|Read-only file system/.test(reason);
    throw new StrataError({
      code: mayNot ? 'environment' : 'nix',
      operation,
      reason,
      advice: mayNot
        ? 'name a place where you can write, or let whoever owns the cache export to it'
        : 'what was copied is a valid cache; running it again goes on',
      output: progress.errors.join('\n'),
    });
  }
}

/** Signs entries that lack a signature of the key: copying leaves alone what is there. */
export async function signEntries(
  directory: string,
  paths: readonly string[],
  secretKey: string,
  keyName: string,
  signal: AbortSignal,
): Promise<void> {
  const unsigned: string[] = [];
  for (const path of paths) {
    const text = await readFile(entryFile(directory, path), 'utf8').catch(() => '');
    const signatures = parseNarInfo(text)?.signatures ?? [];
    if (!signatures.some((one) => one.startsWith(`${keyName}:`))) unsigned.push(path);
  }
  for (const batch of argumentBatches(unsigned)) {
    await runTool({
      operation: `signing the binary cache ${directory}`,
      tool: 'nix',
      args: [
        ...[...NIX, 'store', 'sign', '--store', cacheUri(directory)],
        ...['--key-file', secretKey, ...batch],
      ],
      signal,
    });
  }
}

/** Those of the paths that a cache has no entry for. */
export function pathsWithoutEntry(directory: string, paths: readonly string[]): readonly string[] {
  return paths.filter((path) => !existsSync(entryFile(directory, path)));
}

function entryFile(directory: string, path: string): string {
  return join(directory, `${basename(path).slice(0, 32)}.narinfo`);
}

/** Asks Nix for the paths, through the cache alone, with all they refer to. @throws StrataError `nix` where one is missing. */
export async function listThroughCache(
  directory: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const listed = new Set<string>();
  for (const batch of argumentBatches(paths)) {
    const { stdout } = await runTool({
      operation: `listing the binary cache ${directory}`,
      tool: 'nix',
      // Otherwise what an earlier listing found, or did not find, would be the answer.
      args: [
        ...[...NIX, '--option', 'narinfo-cache-negative-ttl', '0'],
        ...['--option', 'narinfo-cache-positive-ttl', '0'],
        ...['path-info', '--store', cacheUri(directory), '--recursive', ...batch],
      ],
      signal,
    });
    for (const line of stdout.toString('utf8').split('\n')) if (line !== '') listed.add(line);
  }
  return [...listed].toSorted();
}

/** An entry that does not match its archive. */
export interface BrokenEntry {
  readonly file: string;
  /** Where the archive is, or should be; null where the entry names none of this cache. */
  readonly archive: string | null;
  readonly reason: string;
}

/**
 * How entries are compared with their archives: `sizes` of the files; their digests too, which reads `files`; or also what is
 * in the `archives`, as far as this machine can unpack them.
 */
type ComparisonDepth = 'sizes' | 'files' | 'archives';

/**
 * The entries that do not match their archives.
 *
 * @param paths store paths whose entries are looked at, where there are some; null for all entries of the cache
 */
export async function brokenEntries(
  directory: string,
  paths: readonly string[] | null,
  depth: ComparisonDepth,
  signal: AbortSignal,
): Promise<{ readonly entries: number; readonly broken: readonly BrokenEntry[] }> {
  const files =
    paths === null
      ? (await readdir(directory))
          .filter((name) => name.endsWith('.narinfo'))
          .toSorted()
          .map((name) => join(directory, name))
      : paths.map((path) => entryFile(directory, path));
  const broken: BrokenEntry[] = [];
  let entries = 0;
  for (const file of files) {
    signal.throwIfAborted();
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) continue;
    entries += 1;
    const info = parseNarInfo(text);
    const reason = info === null ? 'it is no entry' : await mismatch(directory, info, depth);
    if (reason === null) continue;
    const archive = info !== null && ARCHIVE.test(info.url) ? join(directory, info.url) : null;
    broken.push({ file, archive, reason });
  }
  return { entries, broken };
}

const ARCHIVE = /^nar\/\w[\w.+-]*$/;

async function mismatch(
  directory: string,
  info: NarInfo,
  depth: ComparisonDepth,
): Promise<string | null> {
  const { url, fileSize } = info;
  // An entry may name any place; nothing outside the cache is looked at.
  if (!ARCHIVE.test(url))
    return `it names ${JSON.stringify(url)}, which is no archive of this cache`;
  const archive = join(directory, url);
  const found = await stat(archive).catch(() => null);
  if (found === null) return `its archive ${url} is missing`;
  if (fileSize !== null && found.size !== fileSize) {
    return `its archive ${url} has ${found.size} bytes, and it says ${fileSize}`;
  }
  return depth === 'sizes' ? null : digestMismatch(archive, info, depth);
}

async function digestMismatch(
  archive: string,
  { url, fileHash, compression, narHash, narSize }: NarInfo,
  depth: 'files' | 'archives',
): Promise<string | null> {
  const unpacking =
    depth === 'files' ? null : await decompression(compression, process.env['PATH']);
  const [packed, plain] = [createHash('sha256'), createHash('sha256')];
  let bytes = 0;
  try {
    const source = createReadStream(archive);
    source.on('data', (piece) => packed.update(piece));
    if (unpacking === null) {
      await finished(source);
    } else {
      await pipeline(source, unpacking, async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) {
          plain.update(piece);
          bytes += piece.length;
        }
      });
    }
  } catch (error) {
    if (isSystemError(error) && error.syscall === 'read') throw error;
    return `its archive ${url} cannot be unpacked (${compression}): ${error instanceof Error ? error.message : String(error)}`;
  }
  const differs = (what: string, found: string | number, said: string | number): string =>
    `${what} ${url} has ${found}, and it says ${said}`;
  const digest = `sha256:${nixBase32(packed.digest())}`;
  if (isComparable(fileHash) && fileHash !== digest) {
    return differs('its archive', `the digest ${digest}`, fileHash);
  }
  if (unpacking === null) return null;
  if (narSize !== null && narSize !== bytes) {
    return differs('what is in', `${bytes} bytes`, narSize);
  }
  const inside = `sha256:${nixBase32(plain.digest())}`;
  return isComparable(narHash) && narHash !== inside
    ? differs('what is in', `the digest ${inside}`, narHash)
    : null;
}

/** Other digests, and other ways to write them, are Nix's alone to compare. */
function isComparable(digest: string | null): digest is string {
  return digest !== null && /^sha256:[0-9a-z]{52}$/.test(digest);
}

/** Takes entries and their archives away, so that the next copy writes them anew: it leaves alone what is there. */
export async function removeEntries(entries: readonly BrokenEntry[]): Promise<void> {
  for (const { file, archive } of entries) {
    await rm(file, { force: true });
    if (archive !== null) await rm(archive, { force: true });
  }
}

/** The public half of a secret key. @throws StrataError `not-found`, `format` where the file holds none. */
export async function publicKey(secretKey: string, signal: AbortSignal): Promise<string> {
  const operation = `reading the secret key ${secretKey}`;
  const input = await secretKeyText(secretKey, operation);
  const { stdout } = await runTool({
    operation,
    tool: 'nix',
    args: [...NIX, 'key', 'convert-secret-to-public'],
    input,
    signal,
  });
  return stdout.toString('utf8').trim();
}

/** `NAME:BASE64` of an Ed25519 key, as libsodium has it (crypto_sign_SECRETKEYBYTES). */
async function secretKeyText(file: string, operation: string): Promise<string> {
  const advice =
    'nix-store --generate-binary-cache-key NAME SECRET-FILE PUBLIC-FILE makes one; name the SECRET-FILE';
  try {
    const text = await describingNamedErrors(operation, () => readFile(file, 'utf8'));
    const key = /^[^\s:]+:([A-Za-z0-9+/]+=*)\s*$/.exec(text)?.[1] ?? '';
    if (Buffer.from(key, 'base64').length === SECRET_KEY_BYTES) return text;
  } catch (error) {
    if (!isSystemError(error) || (error.code !== 'ENOENT' && error.code !== 'EISDIR')) throw error;
    const reason = error.code === 'ENOENT' ? 'there is no such file' : 'it is a directory';
    throw new StrataError({ code: 'not-found', operation, reason, advice, cause: error });
  }
  throw new StrataError({ code: 'format', operation, reason: 'it holds no secret key', advice });
}

const SECRET_KEY_BYTES = 64;
