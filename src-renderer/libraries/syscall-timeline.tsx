/** When files were found, missed and connections tried: one lane each, as high as its own most. */
import { laneName, timelineText, type TimelineLanes } from './syscalls.ts';

export function SyscallTimeline({
  timeline,
  marked,
}: {
  readonly timeline: TimelineLanes;
  /** A moment to be shown, on the clock of the trace. */
  readonly marked: number | null;
}) {
  const { start, span, lanes } = timeline;
  const at = marked === null ? null : Math.min(1, Math.max(0, (marked - start) / span));
  return (
    <div className="syscall-timeline" role="img" aria-label={timelineText(timeline)}>
      {lanes.map(({ what, total, heights }) => (
        <div key={what} className="syscall-lane" aria-hidden="true">
          <span>{laneName(what)}</span>
          <svg
            className={`lane-${what}`}
            viewBox={`0 0 ${heights.length} 1`}
            preserveAspectRatio="none"
          >
            {heights.map((height, column) =>
              height === 0 ? null : (
                <rect key={column} x={column} y={1 - height} width={1} height={height} />
              ),
            )}
            {at === null ? null : (
              <line
                className="lane-mark"
                x1={at * heights.length}
                x2={at * heights.length}
                y2={1}
              />
            )}
          </svg>
          <span>{total.toLocaleString('en')}</span>
        </div>
      ))}
    </div>
  );
}
