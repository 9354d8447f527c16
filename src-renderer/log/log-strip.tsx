/** The strip beside the scroll bar: where in the whole log errors, warnings and matches are. */
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { placeMarks, type Mark } from './marks.ts';

/** Pixels of a mark. */
const MARK = 3;

export const LogStrip = memo(function LogStrip({
  marks,
  lines,
  onGo,
}: {
  readonly marks: readonly Mark[];
  readonly lines: number;
  readonly onGo: (line: number) => void;
}) {
  const strip = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    if (strip.current === null) return;
    const observer = new ResizeObserver(([entry]) => setHeight(entry?.contentRect.height ?? 0));
    observer.observe(strip.current);
    return () => observer.disconnect();
  }, []);
  const places = Math.floor(height / MARK);
  const placed = useMemo(() => placeMarks(marks, lines, places), [marks, lines, places]);
  return (
    // The same places are reached by the keys of the log and by its buttons.
    <div
      ref={strip}
      className="log-strip"
      aria-hidden="true"
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const place = Math.floor((event.clientY - box.top) / MARK);
        const near = placed.filter((mark) => Math.abs(mark.place - place) <= 2);
        const nearest = near.sort(
          (one, other) => Math.abs(one.place - place) - Math.abs(other.place - place),
        )[0];
        const line = nearest?.line ?? Math.floor((place / Math.max(1, places)) * lines);
        onGo(Math.max(0, Math.min(lines - 1, line)));
      }}
    >
      {placed.map(({ place, kind }) => (
        <span
          key={`${place} ${kind}`}
          className={`log-strip-mark log-strip-${kind}`}
          style={{ insetBlockStart: place * MARK }}
        />
      ))}
    </div>
  );
});
