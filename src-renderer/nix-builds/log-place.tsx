/** The log's pane: what phases printed, or while builds by Nix are seen, what one of their derivations did. */
import { lazy, Suspense } from 'react';
import { Loading } from '../look/states.tsx';
import { buildAt, useNixBuilds } from '../store/nix-builds.ts';
import { chosenDerivation } from './build-rows.ts';

const LogPane = lazy(async () => ({ default: (await import('../log/log-pane.tsx')).LogPane }));
const DerivationLog = lazy(async () => ({
  default: (await import('./derivation-log.tsx')).DerivationLog,
}));

export function LogPlace() {
  const build = useNixBuilds((state) => (state.shown ? buildAt(state) : null));
  const chosen = useNixBuilds((state) => state.chosen);
  const derivation = build === null ? null : chosenDerivation(build, chosen);
  return (
    <Suspense fallback={<Loading label="Loading the log" />}>
      {build === null || derivation === null ? (
        <LogPane />
      ) : (
        <DerivationLog build={build} shown={derivation} />
      )}
    </Suspense>
  );
}
