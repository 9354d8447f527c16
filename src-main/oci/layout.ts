/**
 * An image on the disk (OCI image-spec v1.1: image-layout.md, manifest.md, config.md): a directory with
 *
 *     oci-layout                  which version
 *     index.json                  names the manifest
 *     blobs/sha256/HEX            the manifest, the configuration and the layers
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { describingFileErrors } from '../host/durable.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import {
  blobPath,
  readSmallBlob,
  type Blob,
  type Compression,
  type LayerBlob,
  type Packing,
} from './blob.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER_TYPES: Readonly<Record<Compression, string>> = {
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  none: 'application/vnd.oci.image.layer.v1.tar',
};
/** What others write too (layer.md, "+zstd"). */
const PACKINGS: Readonly<Record<string, Packing>> = {
  [LAYER_TYPES.gzip]: 'gzip',
  [LAYER_TYPES.none]: 'none',
  'application/vnd.oci.image.layer.v1.tar+zstd': 'zstd',
};
/** The name of an image in a layout (annotations.md); podman and skopeo take it after a colon. */
const REFERENCE = 'org.opencontainers.image.ref.name';

const descriptorSchema = z.object({
  mediaType: z.string(),
  digest: z.string(),
  size: z.number().int().nonnegative(),
  annotations: z.record(z.string(), z.string()).optional(),
});

const indexSchema = z.object({
  schemaVersion: z.literal(2),
  manifests: z.array(descriptorSchema),
});

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
});

const configSchema = z.object({
  created: z.string().optional(),
  architecture: z.string(),
  variant: z.string().optional(),
  os: z.string(),
  config: z
    .object({
      User: z.string().optional(),
      Env: z.array(z.string()).optional(),
      Cmd: z.array(z.string()).optional(),
      WorkingDir: z.string().optional(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .optional(),
  rootfs: z.object({ type: z.literal('layers'), diff_ids: z.array(z.string()) }),
  history: z
    .array(
      z.object({
        created: z.string().optional(),
        created_by: z.string().optional(),
        comment: z.string().optional(),
      }),
    )
    .optional(),
});

export type ImageConfig = Readonly<z.infer<typeof configSchema>>;

export interface OpenedImage {
  readonly config: ImageConfig;
  /** The lowest first. */
  readonly layers: readonly (LayerBlob & { readonly packing: Packing })[];
}

/** Makes the directories of an image that is to be written. */
export async function beginImage(directory: string): Promise<void> {
  await mkdir(join(directory, 'blobs', 'sha256'), { recursive: true });
}

/** Writes all of an image but its layers, which are there already, and gives the manifest's digest. */
export async function finishImage(
  directory: string,
  config: ImageConfig,
  layers: readonly LayerBlob[],
  { compression, reference }: { readonly compression: Compression; readonly reference: string },
): Promise<string> {
  const configBlob = await writeJson(directory, config);
  const manifest = await writeJson(directory, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: CONFIG, ...configBlob },
    layers: layers.map(({ digest, size }) => ({
      mediaType: LAYER_TYPES[compression],
      digest,
      size,
    })),
  });
  const index = {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [{ mediaType: MANIFEST, ...manifest, annotations: { [REFERENCE]: reference } }],
  };
  await writeFile(join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(directory, 'index.json'), JSON.stringify(index));
  return manifest.digest;
}

/**
 * Opens the one image of a directory. The digests of manifest and configuration are checked.
 *
 * @param called how the person calls it, where that is another place: an archive
 * @throws StrataError `not-found`, or `format` where it is none, or not whole.
 */
export async function openImage(directory: string, called = directory): Promise<OpenedImage> {
  const layout = await readText(directory, 'oci-layout', called);
  const { imageLayoutVersion } = parse(
    z.object({ imageLayoutVersion: z.string() }),
    layout,
    called,
  );
  if (!imageLayoutVersion.startsWith('1.')) {
    throw noImage(called, `it is a layout of the unknown version ${imageLayoutVersion}`);
  }
  const { manifests } = parse(indexSchema, await readText(directory, 'index.json', called), called);
  const [only, another] = manifests.filter(({ mediaType }) => mediaType === MANIFEST);
  if (only === undefined) throw noImage(called, 'its index names no image');
  if (another !== undefined) throw noImage(called, 'its index names several images');
  const manifest = parse(manifestSchema, (await readSmallBlob(directory, only)).toString(), called);
  const config = parse(
    configSchema,
    (await readSmallBlob(directory, manifest.config)).toString(),
    called,
  );
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    throw noImage(called, 'its manifest and its configuration have another number of layers');
  }
  const layers = manifest.layers.map(({ mediaType, digest, size }, at) => ({
    digest,
    size,
    diffId: diffIds[at] ?? '',
    packing: packingOf(mediaType, called),
  }));
  return { config, layers };
}

function packingOf(mediaType: string, called: string): Packing {
  const found = PACKINGS[mediaType];
  if (found !== undefined) return found;
  throw new StrataError({
    code: 'format',
    operation: `reading the image ${called}`,
    reason: `it has layers of the type ${mediaType}`,
    advice:
      'let skopeo write them again: skopeo copy --dest-compress-format gzip oci:DIR oci:OTHER',
  });
}

async function writeJson(directory: string, value: unknown): Promise<Blob> {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await writeFile(blobPath(directory, digest), bytes);
  return { digest, size: bytes.length };
}

async function readText(directory: string, name: string, called: string): Promise<string> {
  try {
    return await describingFileErrors(`reading the image ${called}`, () =>
      readFile(join(directory, name), 'utf8'),
    );
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') {
      throw noImage(called, `there is no ${name} in it`);
    }
    throw error;
  }
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  called: string,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw noImage(called, error instanceof Error ? error.message : String(error));
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw noImage(called, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`);
}

function noImage(called: string, reason: string): StrataError {
  return new StrataError({
    code: 'format',
    operation: `reading the image ${called}`,
    reason,
    advice:
      'name what strata export oci wrote; from another place skopeo brings an image: skopeo copy docker://NAME oci:DIR',
  });
}
