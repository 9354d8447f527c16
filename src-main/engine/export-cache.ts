/** What builds need and give, as a binary cache in a directory that any Nix can fetch from. */
import { resolve } from 'node:path';
import {
  brokenEntries,
  cacheState,
  cacheUri,
  copyToCache,
  listThroughCache,
  pathsWithoutEntry,
  publicKey,
  removeEntries,
  signEntries,
  type CacheCompression,
} from '../nix/binary-cache.ts';
import { archiveSizes, closure } from '../nix/closure.ts';
import type { RealisationProgress } from '../nix/realisation-progress.ts';
import { makeNamedDirectories } from '../host/durable.ts';
import { fullDisk, isFull } from '../host/full-disk.ts';
import { StrataError } from '../protocol/errors.ts';

export interface CacheExportWish {
  readonly directory: string;
  readonly compression: CacheCompression;
  /** A file that `nix-store --generate-binary-cache-key` made; null to sign nothing. */
  readonly secretKey: string | null;
  readonly onProgress: (progress: RealisationProgress) => void;
  readonly signal: AbortSignal;
}

export interface CacheExport {
  readonly directory: string;
  /** Store paths that were wanted, with all they refer to; each was found through the cache. */
  readonly paths: number;
  /** Entries of an earlier export that did not match their archives, and were written anew. */
  readonly repaired: readonly string[];
  /** Whose signatures the cache has; null where nothing was signed. */
  readonly publicKey: string | null;
  /** What Nix is told to fetch from it: settings of nix.conf. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** A container that fetches from it: options of podman and docker. */
  readonly container: readonly string[];
}

/**
 * Copies paths with all they refer to, and lists them again through the cache.
 *
 * @throws StrataError `format` where the directory is no cache, or one of another store; `nix`, `environment`, `cancelled`:
 *   what was copied until then is a valid cache.
 */
export async function exportCache(
  roots: readonly string[],
  wish: CacheExportWish,
  storeDirectory: string,
): Promise<CacheExport> {
  const directory = resolve(wish.directory);
  const { signal } = wish;
  cacheUri(directory);
  const state = await cacheState(directory);
  if (state.kind === 'other') {
    throw new StrataError({
      code: 'format',
      operation: `exporting to ${directory}`,
      reason: state.reason,
      advice: 'name a binary cache, an empty directory, or one that is to be made',
    });
  }
  if (state.kind === 'cache' && state.storeDirectory !== storeDirectory) {
    throw new StrataError({
      code: 'format',
      operation: `exporting to ${directory}`,
      reason: `it is a cache of the store ${state.storeDirectory}, and this one is ${storeDirectory}`,
      advice: 'name another directory',
    });
  }
  const secretKey = wish.secretKey === null ? null : resolve(wish.secretKey);
  const key = secretKey === null ? null : await publicKey(secretKey, signal);
  const paths = await closure(roots, signal);
  // Nix takes an entry's word for its archive, and would leave what is broken as it is. Hashing is quicker by far than the
  // compressing that it saves.
  const { broken } =
    state.kind === 'cache'
      ? await brokenEntries(directory, paths, 'archives', signal)
      : { broken: [] };
  await removeEntries(broken);
  const added = pathsWithoutEntry(directory, paths);
  const repaired = [...broken];
  try {
    await makeNamedDirectories(directory, `exporting to ${directory}`);
    await copyToCache(directory, roots, { ...wish, secretKey });
    // An archive without an entry, as somebody's interruption leaves it, Nix takes for whole by its name.
    const taken = await brokenEntries(directory, added, 'files', signal);
    if (taken.broken.length > 0) {
      await removeEntries(taken.broken);
      await copyToCache(directory, roots, { ...wish, secretKey });
      repaired.push(...taken.broken.filter(({ file }) => !broken.some((one) => one.file === file)));
    }
    if (secretKey !== null && key !== null) {
      const [name = ''] = key.split(':');
      await signEntries(directory, paths, secretKey, name, signal);
    }
  } catch (error) {
    throw isFull(error) ? await noRoom(error, directory, paths, signal) : error;
  }
  const listed = new Set(await listThroughCache(directory, roots, signal));
  const after = await brokenEntries(directory, paths, 'sizes', signal);
  const missing = paths.find((path) => !listed.has(path));
  const [wrong] = after.broken;
  if (missing !== undefined || wrong !== undefined) {
    throw new StrataError({
      code: 'format',
      operation: `listing the binary cache ${directory}`,
      reason:
        wrong === undefined ? `${missing ?? ''} is not in it` : `${wrong.file}: ${wrong.reason}`,
      advice: 'somebody else changes the directory; run it again when they are done',
    });
  }
  return {
    directory,
    paths: paths.length,
    repaired: repaired.map(({ file }) => file),
    publicKey: key,
    settings: cacheSettings(directory, key),
    container: [
      '-v',
      `${directory}:${directory}:ro`,
      '-e',
      `NIX_CONFIG=${settingsText(cacheSettings(directory, key))}`,
    ],
  };
}

async function noRoom(
  error: unknown,
  directory: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<StrataError> {
  const bytes = await archiveSizes(pathsWithoutEntry(directory, paths), signal).catch(() => null);
  return fullDisk(error, {
    operation: `exporting to ${directory}`,
    place: directory,
    needed: bytes === null ? null : { bound: 'up to', bytes },
    advice:
      'make room there and run it again: what was copied until now is a valid cache, to which it goes on',
  });
}

/** The settings that let Nix fetch from a cache. Without a signature it must be told to trust what is there. */
export function cacheSettings(
  directory: string,
  key: string | null,
): readonly (readonly [name: string, value: string])[] {
  const uri = cacheUri(directory);
  return key === null
    ? [['extra-substituters', `${uri}?trusted=1`]]
    : [
        ['extra-substituters', uri],
        ['extra-trusted-public-keys', key],
      ];
}

function settingsText(settings: readonly (readonly [string, string])[]): string {
  return settings.map(([name, value]) => `${name} = ${value}`).join('\n');
}
