/** What Nix is doing while it makes the inputs present, as one line. Empty where nothing can be said yet. */
import type { RealisationProgress } from '../../engine/types.ts';
import { formatBytes } from '../../protocol/byte-size.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { derivationName } from './render-heading.ts';

export function renderRealisation(progress: RealisationProgress): string {
  const { builds, paths, running } = progress;
  const activities = [...running.values()];
  const transferred = activities.reduce(
    (sum, activity) => sum + (activity.kind === 'transfer' ? activity.done : 0),
    progress.transferredBytes,
  );
  const counts = [
    ...(builds.expected > 0 ? [`${builds.done} of ${builds.expected} built`] : []),
    ...(paths.expected > 0 ? [`${paths.done} of ${paths.expected} fetched`] : []),
    ...(transferred > 0 ? [formatBytes(transferred)] : []),
  ];
  const now = currently(activities);
  const parts = [counts.join(', '), now].filter((part) => part !== '');
  return parts.length === 0 ? '' : terminalText(`inputs: ${parts.join('; ')}`, 'drop');
}

/** The build that began last says more than the downloads beside it. */
function currently(activities: readonly RunningActivity[]): string {
  const build = activities.findLast((activity) => activity.kind === 'build');
  if (build !== undefined) {
    const phase = build.phase === null ? '' : ` (${build.phase})`;
    return `building ${derivationName(build.derivation)}${phase}`;
  }
  const fetched = activities.findLast((activity) => activity.kind !== 'build');
  return fetched === undefined ? '' : `fetching ${derivationName(fetched.path)}`;
}

type RunningActivity =
  RealisationProgress['running'] extends ReadonlyMap<string, infer Running> ? Running : never;
