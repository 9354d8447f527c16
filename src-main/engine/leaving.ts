/** What leaves Strata, as the streams that the fronts listen to. */
import { resolve } from 'node:path';
import { quoteForBash } from '../host/shell-word.ts';
import { noWish, type StreamItem, type StreamParams } from '../protocol/methods.ts';
import type { Engine } from './engine.ts';
import { toldSteps } from './told-steps.ts';
import { buildWish } from './wish.ts';

/** @param cwd where relative paths begin */
export async function* exportingOci(
  engine: Engine,
  { snapshot, destination, ...wish }: StreamParams<'exportOci'>,
  cwd: string,
  signal: AbortSignal,
): AsyncGenerator<StreamItem<'exportOci'>> {
  const work = toldSteps<StreamItem<'exportOci'>, Awaited<ReturnType<Engine['exportImage']>>>(
    async (tell) =>
      engine.exportImage(snapshot, {
        ...wish,
        destination: resolve(cwd, destination),
        signal,
        onStep: ({ layer, number, count }) => tell({ kind: 'step', name: layer, number, count }),
      }),
    signal,
  );
  for await (const told of work) {
    if (told.kind === 'step') yield told.step;
    else {
      const { missingHostPaths, leftOut, impureVariables, ...image } = told.result;
      yield {
        kind: 'done',
        image: {
          ...image,
          missingHostPaths: [...missingHostPaths],
          leftOut: [...leftOut],
          impureVariables: [...impureVariables],
        },
      };
    }
  }
}

/** @param cwd where relative paths begin */
export async function* importingOci(
  engine: Engine,
  { source, ...wish }: StreamParams<'importOci'>,
  cwd: string,
  signal: AbortSignal,
): AsyncGenerator<StreamItem<'importOci'>> {
  const work = toldSteps<StreamItem<'importOci'>, Awaited<ReturnType<Engine['importImage']>>>(
    async (tell) =>
      engine.importImage({
        source: resolve(cwd, source),
        ...wish,
        signal,
        onStep: ({ phase, number, count }) => tell({ kind: 'step', name: phase, number, count }),
      }),
    signal,
  );
  for await (const told of work) {
    if (told.kind === 'step') yield told.step;
    else {
      const { missingInputs, ...image } = told.result;
      yield { kind: 'done', image: { ...image, missingInputs: [...missingInputs] } };
    }
  }
}

/** @param cwd where relative paths begin */
export async function* exportingCache(
  engine: Engine,
  { snapshots, targets, directory, inputs, compression, secretKey }: StreamParams<'exportCache'>,
  cwd: string,
  signal: AbortSignal,
): AsyncGenerator<StreamItem<'exportCache'>> {
  const wishes = targets.map((target) => buildWish({ ...noWish, ...target }, cwd));
  const work = toldSteps<StreamItem<'exportCache'>, Awaited<ReturnType<Engine['exportCache']>>>(
    async (tell) => {
      let last = '';
      return engine.exportCache({ snapshots, targets: wishes }, inputs, {
        directory: resolve(cwd, directory),
        compression,
        secretKey: secretKey === null ? null : resolve(cwd, secretKey),
        signal,
        onProgress: ({ builds, paths }) => {
          const [built, toBuild] = [builds.done, builds.expected];
          const [copied, toCopy] = [paths.done, paths.expected];
          // Nix tells much more than these.
          const now = [built, toBuild, copied, toCopy].join();
          if (now !== last) tell({ kind: 'progress', built, toBuild, copied, toCopy });
          last = now;
        },
      });
    },
    signal,
  );
  for await (const told of work) {
    if (told.kind === 'step') yield told.step;
    else {
      const { repaired, settings, container, ...cache } = told.result;
      yield {
        kind: 'done',
        cache: {
          ...cache,
          repaired: [...repaired],
          settings: settings.map(([name, value]) => [name, value]),
          container: container.map(quoteForBash).join(' '),
        },
      };
    }
  }
}
