/** What was traced of a run, and what that cost. */
import type { TracedPhase } from '../../engine/types.ts';
import { formatDuration } from '../terminal/human-units.ts';
import type { Style } from '../terminal/style.ts';

const NAMES = { ld: 'libraries', syscalls: 'system calls' } as const;

/** A line a phase: `traced checkPhase: libraries, 1.3 s, 1.1 × the 1.2 s it takes untraced`. */
export function renderTraced(
  phases: readonly TracedPhase[],
  run: string,
  strata: string,
  style: Style,
): readonly string[] {
  const lines = phases.map(({ phase, kinds, ms, untracedMs }) => {
    const what = kinds.map((kind) => NAMES[kind]).join(' and ');
    const cost =
      untracedMs === null || untracedMs === 0
        ? ''
        : `, ${(ms / untracedMs).toFixed(1)} × the ${formatDuration(untracedMs)} it took untraced`;
    return `${style.dim('traced')} ${phase}: ${what}, ${formatDuration(ms)}${cost}`;
  });
  const kinds = new Set(phases.flatMap((phase) => phase.kinds));
  return [
    ...lines,
    ...(kinds.has('ld')
      ? [style.dim(`  ${strata} libs ${run}   # what its programs looked for`)]
      : []),
    ...(kinds.has('syscalls')
      ? [style.dim(`  ${strata} trace ${run}  # files missing, connections`)]
      : []),
  ];
}
