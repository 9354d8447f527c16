/**
 * Runs as a trace that Perfetto and chrome://tracing open.
 *
 * The JSON format of Chrome's trace events ("Trace Event Format", complete events `X` and metadata `M`): times and durations in
 * microseconds.
 */
import type { Lane } from './lanes.ts';

export interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args: Readonly<Record<string, string | number | null>>;
}

export interface Trace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ms';
}

/** One process a run; phases that took no time in a run are events of no length where the one before them ended. */
export function chromeTrace(lanes: readonly Lane[]): Trace {
  const traceEvents = lanes
    .filter((lane) => lane.state !== 'plan')
    .flatMap((lane, index) => laneEvents(lane, index + 1));
  return { traceEvents, displayTimeUnit: 'ms' };
}

function laneEvents(lane: Lane, pid: number): readonly TraceEvent[] {
  let end = lane.createdAt ?? 0;
  const phases = lane.blocks
    .filter(({ state }) => state !== 'waiting' && state !== 'not-run')
    .map((block): TraceEvent => {
      const start = block.startedAt ?? end;
      end = start + block.ms;
      return {
        name: block.phase,
        ph: 'X',
        pid,
        tid: 1,
        ts: Math.round(start * 1000),
        dur: Math.round(block.ms * 1000),
        cat: block.state,
        args: {
          status: block.state,
          why: block.why,
          snapshot: block.snapshot,
          exitCode: block.exitCode,
          savedMs: block.savedMs,
        },
      };
    });
  return [
    { name: 'process_name', ph: 'M', pid, tid: 0, args: { name: `${lane.target} ${lane.id}` } },
    { name: 'process_sort_index', ph: 'M', pid, tid: 0, args: { sort_index: pid } },
    { name: 'thread_name', ph: 'M', pid, tid: 1, args: { name: 'phases' } },
    ...phases,
  ];
}
