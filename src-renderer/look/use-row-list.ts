/** A list of many rows of one height, of which only what one sees is drawn, and which is walked with the keys. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent } from 'react';

const ROW_REM = 1.625;
const ROWS_ABOVE = 2;

/**
 * @param at the row that is chosen
 * @param page rows that Page Up and Page Down pass over; left out where the browser scrolls by them
 */
export function useRowList(
  count: number,
  at: number,
  onChoose: (index: number) => void,
  page?: number,
) {
  const scroller = useRef<HTMLDivElement>(null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_REM * rem,
    // What is chosen to begin with is in view, with some rows above it.
    initialOffset: () => Math.max(0, at - ROWS_ABOVE) * ROW_REM * rem,
    overscan: 10,
  });
  // What is chosen without a click, such as the first that failed, may be anywhere.
  useEffect(() => virtualizer.scrollToIndex(at, { align: 'auto' }), [at]);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    Home: -Infinity,
    End: Infinity,
    ...(page === undefined ? {} : { PageDown: page, PageUp: -page }),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, at + step));
    onChoose(next);
    virtualizer.scrollToIndex(next, { align: 'auto' });
  };
  return { scroller, virtualizer, onKeyDown };
}
