/** Why a phase failed: what it lacked in the sandbox as cards, the likeliest first, each with a run that shows it. */
import type { ExplanationView as Explanation } from '../../src-main/protocol/methods.ts';
import { Button } from '../look/button.tsx';
import { CheckIcon, CrossIcon, InfoIcon, PlayIcon, SearchIcon, StopIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { EmptyState, ErrorState, Spinner } from '../look/states.tsx';
import { beginningOf, shownIn } from '../store/again.ts';
import { explainRun, stopExplaining, useExplanation } from '../store/explanation.ts';
import { isLive, useJob } from '../store/job.ts';
import { run as startRun } from '../store/running.ts';
import { openShell } from '../store/panes.ts';
import { useRuns } from '../store/runs.ts';
import { useSelection } from '../store/selection.ts';
import { useWish, withBinds, withNetwork } from '../store/wish.ts';
import './explanation.css';

type Suspect = Explanation['suspects'][number];

/** Cards; more are named in a line. */
const MOST_SHOWN = 6;

export function ExplanationView() {
  const { state } = useExplanation();
  const { run } = useSelection();
  const failed = useRuns(({ runs }) =>
    runs.find(({ id }) => id === run)?.phases.some(({ status }) => status === 'failed'),
  );
  if (state.kind === 'going') {
    return (
      <div className="explaining" role="status">
        <Spinner label={state.step} />
        <span>{printable(sentence(state.step))}</span>
        <Button icon={<StopIcon />} onClick={stopExplaining}>
          Stop
        </Button>
      </div>
    );
  }
  if (state.kind === 'failed')
    return <ErrorState error={state.error} actions={<Again run={run} />} />;
  if (state.kind === 'found' && state.run === run) return <Found explanation={state.explanation} />;
  return (
    <EmptyState
      icon={<SearchIcon />}
      title={failed === true ? 'Not explained yet' : 'Nothing to explain'}
      actions={failed === true ? <Again run={run} /> : undefined}
    >
      {failed === true
        ? 'The phase is run again, traced, in its sandbox and with the host in view. What it lacked is then shown to it, one at a time, to see whether it succeeds.'
        : 'Choose a run in the timeline that failed.'}
    </EmptyState>
  );
}

function Again({ run }: { readonly run: string | null }) {
  const busy = useJob(({ job, starting }) => starting || isLive(job));
  return (
    <Button
      look="primary"
      disabled={busy || run === null}
      onClick={() => (run === null ? undefined : void explainRun(run))}
    >
      Explain the failure
    </Button>
  );
}

function Found({ explanation }: { readonly explanation: Explanation }) {
  const { run, phase, suspects } = explanation;
  const others = suspects.slice(MOST_SHOWN);
  return (
    <div className="explanation" tabIndex={0} role="group" aria-label="Explanation">
      <p className="explanation-verdict">{verdict(explanation)}</p>
      {explanation.withHost !== 'fails' || explanation.failure.line === null ? null : (
        <p>
          The phase itself said: <code>{printable(explanation.failure.line)}</code>
        </p>
      )}
      {explanation.withHost === 'fails' && suspects.length === 0 ? (
        <NoSuspect run={run} phase={phase} />
      ) : null}
      <ol className="suspects">
        {suspects.slice(0, MOST_SHOWN).map((suspect) => (
          <SuspectCard key={suspect.path ?? 'network'} suspect={suspect} run={run} phase={phase} />
        ))}
      </ol>
      {others.length === 0 ? null : (
        <p className="explanation-others">
          Less likely: {others.map((one) => printable(nameOf(one))).join(', ')}
        </p>
      )}
    </div>
  );
}

/** What is left to do where the sandbox is not the cause. */
function NoSuspect({ run, phase }: { readonly run: string; readonly phase: string }) {
  const snapshot = useRuns(
    ({ runs }) =>
      runs.find(({ id }) => id === run)?.phases.find(({ name }) => name === phase)?.snapshot,
  );
  return (
    <>
      <p>
        Nothing that it lacks inside is there outside: look at the command itself, in a shell in the
        state it failed in.
      </p>
      {snapshot === undefined || snapshot === null ? null : (
        <Button onClick={() => openShell(snapshot)}>Open shell</Button>
      )}
    </>
  );
}

function SuspectCard({
  suspect,
  run,
  phase,
}: {
  readonly suspect: Suspect;
  readonly run: string;
  readonly phase: string;
}) {
  const { kind, path, asked, programs, reasons, trial, remedies, isOutside } = suspect;
  const busy = useJob(({ job, starting }) => starting || isLive(job));
  const runWith = () => {
    const wish = { ...useWish.getState().wish, ...shownIn(run) };
    const shown =
      kind === 'network' || path === null
        ? withNetwork(wish, true)
        : withBinds(wish, [...wish.binds.filter((bind) => bind !== path), path]);
    void startRun({ ...shown, from: beginningOf(run, phase) });
  };
  return (
    <li className={`suspect suspect-${trial}`}>
      <div className="suspect-head">
        {trial === 'succeeds' ? <CheckIcon /> : trial === 'fails' ? <CrossIcon /> : <InfoIcon />}
        <strong>{printable(nameOf(suspect))}</strong>
        <span className="suspect-trial">{TRIALS[trial]}</span>
        {isOutside ? (
          <Button icon={<PlayIcon />} disabled={busy} onClick={runWith}>
            {kind === 'network' ? 'Run with the network' : 'Run with this path'}
          </Button>
        ) : null}
      </div>
      <ul className="suspect-reasons">
        {asked
          .filter((one) => one !== path)
          .map((one) => (
            <li key={one}>
              asked for <code>{printable(one)}</code>
            </li>
          ))}
        {programs.length === 0 ? null : (
          <li>
            by <code>{printable(programs.slice(0, 4).join(', '))}</code>
          </li>
        )}
        {reasons.map((reason) => (
          <li key={reason}>{printable(reason)}</li>
        ))}
      </ul>
      <ul className="suspect-remedies" aria-label="What to do">
        {remedies.map((remedy) => (
          <li key={remedy}>{printable(remedy)}</li>
        ))}
      </ul>
    </li>
  );
}

const TRIALS = {
  succeeds: 'with it the phase succeeds',
  fails: 'with it the phase still fails',
  'not-tried': '',
} as const;

/** What was seen, in a sentence. */
function verdict({ phase, again, withHost, suspects: [first] }: Explanation): string {
  if (again === 'succeeds') {
    return `${phase} succeeds now, from the same state and in the same sandbox: a race, the time, or something of the machine that has changed made it fail.`;
  }
  if (first?.trial === 'succeeds') {
    return `${phase} succeeds with ${printable(nameOf(first))} in view, and fails without.`;
  }
  if (withHost === 'fails' && first?.isOutside === false) {
    return `${phase} fails with the host in view too: this machine does not have ${printable(nameOf(first))} either.`;
  }
  return withHost === 'succeeds'
    ? `${phase} fails in the sandbox and succeeds with the host in view; no single thing was seen to be why.`
    : `${phase} fails with the host in view too: the sandbox alone is not the cause.`;
}

function nameOf({ kind, path }: Suspect): string {
  return kind === 'network' || path === null ? 'the network' : path;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)} …`;
}
