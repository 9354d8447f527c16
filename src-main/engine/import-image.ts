/**
 * An image that Strata exported, brought back: its snapshots with the ids they had, and the runs that made them. Each
 * snapshot is whole when it shows; an import that was stopped is completed by the next.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { draftName } from '../host/draft.ts';
import { describingFileErrors, makeDirectories } from '../host/durable.ts';
import { fullDisk, isFull, type RoomWanted } from '../host/full-disk.ts';
import { cancelled } from '../host/process.ts';
import { quoteForShell } from '../host/shell-word.ts';
import type { NixConfiguration } from '../nix/configuration.ts';
import { invalidPaths } from '../nix/closure.ts';
import { importStorePaths, registeredPaths } from '../nix/store-import.ts';
import { architectureOf } from '../nix/system.ts';
import { archiveSize, readLayer } from '../oci/blob.ts';
import { readTar } from '../oci/tar-reader.ts';
import { unpack } from '../oci/unpack.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import type { BuildSurroundings } from '../phases/preparation.ts';
import { runRecordText, type RunRecord } from '../phases/run-record.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { policyText } from '../sandbox/policy.ts';
import { deleteTree } from '../snapshots/tree-removal.ts';
import { IMAGE_FILES, LAYER_FILE } from './image-label.ts';
import { importLayer } from './imported-layer.ts';
import { recordedPreparation } from './recorded-build.ts';
import {
  labelledImage,
  notWhole,
  unpackedImage,
  unpackedRecord,
  unpackedRun,
  type LabelledImage,
  type UnpackedImage,
} from './unpacked-image.ts';

export interface ImageImportWish {
  /** A directory or an archive. */
  readonly source: string;
  /** Whether inputs that are missing here are put into the store, as the image has them: nobody signed them. */
  readonly inputs: 'leave' | 'add';
  /**
   * What shells in its states see of this machine: `strict`, what Nix would show, or what whoever made the image had chosen,
   * which can be all of it, while the image brings what such a shell runs.
   */
  readonly sandbox: 'strict' | 'as-recorded';
  /** Called as each snapshot is begun. */
  readonly onStep: (step: ImportStep) => void;
  readonly signal: AbortSignal;
}

export interface ImportStep {
  readonly phase: string;
  readonly number: number;
  readonly count: number;
}

export interface ImageImport {
  /** The snapshot that was exported, and the run it belongs to. */
  readonly snapshot: string;
  readonly run: string;
  readonly phase: string;
  readonly status: PhaseRecord['status'];
  /** How many snapshots were made, and how many were there already. */
  readonly added: number;
  readonly present: number;
  /** What the run's sandbox showed of the machine it was made on, and what shells in its states show of this one. */
  readonly policy: string;
  readonly sandbox: string;
  /** Inputs that are not in this machine's store; none where they were added. */
  readonly missingInputs: readonly string[];
  readonly addedInputs: number;
}

/**
 * @throws StrataError `not-found`, `format` where it is no image of Strata's or not whole, `environment` where it is for
 *   another machine or there is no room, `in-use` where another snapshot has the id of one of its own, `cancelled`.
 */
export async function importImage(
  store: PhaseStore,
  wish: ImageImportWish,
  surroundings: BuildSurroundings,
): Promise<ImageImport> {
  const source = resolve(wish.source);
  const operation = `importing ${source}`;
  // Where a sweep finds it.
  const scratch = join(store.root, draftName());
  let labelled: LabelledImage | null = null;
  try {
    return await describingFileErrors(operation, async () => {
      await makeDirectories(scratch);
      labelled = await labelledImage(source, scratch, wish.signal);
      checkMachine(operation, labelled, surroundings);
      const unpacked = await unpackedImage(labelled, scratch, wish.signal);
      return importUnpacked(store, unpacked, scratch, wish, surroundings);
    });
  } catch (error) {
    if (wish.signal.aborted) throw cancelled(operation);
    if (!isFull(error)) throw unreadable(operation, source, error) ?? error;
    const needed = await roomNeeded(source, labelled, wish).catch(() => null);
    await deleteTree(scratch);
    throw await noRoom(error, operation, store.root, needed, surroundings);
  } finally {
    await deleteTree(scratch);
  }
}

/** The error where a file of the image may not be read, which is no fault of the cache; null for all others. */
function unreadable(operation: string, source: string, error: unknown): StrataError | null {
  if (error instanceof StrataError) return unreadable(operation, source, error.cause);
  if (!isSystemError(error) || error.path?.startsWith(source) !== true) return null;
  if (error.code !== 'EACCES' && error.code !== 'EPERM') return null;
  return new StrataError({
    code: 'environment',
    operation,
    reason: `you may not read ${error.path}`,
    advice: `let its owner allow it: chmod -R a+rX ${quoteForShell(source)}; or ask for a copy`,
    cause: error,
  });
}

/** Snapshots fill the disk of the cache, and inputs that of the store, of which Nix speaks. */
async function noRoom(
  error: unknown,
  operation: string,
  cache: string,
  needed: RoomWanted['needed'],
  { storeDirectory }: BuildSurroundings,
): Promise<StrataError> {
  const isOfNix = error instanceof StrataError && error.code === 'nix';
  if (isOfNix) {
    return fullDisk(error, {
      operation,
      place: storeDirectory,
      needed: null,
      advice:
        'make room there: nix-collect-garbage removes what nothing needs; running it again goes on',
    });
  }
  return fullDisk(error, {
    operation,
    place: cache,
    needed,
    advice: [
      'make room there: strata gc --max-size SIZE removes snapshots nothing needs; running it again goes on',
      'or import into another cache: XDG_CACHE_HOME=DIR strata import …',
    ].join('\n'),
  });
}

/** What an archive takes as a directory, and of an image that could be opened what is unpacked of it. */
async function roomNeeded(
  source: string,
  labelled: LabelledImage | null,
  { inputs }: ImageImportWish,
): Promise<RoomWanted['needed']> {
  const given = await stat(source);
  const archive = given.isDirectory() ? 0 : given.size;
  if (labelled === null) return archive === 0 ? null : { bound: 'at least', bytes: archive };
  const { directory, image, label } = labelled;
  let bytes = archive;
  for (const [at, layer] of image.layers.entries()) {
    const kind = label.layers[at]?.kind;
    const isTaken = kind === 'inputs' ? inputs === 'add' : kind === 'snapshot' || kind === 'strata';
    if (isTaken) bytes += await archiveSize(directory, layer, layer.packing);
  }
  return { bound: 'about', bytes };
}

async function importUnpacked(
  store: PhaseStore,
  unpacked: UnpackedImage,
  scratch: string,
  wish: ImageImportWish,
  surroundings: BuildSurroundings,
): Promise<ImageImport> {
  const { label, files, directory, image } = unpacked;
  const { signal } = wish;
  const inLayers = label.layers.flatMap((layer, at) =>
    layer.kind === 'snapshot' ? [{ id: layer.snapshot, layer: image.layers[at] }] : [],
  );
  const snapshots = [...label.beside.map((id) => ({ id, layer: undefined })), ...inLayers];
  const runs = await runsOf(files);
  const made = { added: 0, present: 0 };
  let last: PhaseRecord | null = null;
  for (const [at, { id, layer }] of snapshots.entries()) {
    const record = await unpackedRecord(files, id);
    last = record;
    if (await isThere(store, record)) {
      made.present += 1;
      continue;
    }
    wish.onStep({ phase: record.phase, number: at + 1, count: snapshots.length });
    const beside = join(files, IMAGE_FILES.snapshots, id);
    const archive =
      layer === undefined
        ? createReadStream(join(beside, LAYER_FILE))
        : readLayer(directory, layer, layer.packing);
    await importLayer(store, record, archive, beside, signal);
    made.added += 1;
  }
  for (const run of runs) {
    const from = join(files, IMAGE_FILES.runs, run.id);
    const policy = wish.sandbox === 'strict' ? ({ kind: 'strict' } as const) : run.policy;
    await writeFile(join(from, 'run.json'), runRecordText({ ...run, policy }));
    await store.adoptRun(run.id, from);
  }
  const recorded = runs.find(({ id }) => id === label.run);
  // One that was here already stays as it is.
  const run = await store.run(label.run);
  if (last?.id !== label.snapshot || recorded === undefined || run === null) {
    throw notWhole('its snapshot is missing');
  }
  const inputs = await bringInputs(unpacked, scratch, wish, surroundings.storeDirectory);
  if (inputs.missing.length === 0) {
    // Keeps them from Nix's garbage collector.
    const { preparation } = await recordedPreparation(store, { record: last, run }, surroundings);
    await preparation.sandbox().catch((error: unknown) => {
      // What this machine lacks is said when a shell is opened; the snapshots are here.
      if (!(error instanceof StrataError) || error.code === 'cancelled') throw error;
    });
  }
  return {
    snapshot: label.snapshot,
    run: label.run,
    phase: last.phase,
    status: last.status,
    ...made,
    policy: policyText(recorded.policy),
    sandbox: policyText(run.policy),
    missingInputs: inputs.missing,
    addedInputs: inputs.added,
  };
}

/** A snapshot of the same id is the same, if it holds the same. @throws StrataError `in-use`. */
async function isThere(store: PhaseStore, record: PhaseRecord): Promise<boolean> {
  const there = await store.record(record.id);
  if (there === null) return false;
  if (there.contents === record.contents && there.createdAt === record.createdAt) return true;
  throw new StrataError({
    code: 'in-use',
    operation: `importing the snapshot ${record.id}`,
    reason: 'there is another one of that id',
    advice:
      'remove it (strata gc), or import into another cache: XDG_CACHE_HOME=DIR strata import …',
  });
}

async function runsOf(files: string): Promise<readonly RunRecord[]> {
  const ids = await readdir(join(files, IMAGE_FILES.runs)).catch(() => []);
  return Promise.all(ids.map(async (id) => unpackedRun(files, id)));
}

/** Finds out which inputs are missing, and adds them where that is wanted. */
async function bringInputs(
  { label, files, directory, image }: UnpackedImage,
  scratch: string,
  { inputs, signal }: ImageImportWish,
  storeDirectory: string,
): Promise<{ readonly missing: readonly string[]; readonly added: number }> {
  const known = await readFile(join(files, IMAGE_FILES.registration), 'utf8');
  const paths = registeredPaths(known);
  for (const path of paths) {
    if (path !== join(storeDirectory, basename(path))) throw notWhole(`${path} is no store path`);
  }
  const missing = await invalidPaths(paths, signal);
  if (missing.length === 0 || inputs === 'leave') return { missing, added: 0 };
  const root = join(scratch, 'store');
  const place = join(root, storeDirectory);
  await mkdir(place, { recursive: true });
  const prefix = `${storeDirectory.slice(1)}/`;
  for (const [at, layer] of image.layers.entries()) {
    if (label.layers[at]?.kind !== 'inputs') continue;
    const archive = readTar(readLayer(directory, layer, layer.packing));
    await unpack(archive, root, signal, (path) => path.startsWith(prefix));
  }
  const derivations = join(files, IMAGE_FILES.derivations);
  for (const name of await readdir(derivations)) {
    if (!existsSync(join(place, name))) await rename(join(derivations, name), join(place, name));
  }
  await importStorePaths(root, known, missing, signal);
  return { missing: [], added: missing.length };
}

/** @throws StrataError `environment` where the image is for machines of another kind. */
function checkMachine(
  operation: string,
  { image, label }: LabelledImage,
  { configuration, storeDirectory }: BuildSurroundings,
): void {
  if (label.storeDirectory !== storeDirectory) {
    throw new StrataError({
      code: 'environment',
      operation,
      reason: `its store is ${label.storeDirectory}, and that of this machine is ${storeDirectory}`,
    });
  }
  const { architecture } = image.config;
  const own = architectures(configuration);
  if (own.includes(architecture)) return;
  throw new StrataError({
    code: 'environment',
    operation,
    reason: `it is for ${architecture} (${label.system}), and this machine runs ${own.join(', ')}`,
    advice:
      'import it on such a machine; one that can run its programs names the system in extra-platforms in nix.conf',
  });
}

function architectures({ system, extraPlatforms }: NixConfiguration): readonly string[] {
  const names = [system, ...extraPlatforms].map((name) => architectureOf(name).architecture);
  return [...new Set(names)];
}
