/** `strata cache`: binary caches, written and used. */
import { existsSync } from 'node:fs';
import { cacheSettings } from '../../engine/export-cache.ts';
import type { RealisationProgress } from '../../engine/types.ts';
import { buildWish } from '../../engine/wish.ts';
import { noWish } from '../../protocol/methods.ts';
import type { ExitStatus, Front } from '../front.ts';
import { IgnoredReport } from '../ignored-report.ts';
import { Interruption } from '../interruption.ts';
import { renderCacheExport, renderUsedCache, renderUsedCaches } from '../render/render-cache.ts';
import { renderRealisation } from '../render/render-realisation.ts';
import { jsonArrayLines, jsonText } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface CacheExportOptions {
  /** Snapshots, and targets. */
  readonly things: readonly string[];
  readonly attribute: string | null;
  readonly directory: string;
  readonly inputs: 'with' | 'without';
  readonly compression: 'none' | 'xz' | 'zstd';
  readonly secretKey: string | null;
  readonly format: 'text' | 'json';
}

/** The newest run and its phases are no flakes, also where there are none. */
const NEWEST = /^last(?::[^/#?]*)?$/;

export async function cacheExport(
  front: Front,
  { things, attribute, inputs, format, ...wish }: CacheExportOptions,
): Promise<ExitStatus> {
  const { out, err, style, strata } = front;
  const { signal } = Interruption.listen();
  const ignored = new IgnoredReport();
  const onProgress = (progress: RealisationProgress): void => {
    ignored.take(progress);
    err.status(renderRealisation(progress));
  };
  const exported = await withEngine(async (engine) => {
    const snapshots: string[] = [];
    const targets: string[] = [];
    for (const thing of things) {
      const isSnapshot =
        !existsSync(thing) && (NEWEST.test(thing) || (await engine.isSnapshot(thing)));
      (isSnapshot ? snapshots : targets).push(thing);
    }
    const wishes = targets.map((target) =>
      buildWish({ ...noWish, target, attribute }, process.cwd()),
    );
    const done = await engine.exportCache({ snapshots, targets: wishes }, inputs, {
      ...wish,
      signal,
      onProgress,
    });
    await ignored.tell(engine, front, []);
    return done;
  });
  err.status(null);
  if (format === 'json') out.line(jsonText(exported));
  else out.lines(renderCacheExport(exported, strata, style));
  return 0;
}

export async function cacheAdd(
  front: Front,
  directory: string,
  publicKey: string | null,
): Promise<ExitStatus> {
  const { signal } = Interruption.listen();
  const [cache, refused] = await withEngine(async (engine) => {
    const used = await engine.useCache(directory, publicKey, signal);
    return [
      used,
      await engine.refusedSettings(cacheSettings(used.directory, publicKey), signal),
    ] as const;
  });
  front.out.lines(renderUsedCache(cache, refused, front.style));
  return 0;
}

export async function cacheList(front: Front, format: 'text' | 'json'): Promise<ExitStatus> {
  const caches = await withEngine((engine) => engine.caches.list());
  if (format === 'json') front.out.lines(jsonArrayLines(caches));
  else front.out.lines(renderUsedCaches(caches, front.strata));
  return 0;
}

export async function cacheRemove(front: Front, directory: string): Promise<ExitStatus> {
  await withEngine((engine) => engine.caches.remove(directory));
  front.out.line(`builds fetch from ${directory} no more; what is in it stays`);
  return 0;
}
