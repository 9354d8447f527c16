/** Whether an element is at least so wide, or so high. */
import { useCallback, useMemo, useState } from 'react';

/**
 * The answer, and what is to be given the element's ref. One that is not seen is taken for what it was last.
 *
 * @param least CSS pixels
 * @param before what is taken for true until it was measured
 */
export function useAtLeast(
  side: 'width' | 'height',
  least: number,
  before: boolean,
): [boolean, (element: HTMLElement | null) => void] {
  const [isEnough, setIsEnough] = useState(before);
  const observer = useMemo(
    () =>
      new ResizeObserver(([entry]) => {
        const measure = entry?.contentRect[side] ?? 0;
        if (measure > 0) setIsEnough(measure >= least);
      }),
    [side, least],
  );
  const measured = useCallback(
    (element: HTMLElement | null) => {
      observer.disconnect();
      if (element !== null) observer.observe(element);
    },
    [observer],
  );
  return [isEnough, measured];
}
