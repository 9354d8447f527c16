/** Whether there is room for two things beside each other; else one stands below the other. */
import { useCallback, useMemo, useState } from 'react';

export type Shape = 'wide' | 'narrow';

/**
 * The shape of an element, and what is to be given its ref.
 *
 * @param least width at which it is wide (CSS pixels)
 */
export function useShape(least: number): [Shape, (element: HTMLElement | null) => void] {
  const [shape, setShape] = useState<Shape>('narrow');
  const observer = useMemo(
    () =>
      new ResizeObserver(([entry]) => {
        const width = entry?.contentRect.width ?? 0;
        // Nothing is known of a pane that is closed.
        if (width > 0) setShape(width >= least ? 'wide' : 'narrow');
      }),
    [least],
  );
  const measured = useCallback(
    (element: HTMLElement | null) => {
      observer.disconnect();
      if (element !== null) observer.observe(element);
    },
    [observer],
  );
  return [shape, measured];
}
