/** Images on the disk, changed as a test wants them: with the digests of what was changed. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLayer } from '../../../src-main/oci/blob.ts';
import type { PackedEntry } from '../../../src-main/oci/tar-entry.ts';
import { tarBytes } from '../../../src-main/oci/tar-writer.ts';

interface Descriptor {
  digest: string;
  size: number;
}

interface Index {
  manifests: [Descriptor];
}

interface Manifest {
  config: Descriptor;
  layers: (Descriptor & { mediaType: string })[];
}

export interface Config {
  architecture: string;
  config: { Labels: Record<string, string>; User: string; WorkingDir: string; Env: string[] };
  rootfs: { diff_ids: string[] };
  history: { created_by: string }[];
}

export function blobFile(image: string, digest: string): string {
  return join(image, 'blobs', 'sha256', digest.replace('sha256:', ''));
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function manifestOf(image: string): Manifest {
  const index = read(join(image, 'index.json')) as Index;
  return read(blobFile(image, index.manifests[0].digest)) as Manifest;
}

export function configOf(image: string): Config {
  return read(blobFile(image, manifestOf(image).config.digest)) as Config;
}

/** Writes the image's manifest and configuration anew after `change`. */
export function rewrite(image: string, change: (config: Config, manifest: Manifest) => void): void {
  const [config, manifest] = [configOf(image), manifestOf(image)];
  change(config, manifest);
  Object.assign(manifest.config, store(image, config));
  const path = join(image, 'index.json');
  const index = read(path) as Index;
  Object.assign(index.manifests[0], store(image, manifest));
  writeFileSync(path, JSON.stringify(index));
}

/** Puts another archive in the place of a layer. */
export async function replaceLayer(
  image: string,
  at: number,
  entries: readonly PackedEntry[],
): Promise<void> {
  const signal = new AbortController().signal;
  const { diffId, ...blob } = await writeLayer(image, tarBytes(entries), 'gzip', signal);
  rewrite(image, (config, manifest) => {
    Object.assign(manifest.layers[at] ?? {}, blob);
    config.rootfs.diff_ids[at] = diffId;
  });
}

function store(image: string, value: unknown): Descriptor {
  const text = JSON.stringify(value);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  writeFileSync(blobFile(image, digest), text);
  return { digest, size: Buffer.byteLength(text) };
}
