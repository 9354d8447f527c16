/**
 * A snapshot as an OCI image: the inputs, the base and each phase as a layer, and as the last layer what lets a shell open
 * in the state, and Strata bring the snapshots back (import-image.ts).
 *
 * The image is written beside where it is to be and renamed when it is whole.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { draftName } from '../host/draft.ts';
import { describingFileErrors, makeNamedDirectories, renameDurably } from '../host/durable.ts';
import { fullDisk, isFull } from '../host/full-disk.ts';
import { quoteForShell } from '../host/shell-word.ts';
import { cancelled } from '../host/process.ts';
import { impureVariables } from '../nix/build-environment.ts';
import { closure, isValid, registration } from '../nix/closure.ts';
import { derivationName } from '../nix/store-path.ts';
import { architectureOf } from '../nix/system.ts';
import { writeLayer, type Compression, type LayerBlob } from '../oci/blob.ts';
import { beginImage, finishImage, type ImageConfig } from '../oci/layout.ts';
import { packListed } from '../oci/layer-entries.ts';
import { withContents } from '../oci/packed-tree.ts';
import { BUILDER, ROOT, directoryEntry, fileEntry, type PackedEntry } from '../oci/tar-entry.ts';
import { tarBytes, tarSize } from '../oci/tar-writer.ts';
import { isBash } from '../phases/builder-script.ts';
import { valueText } from '../phases/declarations.ts';
import { withoutDisplayLines } from '../phases/display-lines.ts';
import { hookFile } from '../phases/hook-files.ts';
import type { PhaseRecord } from '../phases/phase-record.ts';
import type { PhaseStore } from '../phases/phase-store.ts';
import {
  environmentState,
  type BuildSurroundings,
  type Preparation,
} from '../phases/preparation.ts';
import { restoreScript } from '../phases/restore-script.ts';
import { SHELL_SCRIPT, type SandboxSetting } from '../phases/sandbox-process.ts';
import type { ShellState } from '../phases/shell-state.ts';
import { findSnapshot } from '../phases/snapshot-reference.ts';
import { stateInRun } from '../phases/state-in-run.ts';
import { StrataError } from '../protocol/errors.ts';
import { withLocals } from '../shells/failure-locals.ts';
import { greeting, prompt } from '../shells/greeting.ts';
import { listTree } from '../snapshots/listing.ts';
import { exportedSnapshots, type ExportedSnapshots } from './exported-snapshots.ts';
import {
  baseEntries,
  besideEntries,
  boundEntries,
  hookEntry,
  hostEntries,
  runEntries,
  snapshotEntries,
  sortedBinds,
  storeEntries,
  type SortedBinds,
} from './image-layers.ts';
import { IMAGE_FILES, IMAGE_LABEL, LAYER_FILE, labelText, type ImageLabel } from './image-label.ts';
import { recordedPreparation } from './recorded-build.ts';

export interface ImageExportWish {
  /** A directory, or where the name ends in `.tar` an archive of one. */
  readonly destination: string;
  readonly compression: Compression;
  /** Whether directories of the host that the sandbox shows go into the image too; single files always do. */
  readonly hostPaths: 'files' | 'all';
  /** Called as each layer is begun. */
  readonly onStep: (step: ExportStep) => void;
  readonly signal: AbortSignal;
}

export interface ExportStep {
  /** What the layer is, such as `inputs` or `buildPhase`. */
  readonly layer: string;
  readonly number: number;
  readonly count: number;
}

export interface ImageExport {
  readonly destination: string;
  readonly snapshot: string;
  /** The manifest's. */
  readonly digest: string;
  /** Bytes of the layers as they are in the image. */
  readonly bytes: number;
  readonly layers: number;
  /** Directories of this host that the sandbox shows and the image does not hold. */
  readonly missingHostPaths: readonly string[];
  /** Sockets and devices, which no image holds, and files of the host that this user may not read. */
  readonly leftOut: readonly string[];
  /** Variables in it that the builder had from whoever built (`impureEnvVars`), such as proxies with their passwords. */
  readonly impureVariables: readonly string[];
  /** A command that opens the state. */
  readonly podman: string;
}

/** A layer that is to be written. */
interface LayerPlan {
  readonly label: ImageLabel['layers'][number];
  readonly title: string;
  readonly entries: () => AsyncIterable<PackedEntry>;
}

/**
 * Writes the image.
 *
 * @throws StrataError `not-found`, `usage` where no tool could name the destination, `in-use` where it is there already,
 *   `environment` where it cannot be written, `cancelled`, and what realising inputs throws. Nothing is left behind then.
 */
export async function exportImage(
  store: PhaseStore,
  reference: string,
  wish: ImageExportWish,
  surroundings: BuildSurroundings,
): Promise<ImageExport> {
  const destination = resolve(wish.destination);
  const found = await findSnapshot(store, reference);
  const operation = `exporting ${derivationName(found.record.derivation)} after ${found.record.phase} to ${destination}`;
  if (destination.includes(':')) throw unnameable(operation);
  if (existsSync(destination)) throw taken(operation, destination);
  const { preparation, run } = await recordedPreparation(store, found, surroundings);
  const setting = await preparation.sandbox();
  const exported = await exportedSnapshots(store, found);
  const binds = sortedBinds(setting, wish.hostPaths);
  const { record } = found;
  const state = record.hasState
    ? await stateInRun(store, record, run)
    : environmentState(preparation.environment);
  const leftOut: string[] = [];
  const drafts = join(dirname(destination), draftName());
  const image = join(drafts, basename(destination));
  const spooled = join(drafts, 'beside');
  const own = { store, record, state, preparation, exported, binds, spooled, wish };
  const below = [
    ...lowerLayers(setting, binds, leftOut),
    ...exported.lineage.map((one) => snapshotLayer(store, one, leftOut)),
  ];
  const plans = [
    ...below,
    {
      label: { kind: 'strata' as const },
      title: 'state and records',
      entries: () => strataEntries(own),
    },
  ];
  return describingFileErrors(operation, async () => {
    try {
      await makeNamedDirectories(spooled, operation);
      const directory = isArchive(destination) ? join(drafts, 'image') : image;
      await beginImage(directory);
      const layers: LayerBlob[] = [];
      for (const [at, { title, entries }] of plans.entries()) {
        wish.onStep({ layer: title, number: at + 1, count: plans.length });
        layers.push(
          await writeLayer(directory, tarBytes(entries()), wish.compression, wish.signal),
        );
      }
      const label = labelText({
        snapshot: record.id,
        run: run.id,
        system: preparation.system,
        storeDirectory: setting.storeDirectory,
        layers: plans.map((plan) => plan.label),
        beside: exported.beside.map(({ id }) => id),
      });
      const config = imageConfig({ record, state, preparation, plans, layers, label });
      const digest = await finishImage(directory, config, layers, {
        compression: wish.compression,
        reference: imageName(record),
      });
      if (isArchive(destination)) await archive(directory, image, wish.signal);
      if (existsSync(destination)) throw taken(operation, destination);
      await renameDurably(image, destination);
      return {
        destination,
        snapshot: record.id,
        digest,
        bytes: layers.reduce((sum, { size }) => sum + size, 0),
        layers: layers.length,
        missingHostPaths: binds.leftOut.map(({ target }) => target),
        leftOut,
        impureVariables: impureVariables(preparation.request.derivation).filter(
          (name) => (valueOf(state, name) ?? '') !== '',
        ),
        podman: podmanCommand(destination, binds),
      };
    } catch (error) {
      if (wish.signal.aborted) throw cancelled(operation);
      if (!isFull(error)) throw error;
      await rm(drafts, { recursive: true, force: true });
      throw await noRoom(error, destination, operation, () => roomNeeded(below, own, destination));
    } finally {
      await rm(drafts, { recursive: true, force: true });
    }
  });
}

function lowerLayers(
  setting: SandboxSetting,
  binds: SortedBinds,
  leftOut: string[],
): readonly LayerPlan[] {
  const inputs: LayerPlan = {
    label: { kind: 'inputs' },
    title: 'inputs',
    entries: () => storeEntries(binds.inputs),
  };
  const host: LayerPlan = {
    label: { kind: 'host' },
    title: 'paths of the host',
    entries: () => boundEntries(binds.host, (paths) => leftOut.push(...paths)),
  };
  const base: LayerPlan = {
    label: { kind: 'base' },
    title: 'base',
    entries: () => baseEntries(setting, [...binds.inputs, ...binds.host]),
  };
  return [
    ...(binds.inputs.length > 0 ? [inputs] : []),
    ...(binds.host.length > 0 ? [host] : []),
    base,
  ];
}

function snapshotLayer(
  store: PhaseStore,
  { id, phase, status }: PhaseRecord,
  leftOut: string[],
): LayerPlan {
  return {
    label: { kind: 'snapshot', snapshot: id },
    title: status === 'succeeded' ? phase : `${phase} (${status})`,
    entries: () => snapshotEntries(store, id, (paths) => leftOut.push(...paths)),
  };
}

interface StrataLayer {
  readonly store: PhaseStore;
  readonly record: PhaseRecord;
  readonly state: ShellState;
  readonly preparation: Preparation;
  readonly exported: ExportedSnapshots;
  readonly binds: SortedBinds;
  /** A directory for files that are made for the layer. */
  readonly spooled: string;
  readonly wish: Pick<ImageExportWish, 'signal'>;
}

async function* strataEntries(layer: StrataLayer): AsyncGenerator<PackedEntry> {
  const { store, exported, preparation, binds, spooled, wish } = layer;
  yield directoryEntry('.strata', 0o755, BUILDER);
  yield* shellEntries(layer);
  const { derivationPath } = preparation.request;
  // The store may have collected it; then whoever imports the image can look at it, and enter it where the inputs are.
  const derivations = (await isValid([derivationPath], wish.signal))
    ? await closure([derivationPath], wish.signal)
    : [];
  const inputs = binds.inputs.map(({ source }) => source);
  yield directoryEntry(IMAGE_FILES.derivations, 0o755, BUILDER);
  for (const path of derivations.filter((one) => !inputs.includes(one))) {
    yield* hostEntries(path, `${IMAGE_FILES.derivations}/${basename(path)}`, ROOT);
  }
  const known = await registration(
    [...new Set([...inputs, ...derivations])].toSorted(),
    wish.signal,
  );
  yield fileEntry(IMAGE_FILES.registration, known, 0o644, BUILDER);
  yield directoryEntry(IMAGE_FILES.snapshots, 0o755, BUILDER);
  for (const { id } of exported.lineage) {
    yield* besideEntries(store, id, `${IMAGE_FILES.snapshots}/${id}`);
  }
  for (const { id } of exported.beside) {
    yield* besideEntries(store, id, `${IMAGE_FILES.snapshots}/${id}`);
    // Its size must be known before it is packed.
    const entries = snapshotEntries(store, id, () => undefined);
    await pipeline(
      Readable.from(tarBytes(entries), { objectMode: false }),
      createWriteStream(join(spooled, id)),
    );
    const listed = (await listTree(spooled)).filter(({ path }) => path === `/${id}`);
    const packed = withContents(spooled, packListed(listed, new Map(), BUILDER).entries);
    for (const { entry, open } of packed) {
      const path = `${IMAGE_FILES.snapshots}/${id}/${LAYER_FILE}`;
      yield { entry: { ...entry, path, mode: 0o644 }, open };
    }
  }
  yield directoryEntry(IMAGE_FILES.runs, 0o755, BUILDER);
  for (const run of exported.runs) {
    yield* runEntries(store.runDirectory(run.id), run, `${IMAGE_FILES.runs}/${run.id}`);
  }
}

/** What a shell reads when it starts, as in a sandbox (shells/shell-layer.ts). */
async function* shellEntries({ store, record, state }: StrataLayer): AsyncGenerator<PackedEntry> {
  const failure = await store.failureState(record.id);
  const shown = withoutDisplayLines(withLocals(state, failure));
  const args = `set -- ${state.args.map(quoteForShell).join(' ')}\n`;
  const texts: readonly (readonly [string, string | Uint8Array])[] = [
    ['arguments.bash', args],
    ['greeting', greeting(record, state, 'discarded')],
    ['mode', 'shell'],
    ['prompt', prompt(record)],
    ['restore.bash', restoreScript(shown)],
  ];
  for (const [name, text] of texts) yield fileEntry(`.strata/${name}`, text, 0o644, BUILDER);
  for (const name of ['hook.bash', 'shell.bash'] as const) {
    yield hookEntry(`.strata/${name}`, hookFile(name));
  }
}

/** The configuration: the state's exported variables, the sandbox's user, the state's directory, its shell. */
function imageConfig({
  record,
  state,
  preparation,
  plans,
  layers,
  label,
}: {
  readonly record: PhaseRecord;
  readonly state: ShellState;
  readonly preparation: Preparation;
  readonly plans: readonly LayerPlan[];
  readonly layers: readonly LayerBlob[];
  readonly label: string;
}): ImageConfig {
  const exported = [...state.variables]
    .filter(([, { attributes, value }]) => attributes.includes('x') && value?.kind === 'scalar')
    .map(([name, variable]) => [name, valueText(variable)] as const);
  const env = new Map([...preparation.environment.env]);
  // Those of now are nothing that the state had.
  for (const name of impureVariables(preparation.request.derivation)) env.set(name, '');
  for (const [name, value] of [...exported, ['TERM', 'xterm-256color'] as const]) {
    env.set(name, value);
  }
  const bash = [state.bash, '--noprofile', '--rcfile', SHELL_SCRIPT, '-i'];
  return {
    created: record.createdAt,
    ...architectureOf(preparation.system),
    os: 'linux',
    config: {
      User: `${BUILDER.user}:${BUILDER.group}`,
      Env: [...env].map(([name, value]) => `${name}=${value}`).toSorted(),
      Cmd: record.hasState && isBash(state.bash) ? bash : ['/bin/sh'],
      WorkingDir: state.directory,
      Labels: { [IMAGE_LABEL]: label },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: plans.map(({ title }) => ({
      created: record.createdAt,
      created_by: `strata: ${title}`,
      comment: derivationName(record.derivation),
    })),
  };
}

function valueOf({ variables }: ShellState, name: string): string | null {
  const variable = variables.get(name);
  return variable?.value?.kind === 'scalar' ? valueText(variable) : null;
}

/** What podman takes for the name of an image: no capital letters, and few signs (distribution-spec, "Pulling manifests"). */
function imageName({ derivation, phase }: PhaseRecord): string {
  const name = `${derivationName(derivation)}-${phase}`.toLowerCase();
  return name
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 100)
    .replace(/-+$/, '');
}

function isArchive(destination: string): boolean {
  return destination.endsWith('.tar');
}

async function archive(directory: string, file: string, signal: AbortSignal): Promise<void> {
  const entries = withContents(
    directory,
    packListed(await listTree(directory), new Map(), ROOT).entries,
  );
  await pipeline(Readable.from(tarBytes(entries), { objectMode: false }), createWriteStream(file), {
    signal,
  });
}

function podmanCommand(destination: string, { leftOut }: SortedBinds): string {
  const volumes = leftOut.flatMap(({ source, target }) => ['-v', `${source}:${target}:ro`]);
  const transport = isArchive(destination) ? 'oci-archive' : 'oci';
  const words = ['podman', 'run', '--rm', '-it', '--network', 'none', ...volumes];
  return [...words, `${transport}:${destination}`].map(quoteForShell).join(' ');
}

function unnameable(operation: string): StrataError {
  return new StrataError({
    code: 'usage',
    operation,
    reason: 'podman and skopeo take what stands behind a colon for the name of an image',
    advice: 'choose a path without one',
  });
}

function taken(operation: string, destination: string): StrataError {
  return new StrataError({
    code: 'in-use',
    operation,
    reason: `there is a ${destination} already`,
    advice: 'name another, or remove it',
  });
}

/** The advice for Strata's own cache would mislead: the destination is the person's. */
async function noRoom(
  error: unknown,
  destination: string,
  operation: string,
  asking: () => Promise<number>,
): Promise<StrataError> {
  // What has to be asked for it may fail as well; the full disk is what counts.
  const bytes = await asking().catch(() => null);
  return fullDisk(error, {
    operation,
    place: dirname(destination),
    needed: bytes === null ? null : { bound: 'up to', bytes },
    advice: 'make room there, or name a place on a larger file system; nothing was left behind',
  });
}

/** What all layers take before they are compressed; an archive is written beside them. */
async function roomNeeded(
  below: readonly LayerPlan[],
  own: StrataLayer,
  destination: string,
): Promise<number> {
  const { store, exported } = own;
  // Those beside are spooled first, which there is no room for.
  const spooled = exported.beside.map(({ id }) => snapshotEntries(store, id, () => undefined));
  const last = strataEntries({ ...own, exported: { ...exported, beside: [] } });
  let bytes = 0;
  for (const entries of spooled) bytes += 2 * (await tarSize(entries));
  for (const entries of [...below.map((plan) => plan.entries()), last]) {
    bytes += await tarSize(entries);
  }
  return isArchive(destination) ? 2 * bytes : bytes;
}
