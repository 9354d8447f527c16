/** What phases left: the snapshots, what they changed, and what is in them. */
import { z } from '../schema.ts';
import { none, pairs } from './shapes.ts';

const failure = z.object({
  command: z.string().nullable(),
  functions: z.array(z.string()),
  line: z.object({ number: z.number(), text: z.string() }).nullable(),
});

const snapshot = z.object({
  id: z.string(),
  run: z.string(),
  derivation: z.string(),
  phase: z.string(),
  parent: z.string().nullable(),
  status: z.enum(['succeeded', 'failed', 'kept']),
  name: z.string().nullable(),
  bytes: z.number(),
  createdAt: z.string(),
  failure: failure.nullable(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** Changes as columns: a hundred thousand of them are read in a blink. Sizes in bytes, -1 where there is none. */
const changes = z.object({
  from: z.string().nullable(),
  to: z.string(),
  paths: z.array(z.string()),
  /** One letter each: A added, M modified, R removed. */
  kinds: z.string(),
  /** One letter each: f file, d directory, l symlink, p fifo, s socket, c device. */
  types: z.string(),
  sizes: z.array(z.number()),
  oldSizes: z.array(z.number()),
  modes: z.array(z.number()),
  oldModes: z.array(z.number()),
  /** Where symbolic links lead: the change's place in the columns, the target before and now; null where there is no link. */
  links: z.array(z.tuple([z.number(), z.string().nullable(), z.string().nullable()])),
});
export type Changes = z.infer<typeof changes>;

export const snapshotsCalls = {
  snapshots: { params: none, result: z.array(snapshot) },
  changes: {
    params: z.object({ snapshot: z.string(), against: z.string().nullable() }),
    result: changes,
  },
  readSnapshot: {
    params: z.object({
      snapshot: z.string(),
      path: z.string(),
      offset: z.number().int().nonnegative(),
      length: z
        .number()
        .int()
        .nonnegative()
        .max(4 * 1024 * 1024),
    }),
    /** `base64` are the bytes; `size` is that of the whole file. */
    result: z.object({ base64: z.string(), size: z.number() }),
  },
  /** Variables and functions of a state, as text by name: arrays one element a line. */
  shellState: {
    params: z.object({ snapshot: z.string() }),
    result: z.object({ variables: pairs, functions: pairs, directory: z.string() }),
  },
  elf: {
    params: z.object({ snapshot: z.string(), path: z.string() }),
    /** Null for what is no ELF file. */
    result: z
      .object({
        class: z.string(),
        machine: z.string(),
        type: z.string(),
        interpreter: z.string().nullable(),
        needed: z.array(z.string()),
        rpath: z.array(z.string()),
        runpath: z.array(z.string()),
        soname: z.string().nullable(),
      })
      .nullable(),
  },
} as const;
