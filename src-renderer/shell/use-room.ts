/** Whether something is high enough to stand above something else. */
import { useCallback, useMemo, useState } from 'react';

/**
 * Whether an element is at least so high (CSS pixels), and what is to be given its ref. One that is not seen is taken for what it
 * was last.
 */
export function useRoom(least: number): [boolean, (element: HTMLElement | null) => void] {
  const [hasRoom, setHasRoom] = useState(true);
  const observer = useMemo(
    () =>
      new ResizeObserver(([entry]) => {
        const height = entry?.contentRect.height ?? 0;
        if (height > 0) setHasRoom(height >= least);
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
  return [hasRoom, measured];
}
