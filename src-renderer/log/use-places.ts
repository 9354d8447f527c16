/** The places to mark in a text that is on screen. */
import { useEffect, useMemo, useState } from 'react';
import type { Range } from './line-pieces.ts';
import { findPlaces, type Pattern } from './log-query.ts';
import { PlaceFinder } from './place-finder.ts';

/** One thread for the whole window, started when a regular expression is searched for, or files are. */
export const placeFinder = new PlaceFinder(
  // A script of our own origin: a blob or data URL would need a hole in the content security policy.
  () => new Worker(new URL('./place-finder.worker.ts', import.meta.url), { type: 'module' }),
);

const NONE: readonly Range[] = [];

/**
 * Plain text is found at once. What a regular expression finds comes a frame later; of one that takes too long nothing is
 * marked, and the engine, which searches with a limit too, says why.
 */
export function usePlaces(text: string, pattern: Pattern): readonly Range[] {
  const plain = useMemo(
    () => (pattern.kind === 'text' ? findPlaces(text, pattern) : NONE),
    [text, pattern],
  );
  const [late, setLate] = useState<{
    readonly text: string;
    readonly pattern: Pattern;
    readonly places: readonly Range[];
  } | null>(null);
  useEffect(() => {
    if (pattern.kind !== 'regex' || text === '') return undefined;
    const gone = new AbortController();
    placeFinder.find(pattern, [text], gone.signal).then(
      ([found]) => {
        if (!gone.signal.aborted) setLate({ text, pattern, places: found?.places ?? NONE });
      },
      () => undefined,
    );
    return () => gone.abort();
  }, [text, pattern]);
  if (pattern.kind !== 'regex') return plain;
  return late?.text === text && late.pattern === pattern ? late.places : NONE;
}
