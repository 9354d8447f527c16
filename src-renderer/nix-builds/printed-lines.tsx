/** Lines that a build has printed, of which only what one sees is drawn; they follow the end while one is there. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { LogLine } from '../log/log-document.ts';
import { LogRow } from '../log/log-row.tsx';
import '../look/ansi.css';
import '../log/log.css';
import './nix-builds.css';

const ROW_REM = 1.25;
const NO_PATTERN = { kind: 'none' } as const;

/** The part of the lines that is drawn, for those who read lines as they come into view. */
export function usePrintedLines(count: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_REM * rem,
    overscan: 20,
  });
  // The end is what one wants: of a failure, and of what goes on.
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && count > 0) virtualizer.scrollToIndex(count - 1, { align: 'end' });
  }, [count]);
  const onScroll = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement): void => {
    atEnd.current = scrollTop + clientHeight >= scrollHeight - 2 * rem;
  };
  return { scroller, count, items: virtualizer.getVirtualItems(), virtualizer, onScroll };
}

export function PrintedLines({
  label,
  list,
  lineAt,
  begins,
}: {
  /** The accessible name. */
  readonly label: string;
  readonly list: ReturnType<typeof usePrintedLines>;
  /** Undefined until it has been read. */
  readonly lineAt: (index: number) => LogLine | undefined;
  /** The phases, by the line each begins with. */
  readonly begins?: ReadonlyMap<number, string>;
}) {
  const { scroller, count, items, virtualizer, onScroll } = list;
  return (
    <div
      className="nix-lines"
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label={label}
      tabIndex={0}
      style={{ '--log-digits': String(Math.max(3, String(count).length)) } as React.CSSProperties}
      onScroll={({ currentTarget }) => onScroll(currentTarget)}
    >
      <div style={{ blockSize: `${virtualizer.getTotalSize()}px`, position: 'relative' }}>
        {items.map(({ index, start }) => (
          <div key={index} className="nix-line" style={{ transform: `translateY(${start}px)` }}>
            <LogRow
              number={index}
              line={lineAt(index)}
              mark={null}
              begins={begins?.get(index) ?? null}
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

function nothing(): void {
  // A path of Nix's own build leads nowhere here.
}
