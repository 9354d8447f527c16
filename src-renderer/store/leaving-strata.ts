/** States that leave Strata or come back to it: what is asked, how far it is, and what it came to. */
import { create } from 'zustand';
import type { StreamItem } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { refreshRuns } from './runs.ts';

/** A state, and what it is of. */
export interface LeavingState {
  readonly snapshot: string;
  readonly phase: string;
  /** As `hello-2.12`; null where that is not known. */
  readonly package: string | null;
}

/** `hello-2.12 after installPhase`. */
export function stateCalled(state: Pick<LeavingState, 'package' | 'phase'>): string {
  return state.package === null ? state.phase : `${state.package} after ${state.phase}`;
}

export type LeavingQuestion =
  | ({ readonly kind: 'oci' | 'cache' | 'directory' } & LeavingState)
  /** What the run bar's target gives, as a binary cache. */
  | {
      readonly kind: 'target';
      readonly target: string;
      readonly attribute: string | null;
      readonly title: string;
    }
  | { readonly kind: 'import' };

/** What goes into a binary cache: what a state stands on, or what a target gives. */
export type CachedThing =
  | { readonly snapshot: string }
  | {
      readonly target: string;
      readonly attribute: string | null;
      /** Whether what it is built from goes with it. */
      readonly inputs: 'with' | 'without';
    };

type Image = Extract<StreamItem<'exportOci'>, { kind: 'done' }>['image'];
type Imported = Extract<StreamItem<'importOci'>, { kind: 'done' }>['image'];
type Cache = Extract<StreamItem<'exportCache'>, { kind: 'done' }>['cache'];

export type LeavingResult =
  | { readonly kind: 'oci'; readonly image: Image }
  | { readonly kind: 'import'; readonly image: Imported }
  | { readonly kind: 'cache'; readonly cache: Cache }
  | {
      readonly kind: 'directory';
      readonly directory: string;
      readonly how: 'mount' | 'fuse' | 'copy';
    };

export type Progress =
  | { readonly kind: 'asked' }
  | { readonly kind: 'going'; readonly says: string }
  | { readonly kind: 'done'; readonly result: LeavingResult }
  | { readonly kind: 'failed'; readonly error: WireError };

export const useLeavingStrata = create<{
  readonly question: LeavingQuestion | null;
  readonly progress: Progress;
}>()(() => ({ question: null, progress: { kind: 'asked' } }));

let going: AbortController | null = null;

/** Asks where to, or from where. */
export function askLeaving(question: LeavingQuestion): void {
  useLeavingStrata.setState({ question, progress: { kind: 'asked' } });
}

/** Closes the question; what goes on ends, and leaves nothing half done under its name. */
export function closeLeaving(): void {
  going?.abort();
  going = null;
  useLeavingStrata.setState({ question: null, progress: { kind: 'asked' } });
}

/** Ends what goes on, and asks again. */
export function stopLeaving(): void {
  going?.abort();
  going = null;
  useLeavingStrata.setState({ progress: { kind: 'asked' } });
}

/** Writes a state as an OCI image: a directory, or an archive where the name ends in `.tar`. */
export async function exportOci(snapshot: string, destination: string): Promise<void> {
  await carryOut(async (tell, signal) => {
    const done: { image?: Image } = {};
    await listenEngine(
      'exportOci',
      { snapshot, destination, compression: 'gzip', hostPaths: 'files' },
      (item) => {
        if (item.kind === 'done') done.image = item.image;
        else tell(`Layer ${item.number} of ${item.count}: ${item.name}`);
      },
      signal,
    );
    return done.image === undefined ? null : { kind: 'oci', image: done.image };
  });
}

/** Brings the states of an image back, and what it knows of inputs where that is wished. */
export async function importOci(
  source: string,
  inputs: 'leave' | 'add',
  sandbox: 'strict' | 'as-recorded',
): Promise<void> {
  await carryOut(async (tell, signal) => {
    const done: { image?: Imported } = {};
    await listenEngine(
      'importOci',
      { source, inputs, sandbox },
      (item) => {
        if (item.kind === 'done') done.image = item.image;
        else tell(`${item.number} of ${item.count}: ${item.name}`);
      },
      signal,
    );
    await refreshRuns();
    return done.image === undefined ? null : { kind: 'import', image: done.image };
  });
}

/** Writes a binary cache. */
export async function exportCache(
  thing: CachedThing,
  directory: string,
  compression: 'none' | 'xz' | 'zstd',
  secretKey: string | null,
): Promise<void> {
  await carryOut(async (tell, signal) => {
    const done: { cache?: Cache } = {};
    await listenEngine(
      'exportCache',
      {
        snapshots: 'snapshot' in thing ? [thing.snapshot] : [],
        targets: 'target' in thing ? [{ target: thing.target, attribute: thing.attribute }] : [],
        directory,
        inputs: 'inputs' in thing ? thing.inputs : 'with',
        compression,
        secretKey,
      },
      (item) => {
        if (item.kind === 'done') done.cache = item.cache;
        else if (item.toCopy > 0) tell(`${item.copied} of ${item.toCopy} paths copied`);
      },
      signal,
    );
    return done.cache === undefined ? null : { kind: 'cache', cache: done.cache };
  });
}

/** Shows a state as a plain directory. */
export async function showAsDirectory(snapshot: string, directory: string): Promise<void> {
  await carryOut(async (tell, signal) => {
    tell('Mounting');
    const mounted = await callEngine('mountSnapshot', { snapshot, directory }, signal);
    return { kind: 'directory', directory: mounted.directory, how: mounted.how };
  });
}

async function carryOut(
  work: (tell: (says: string) => void, signal: AbortSignal) => Promise<LeavingResult | null>,
): Promise<void> {
  going?.abort();
  const controller = new AbortController();
  going = controller;
  const set = (progress: Progress): void => {
    if (going === controller) useLeavingStrata.setState({ progress });
  };
  set({ kind: 'going', says: 'Beginning' });
  try {
    const result = await work((says) => set({ kind: 'going', says }), controller.signal);
    if (result !== null) set({ kind: 'done', result });
  } catch (error) {
    if (!isCancelled(error)) set({ kind: 'failed', error: errorParts(error) });
  }
}
