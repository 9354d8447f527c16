/**
 * What an image says of itself to Strata: a label of its configuration, which every tool that copies images keeps. The
 * records, states and logs are files of its last layer, below `/.strata`.
 */
import * as z from 'zod';

export const IMAGE_LABEL = 'strata.image';

const labelSchema = z.object({
  schema: z.literal(1),
  /** The snapshot that the image was made of. */
  snapshot: z.string(),
  /** The run it was looked at in. */
  run: z.string(),
  /** Nix's name of the system that it was built on. */
  system: z.string(),
  storeDirectory: z.string(),
  /** What each layer is, the lowest first. */
  layers: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.enum(['inputs', 'host', 'base', 'strata']) }),
      z.object({ kind: z.literal('snapshot'), snapshot: z.string() }),
    ]),
  ),
  /** Snapshots beside those of the layers whose states the run needs, parents first; their layers are files. */
  beside: z.array(z.string()),
});

export type ImageLabel = Readonly<z.infer<typeof labelSchema>>;

export function labelText(label: Omit<ImageLabel, 'schema'>): string {
  return JSON.stringify({ schema: 1, ...label });
}

/** Null where the text is something else. */
export function parseLabel(text: string): ImageLabel | null {
  try {
    return labelSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Where things are in the last layer, from its root. */
export const IMAGE_FILES = {
  /** As in Strata's cache: the files beside a snapshot's tree, and `times`, and for those beside the layers `layer.tar`. */
  snapshots: '.strata/snapshots',
  runs: '.strata/runs',
  /** The derivation, and those it is built from: a builder does not see them in the store. */
  derivations: '.strata/derivations',
  /** What the store knows of the inputs and the derivations. */
  registration: '.strata/registration',
} as const;

export const TIMES_FILE = 'times';
export const LAYER_FILE = 'layer.tar';

/** What stands beside a snapshot's tree and is the business of the cache it is in: no image brings it. */
export const OF_THE_CACHE: ReadonlySet<string> = new Set(['snapshot.json', 'owner.json']);
