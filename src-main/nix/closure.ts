/** Questions to the store about paths that should be there. */
import { runTool } from '../host/process.ts';
import { byteOrder } from './byte-order.ts';
import { parseValidityRegistration } from './references-graph.ts';
import type { ReferencesGraph } from './references-graph.ts';

/** Bytes of paths in one command: the kernel takes 2 MiB of arguments and environment together. */
const ARGUMENT_BYTES = 512 * 1024;

/** The arguments in runs that each fit one command; no run is empty. */
export function argumentBatches(args: readonly string[], limit = ARGUMENT_BYTES): string[][] {
  const batches: string[][] = [];
  let bytes = Infinity;
  for (const arg of args) {
    // The kernel counts the text, its NUL and a pointer.
    const size = Buffer.byteLength(arg) + 9;
    if (bytes + size > limit) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(arg);
    bytes += size;
  }
  return batches;
}

/**
 * The paths and all they refer to, each once, sorted.
 *
 * @throws StrataError `nix` where one of the paths is not valid.
 */
export async function closure(paths: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const found = await eachBatch(paths, ['--query', '--requisites'], 'listing the closure', signal);
  return sortedLines(found);
}

/** Whether every path is in the store, whole and registered. Costs one short process. */
export async function isValid(paths: readonly string[], signal?: AbortSignal): Promise<boolean> {
  return (await invalidPaths(paths, signal)).length === 0;
}

/** Those of the paths that are not in the store, or not whole. */
export async function invalidPaths(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const args = ['--check-validity', '--print-invalid'];
  const found = await eachBatch(paths, args, 'looking whether paths are in the store', signal);
  return sortedLines(found);
}

/** The sizes of the paths' archives together, before compression. @throws StrataError `nix` where one is not valid. */
export async function archiveSizes(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const found = await eachBatch(paths, ['--query', '--size'], 'asking how large paths are', signal);
  return found.split('\n').reduce((sum, line) => sum + Number(line), 0);
}

/**
 * The closure of a path as `exportReferencesGraph` wants it: where a derivation is in it, its outputs' closures too.
 *
 * @throws StrataError `nix` where the path is not valid.
 */
export async function referencesGraph(
  path: string,
  signal?: AbortSignal,
): Promise<ReferencesGraph> {
  const operation = `reading the references of ${path}`;
  const query = ['--query', '--requisites', '--include-outputs'];
  const paths = sortedLines(await eachBatch([path], query, operation, signal));
  const text = await eachBatch(paths, ['--dump-db'], operation, signal);
  return parseValidityRegistration(text, await contentAddresses(paths, signal));
}

/** `nix path-info --json` is a list until Nix 2.18 and an object by path since 2.19. */
export function parseContentAddresses(json: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) return found;
  for (const [key, info] of Object.entries(parsed) as [string, unknown][]) {
    if (typeof info !== 'object' || info === null || !('ca' in info)) continue;
    const path = 'path' in info ? info.path : key;
    if (typeof path === 'string' && typeof info.ca === 'string') found.set(path, info.ca);
  }
  return found;
}

async function contentAddresses(
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const found: (readonly [string, string])[] = [];
  for (const batch of argumentBatches(paths)) {
    const { stdout } = await runTool({
      operation: 'reading the content addresses of store paths',
      tool: 'nix',
      args: ['--extra-experimental-features', 'nix-command', 'path-info', '--json', ...batch],
      signal,
    });
    found.push(...parseContentAddresses(stdout.toString('utf8')));
  }
  return new Map(found);
}

async function eachBatch(
  paths: readonly string[],
  args: readonly string[],
  operation: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  let output = '';
  for (const batch of argumentBatches(paths)) {
    const call = { operation, tool: 'nix-store', args: [...args, ...batch], signal };
    output += (await runTool(call)).stdout.toString('utf8');
  }
  return output;
}

function sortedLines(text: string): string[] {
  return [...new Set(text.split('\n').filter((line) => line !== ''))].sort(byteOrder);
}

/**
 * What the store knows of paths beside their files (hash, size, references), as `nix-store --load-db` takes it.
 *
 * @throws StrataError `nix` where one of the paths is not valid.
 */
export async function registration(
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  return eachBatch(paths, ['--dump-db'], 'reading what the store knows of paths', signal);
}
