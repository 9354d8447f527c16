/** What Nix is doing while it makes the inputs present, as one line for people; the empty string where it does nothing. */
import type { RealisationProgress } from '../nix/realisation-progress.ts';

export function stageText({ builds, paths, running }: RealisationProgress): string {
  const activities = [...running.values()];
  const build = activities.findLast((activity) => activity.kind === 'build');
  const fetched = activities.findLast((activity) => activity.kind !== 'build');
  const now =
    build !== undefined
      ? `building ${storeName(build.derivation)}${build.phase === null ? '' : ` (${build.phase})`}`
      : fetched !== undefined
        ? `fetching ${storeName(fetched.path)}`
        : '';
  const counts = [
    ...(builds.expected > 0 ? [`${builds.done} of ${builds.expected} built`] : []),
    ...(paths.expected > 0 ? [`${paths.done} of ${paths.expected} fetched`] : []),
  ].join(', ');
  const parts = [counts, now].filter((part) => part !== '');
  return parts.length === 0 ? '' : `inputs: ${parts.join('; ')}`;
}

/** The name in a store path, without the directory, hash and `.drv`. */
export function storeName(path: string): string {
  return path.replace(/^.*\/[a-z0-9]{32}-/, '').replace(/\.drv$/, '');
}
