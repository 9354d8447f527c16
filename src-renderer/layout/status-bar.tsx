/** The line at the foot of the window: the engine, and what it is doing. */
import { WarningIcon } from '../look/icons.tsx';
import { Button } from '../look/button.tsx';
import { printable } from '../look/printable.ts';
import { Spinner } from '../look/states.tsx';
import { targetTitle } from '../run-bar/target-path.ts';
import { useConnection } from '../store/connection.ts';
import { isLive, useJob, type Job } from '../store/job.ts';
import { showNixBuild, useNixBuilds } from '../store/nix-builds.ts';
import { usePlan } from '../store/plan.ts';
import { stop } from '../store/running.ts';
import { openTarget, useWish } from '../store/wish.ts';
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
      <Doing />
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
  const news = announced(job, starting, asking);
  const says = isLive(job) && !starting ? (job.stage ?? news) : news;
  return (
    <>
      <span className="status-doing" aria-hidden="true">
        {says === null ? null : (
          <>
            <Spinner label={says} />
            <span className="status-text">{says}</span>
          </>
        )}
      </span>
      <span className="visually-hidden" role="status">
        {news}
      </span>
      <RunElsewhere />
      <NixElsewhere />
    </>
  );
}

/** A run of what is not on screen: one goes back to it, or stops it. */
function RunElsewhere() {
  const { job } = useJob();
  const { target, attribute } = useWish(({ wish }) => wish);
  if (!isLive(job)) return null;
  const { wish } = job;
  if (wish.target === target && wish.attribute === attribute) return null;
  const name = wish.attribute ?? targetTitle(wish.target);
  return (
    <span className="status-elsewhere">
      <Button look="ghost" onClick={() => openTarget(wish.target, wish.attribute)}>
        {name} is being built
      </Button>
      <Button look="ghost" aria-label={`Stop the run of ${name}`} onClick={() => void stop()}>
        Stop
      </Button>
    </span>
  );
}

/** Builds by Nix that go on or wait while something else is on screen. */
function NixElsewhere() {
  const { builds, shown, at } = useNixBuilds();
  const going = builds.filter(({ id, live }) => live && !(shown && id === at));
  return going.map(({ id, title, paused }) => (
    <span key={id} className="status-elsewhere">
      <Button look="ghost" onClick={() => showNixBuild(id)}>
        {printable(targetTitle(title))} {paused === null ? 'is being built by Nix' : 'is paused'}
      </Button>
    </span>
  ));
}

/** What is worth hearing: not the stages between phases, which change many times a second. */
function announced(job: Job | null, starting: boolean, asking: boolean): string | null {
  if (starting) return 'Starting';
  if (!isLive(job)) return asking ? 'Evaluating' : null;
  if (job.held !== null) return `${job.held.phase} waits at its failure`;
  if (job.paused !== null) return `Paused ${job.paused.where} ${job.paused.phase}`;
  return job.phases.find(({ status }) => status === 'running')?.name ?? 'Preparing';
}

function nixName(said: string): string {
  const version = /\d+\.\d+\S*/.exec(said)?.[0];
  return version === undefined ? said : `Nix ${version}`;
}
