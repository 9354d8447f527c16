/** States in formats that other tools read: images, binary caches, plain directories. */
import { z } from '../schema.ts';
import { permittedOption } from './nix-builds.ts';
import { none, pairs } from './shapes.ts';

const mounted = z.object({
  snapshot: z.string(),
  phase: z.string(),
  directory: z.string(),
  how: z.enum(['mount', 'fuse', 'copy']),
});

const imageExport = z.object({
  destination: z.string(),
  snapshot: z.string(),
  digest: z.string(),
  bytes: z.number(),
  layers: z.number(),
  missingHostPaths: z.array(z.string()),
  leftOut: z.array(z.string()),
  impureVariables: z.array(z.string()),
  podman: z.string(),
});

const imageImport = z.object({
  snapshot: z.string(),
  run: z.string(),
  phase: z.string(),
  status: z.enum(['succeeded', 'failed', 'kept']),
  added: z.number(),
  present: z.number(),
  /** What its sandbox showed of the machine it was made on, and what shells in it show of this one. */
  policy: z.string(),
  sandbox: z.string(),
  missingInputs: z.array(z.string()),
  addedInputs: z.number(),
});

const cacheExport = z.object({
  directory: z.string(),
  paths: z.number(),
  repaired: z.array(z.string()),
  publicKey: z.string().nullable(),
  settings: pairs,
  /** Options of podman and docker, quoted for a shell. */
  container: z.string(),
});

/** One of so many things of a kind; `name` says which. */
const step = z.object({
  kind: z.literal('step'),
  name: z.string(),
  number: z.number(),
  count: z.number(),
});

const usedCache = z.object({
  directory: z.string(),
  /** Null where what is in it is taken unsigned. */
  publicKey: z.string().nullable(),
});

export const leavingCalls = {
  /** Binary caches that builds fetch from beside those of nix.conf. */
  /** With the settings that it needs and that Nix does not take from this user. */
  usedCaches: {
    params: none,
    result: z.array(usedCache.extend({ refused: z.array(permittedOption.omit({ does: true })) })),
  },
  /** Uses one from the next build on, once its archives were compared with their entries. */
  useCache: {
    params: z.object({ directory: z.string().min(1), publicKey: z.string().nullable() }),
    result: usedCache,
  },
  /** Uses one no more; its files stay. */
  leaveCache: { params: z.object({ directory: z.string() }), result: none },
  /** Shows a snapshot as a plain directory, for file managers and whatever else. */
  mountSnapshot: {
    params: z.object({ snapshot: z.string(), directory: z.string() }),
    result: mounted,
  },
  unmountSnapshot: { params: z.object({ directory: z.string() }), result: none },
  /** Opens such a directory in the file manager of the engine's machine. */
  openDirectory: { params: z.object({ directory: z.string() }), result: none },
  mountedSnapshots: { params: none, result: z.array(mounted) },
} as const;

export const leavingStreams = {
  /** Writes a snapshot as an OCI image: tells each layer as it is begun, and at last what was written. */
  exportOci: {
    params: z.object({
      snapshot: z.string(),
      /** A directory that is to be made, or an archive, whose name ends in `.tar`. */
      destination: z.string().min(1),
      compression: z.enum(['gzip', 'none']),
      hostPaths: z.enum(['files', 'all']),
    }),
    item: z.discriminatedUnion('kind', [
      step,
      z.object({ kind: z.literal('done'), image: imageExport }),
    ]),
  },
  /** Brings the snapshots of such an image back. */
  importOci: {
    params: z.object({
      source: z.string().min(1),
      inputs: z.enum(['leave', 'add']),
      sandbox: z.enum(['strict', 'as-recorded']),
    }),
    item: z.discriminatedUnion('kind', [
      step,
      z.object({ kind: z.literal('done'), image: imageImport }),
    ]),
  },
  /** Writes what snapshots stand on, or targets give, as a binary cache. */
  exportCache: {
    params: z.object({
      snapshots: z.array(z.string()),
      targets: z.array(z.object({ target: z.string(), attribute: z.string().nullable() })),
      directory: z.string().min(1),
      inputs: z.enum(['with', 'without']),
      compression: z.enum(['none', 'xz', 'zstd']),
      secretKey: z.string().nullable(),
    }),
    item: z.discriminatedUnion('kind', [
      /** Store paths built or copied so far. */
      z.object({
        kind: z.literal('progress'),
        built: z.number(),
        toBuild: z.number(),
        copied: z.number(),
        toCopy: z.number(),
      }),
      z.object({ kind: z.literal('done'), cache: cacheExport }),
    ]),
  },
} as const;
