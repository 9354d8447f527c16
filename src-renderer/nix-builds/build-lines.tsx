/** What a builder printed: lines that are read as they come into view. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import { LogRow } from '../log/log-row.tsx';
import type { DerivationBuildView } from '../../src-main/protocol/methods.ts';
import { EmptyState } from '../look/states.tsx';
import '../look/ansi.css';
import '../log/log.css';

const ROW_REM = 1.25;
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
  const { derivation: path, lines: count, phases, state } = derivation;
  const scroller = useRef<HTMLDivElement>(null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_REM * rem,
    overscan: 20,
  });
  const items = virtualizer.getVirtualItems();
  const lines = useLines(build, path, count, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  // The end is what one wants: of a failure, and of what goes on.
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && count > 0) virtualizer.scrollToIndex(count - 1, { align: 'end' });
  }, [count]);
  const begins = new Map(phases.map(({ name, line }) => [line, name]));
  if (count === 0) {
    return (
      <EmptyState title="Nothing printed">
        {state === 'waiting' || state === 'building'
          ? 'Lines appear here as the builder prints them.'
          : 'The builder printed nothing.'}
      </EmptyState>
    );
  }
  return (
    <div
      className="nix-lines"
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label="Lines of the builder"
      tabIndex={0}
      style={{ '--log-digits': String(Math.max(3, String(count).length)) } as React.CSSProperties}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight >= scrollHeight - 2 * rem;
      }}
    >
      <div style={{ blockSize: `${virtualizer.getTotalSize()}px`, position: 'relative' }}>
        {items.map(({ index, start }) => (
          <div key={index} className="nix-line" style={{ transform: `translateY(${start}px)` }}>
            <LogRow
              number={index}
              line={lines(index)}
              mark={null}
              begins={begins.get(index) ?? null}
              time={null}
              pattern={NO_PATTERN}
              current={false}
              selected={false}
              held={false}
              whole={false}
              onOpen={nothing}
              onWhole={nothing}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

const NO_PATTERN = { kind: 'none' } as const;

function nothing(): void {
  // A path of another machine's build leads nowhere here.
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
