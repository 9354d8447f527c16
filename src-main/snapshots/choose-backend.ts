/** Which backend a store gets: overlay where the kernel and the file system let it, else copies. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFileError, makeDirectories, writeDurably } from '../host/durable.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { copySnapshotter } from './copy-snapshotter.ts';
import { probeOverlay, type OverlayProbe } from './overlay-probe.ts';
import { overlaySnapshotter } from './overlay-snapshotter.ts';
import { bootId } from './owner.ts';
import type { BackendName } from './record.ts';
import type { Snapshotter } from './snapshotter.ts';

export interface BackendChoice {
  readonly backend: BackendName;
  /** Why, as a clause: "overlay mounts work here". */
  readonly reason: string;
}

/** A snapshotter, and why it is the one it is. */
export interface OpenedStore extends BackendChoice {
  readonly snapshotter: Snapshotter;
}

/**
 * The snapshotter for a store. What the probe found is kept in the store until the next boot.
 *
 * @param root need not exist yet.
 * @param options.prefer takes this backend and no other.
 * @throws StrataError `environment` where overlay is wanted and refused.
 */
export async function openSnapshotter(
  root: string,
  options: { readonly prefer?: BackendName | undefined } = {},
): Promise<OpenedStore> {
  const choice = await chooseBackend(root, options.prefer);
  const snapshotter =
    choice.backend === 'overlay' ? overlaySnapshotter(root) : copySnapshotter(root);
  return { ...choice, snapshotter };
}

async function chooseBackend(
  root: string,
  prefer: BackendName | undefined,
): Promise<BackendChoice> {
  if (prefer === 'copy') return { backend: 'copy', reason: 'it was asked for' };
  const probe = await probeOnce(root);
  if (probe.kind === 'works') return { backend: 'overlay', reason: 'overlay mounts work here' };
  if (prefer === 'overlay') {
    throw new StrataError({
      code: 'environment',
      operation: `opening the snapshots in ${root}`,
      reason: `overlay mounts are refused: ${probe.reason}`,
      advice: 'let Strata copy whole trees instead, or see strata doctor',
    });
  }
  return { backend: 'copy', reason: `overlay mounts are refused: ${probe.reason}` };
}

const PROBE_SCHEMA = 1;

/** {@link probeOverlay}, or what it said earlier in this boot on the same file system for the same user. */
async function probeOnce(root: string): Promise<OverlayProbe> {
  const operation = `opening the snapshots in ${root}`;
  try {
    await makeDirectories(root);
    const circumstances = JSON.stringify({
      schema: PROBE_SCHEMA,
      boot: bootId(),
      device: (await stat(root)).dev,
      user: process.getuid?.() ?? null,
    });
    const file = join(root, 'backend.json');
    const earlier = await readProbe(file, circumstances);
    if (earlier !== undefined) return earlier;
    const probe = await probeOverlay(root);
    await writeDurably(file, `${JSON.stringify({ circumstances, probe })}\n`);
    return probe;
  } catch (error) {
    const described = describeFileError(operation, error);
    // A store that cannot be written can still be read, and says so again when something is to be written.
    if (described instanceof StrataError && (await isDirectory(root))) {
      return { kind: 'refused', reason: described.reason };
    }
    throw described;
  }
}

async function readProbe(file: string, circumstances: string): Promise<OverlayProbe | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof kept !== 'object' || kept === null) return undefined;
    if (!('circumstances' in kept) || kept.circumstances !== circumstances) return undefined;
    return 'probe' in kept ? parseProbe(kept.probe) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isSystemError(error)) return undefined;
    throw error;
  }
}

function parseProbe(value: unknown): OverlayProbe | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  if (value.kind === 'works') return { kind: 'works' };
  return value.kind === 'refused' && 'reason' in value && typeof value.reason === 'string'
    ? { kind: 'refused', reason: value.reason }
    : undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
