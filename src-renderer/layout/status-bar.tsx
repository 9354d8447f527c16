/** The line at the foot of the window: the engine, and what it is doing. */
import { WarningIcon } from '../look/icons.tsx';
import { Spinner } from '../look/states.tsx';
import { useConnection } from '../store/connection.ts';
import { isLive, useJob } from '../store/job.ts';
import { usePlan } from '../store/plan.ts';
import './status-bar.css';

export function StatusBar() {
  const { state, hello, problem } = useConnection();
  return (
    <footer className="status-bar">
      {state === 'connected' ? (
        <span className="status-engine">Strata {hello?.version}</span>
      ) : (
        <span className="status-lost" role="status">
          <WarningIcon />
          {state === 'lost' ? 'The engine is gone. Connecting again…' : 'Connecting to the engine…'}
          {problem === null || state === 'lost' ? null : (
            <span className="status-problem">{problem}</span>
          )}
        </span>
      )}
      <span className="status-doing" role="status" aria-live="polite">
        <Doing />
      </span>
      {hello === null ? null : (
        <>
          <span className="status-fact">
            {hello.nix === null ? 'Nix not found' : nixName(hello.nix)}
          </span>
          <span className="status-fact" title={hello.backendReason}>
            {hello.backend} snapshots
          </span>
        </>
      )}
    </footer>
  );
}

function Doing() {
  const { job, starting } = useJob();
  const asking = usePlan((plan) => plan.state.kind === 'asking');
  const says = doing();
  return says === null ? null : (
    <>
      <Spinner label={says} />
      <span className="status-text">{says}</span>
    </>
  );

  function doing(): string | null {
    if (starting) return 'Starting';
    if (isLive(job)) {
      const phase = job.phases.find(({ status }) => status === 'running')?.name;
      if (job.held !== null) return `${job.held.phase} waits at its failure`;
      if (job.paused !== null) return `Paused ${job.paused.where} ${job.paused.phase}`;
      return job.stage ?? phase ?? 'Preparing';
    }
    return asking ? 'Evaluating' : null;
  }
}

function nixName(said: string): string {
  const version = /\d+\.\d+\S*/.exec(said)?.[0];
  return version === undefined ? said : `Nix ${version}`;
}
