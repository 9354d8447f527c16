/** An image as a directory, whatever it came as, and what Strata wrote in it. */
import { createReadStream } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readLayer } from '../oci/blob.ts';
import { openImage, type OpenedImage } from '../oci/layout.ts';
import { READING_TAR, readTar } from '../oci/tar-reader.ts';
import type { TarType } from '../oci/tar-entry.ts';
import { unpack } from '../oci/unpack.ts';
import { parsePhaseRecord, PHASE_RECORD_FILE, type PhaseRecord } from '../phases/phase-record.ts';
import { parseRunRecord, type RunRecord } from '../phases/run-record.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import {
  IMAGE_FILES,
  IMAGE_LABEL,
  OF_THE_CACHE,
  parseLabel,
  type ImageLabel,
} from './image-label.ts';

export interface LabelledImage {
  readonly directory: string;
  readonly image: OpenedImage;
  readonly label: ImageLabel;
}

export interface UnpackedImage extends LabelledImage {
  /** Where the last layer is unpacked, Strata's files in it. */
  readonly files: string;
}

/**
 * Opens an image.
 *
 * @param source a directory or an archive
 * @param scratch an empty directory for what is unpacked
 * @throws StrataError `not-found`, or `format` where it is no image, not one of Strata's, or not whole.
 */
export async function labelledImage(
  source: string,
  scratch: string,
  signal: AbortSignal,
): Promise<LabelledImage> {
  const directory = (await isDirectory(source)) ? source : join(scratch, 'image');
  if (directory !== source) {
    await mkdir(directory);
    await unpackArchive(source, directory, signal);
  }
  const image = await openImage(directory, source);
  const label = parseLabel(image.config.config?.Labels?.[IMAGE_LABEL] ?? '');
  if (label?.layers.length !== image.layers.length) {
    throw new StrataError({
      code: 'format',
      operation: `importing ${source}`,
      reason: 'it is an image, but not one that this version of Strata exported',
      advice: 'give what strata export oci wrote, or a copy that has all its layers',
    });
  }
  return { directory, image, label };
}

/** Unpacks Strata's own files of an image. @throws StrataError `format` where it is not whole. */
export async function unpackedImage(
  labelled: LabelledImage,
  scratch: string,
  signal: AbortSignal,
): Promise<UnpackedImage> {
  const { directory, image } = labelled;
  const files = join(scratch, 'files');
  await mkdir(files);
  const last = image.layers.at(-1);
  if (last === undefined) throw notWhole('it has no layers');
  const archive = readTar(readLayer(directory, last, last.packing));
  await unpack(archive, files, signal, isOfStrata);
  return { ...labelled, files };
}

/** What reads archives knows no names; the person has to know which file is meant. */
async function unpackArchive(
  source: string,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await unpack(readTar(createReadStream(source)), directory, signal, isOfImage);
  } catch (error) {
    if (!(error instanceof StrataError) || error.code !== 'format') throw error;
    throw new StrataError({
      code: 'format',
      operation: `importing ${source}`,
      reason:
        error.operation === READING_TAR
          ? `it is no tar archive, or a damaged one: ${error.reason}`
          : `${error.operation}: ${error.reason}`,
      advice: 'give an archive that strata export oci wrote, whole: get or export it again',
      cause: error,
    });
  }
}

/** An archive may hold whatever else its maker put beside the image. */
function isOfImage(path: string, type: TarType): boolean {
  return isPlain(type) && /^(oci-layout|index\.json|blobs(\/sha256(\/[0-9a-f]{64})?)?)$/.test(path);
}

function isOfStrata(path: string, type: TarType): boolean {
  return isPlain(type) && path.startsWith('.strata/') && !OF_THE_CACHE.has(basename(path));
}

/** A link in the place of a record would have a file of this machine read, copied or written over. */
function isPlain(type: TarType): boolean {
  return type === 'file' || type === 'directory' || type === 'hardlink';
}

/** The ids that {@link PhaseStore.newId} gives: they become names of directories. */
const ID = /^[a-z][a-z0-9]{9}$/;

/** A snapshot's record in an image. @throws StrataError `format`. */
export async function unpackedRecord(files: string, id: string): Promise<PhaseRecord> {
  const text = await textOf(files, IMAGE_FILES.snapshots, id, PHASE_RECORD_FILE);
  const record = parsePhaseRecord(text);
  if (record?.id !== id) throw notWhole(`the record of the snapshot ${id} is damaged`);
  return record;
}

/**
 * A run's record in an image, without the settings it gave to Nix: they are another machine's, and some name programs that
 * Nix would run. @throws StrataError `format`.
 */
export async function unpackedRun(files: string, id: string): Promise<RunRecord> {
  const record = parseRunRecord(await textOf(files, IMAGE_FILES.runs, id, 'run.json'));
  if (record?.id !== id) throw notWhole(`the record of the run ${id} is damaged`);
  return { ...record, options: [] };
}

async function textOf(files: string, place: string, id: string, name: string): Promise<string> {
  if (!ID.test(id)) throw notWhole(`${JSON.stringify(id)} is no id`);
  try {
    return await readFile(join(files, place, id, name), 'utf8');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw notWhole(`${place}/${id}/${name} is missing`);
  }
}

export function notWhole(reason: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: 'reading the records in the image',
    reason,
    advice: 'the image was changed: get or export it again',
  });
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    throw new StrataError({
      code: 'not-found',
      operation: `importing ${path}`,
      reason: 'there is no such file or directory',
      advice: 'give a directory or an archive that strata export oci wrote',
      cause: error,
    });
  }
}
