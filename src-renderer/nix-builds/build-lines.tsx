/** What a builder printed: lines that are read as they come into view. */
import { useEffect, useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import type { DerivationBuildView } from '../../src-main/protocol/methods.ts';
import { EmptyState } from '../look/states.tsx';
import { PrintedLines, usePrintedLines } from './printed-lines.tsx';

/** Lines read at once. */
const PAGE = 500;

interface Line {
  readonly text: string;
  readonly at: number;
}

export function BuildLines({
  build,
  derivation,
}: {
  /** The build's id in the engine. */
  readonly build: string;
  readonly derivation: DerivationBuildView;
}) {
  const { derivation: path, lines: count, phases, state, startedAt } = derivation;
  const list = usePrintedLines(count);
  const { items } = list;
  const lines = useLines(build, path, count, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  const begins = new Map(phases.map(({ name, line }) => [line, name]));
  if (count === 0) {
    return (
      <EmptyState title="Nothing printed">
        {state === 'waiting' || state === 'building'
          ? 'Lines appear here as the builder prints them.'
          : state === 'input-failed' || (state === 'failed' && startedAt === null)
            ? 'Its builder was not run.'
            : 'The builder printed nothing.'}
      </EmptyState>
    );
  }
  return <PrintedLines label="Lines of the builder" list={list} lineAt={lines} begins={begins} />;
}

/** The lines around those in view, by pages that stay once they are whole. */
function useLines(
  build: string,
  derivation: string,
  count: number,
  first: number,
  last: number,
): (index: number) => Line | undefined {
  const [pages, setPages] = useState<ReadonlyMap<string, readonly Line[]>>(new Map());
  const key = (page: number): string => `${build} ${derivation} ${page}`;
  const wanted = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
  const missing = wanted.filter((page) => {
    const known = pages.get(key(page))?.length ?? 0;
    return known < Math.min(PAGE, count - page * PAGE);
  });
  useEffect(() => {
    const gone = new AbortController();
    for (const page of new Set(missing)) {
      callEngine(
        'nixBuildLines',
        { build, derivation, from: page * PAGE, count: PAGE },
        gone.signal,
      ).then(
        (lines) => setPages((before) => new Map([...before, [key(page), lines]])),
        // What is asked for next tells what is wrong; a build that is gone has its own words.
        () => undefined,
      );
    }
    return () => gone.abort();
  }, [build, derivation, missing.join(' '), missing.length > 0 ? count : 0]);
  return (index) => pages.get(key(Math.floor(index / PAGE)))?.[index % PAGE];
}
