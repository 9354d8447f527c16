/** What the run asks or complains of, above the lanes. */
import { useState } from 'react';
import { Button, IconButton } from '../look/button.tsx';
import { CrossIcon, PauseIcon, TerminalIcon, WarningIcon } from '../look/icons.tsx';
import { copyAndTell } from '../store/copy.ts';
import { useConnection } from '../store/connection.ts';
import { useJob } from '../store/job.ts';
import { openHeldShell, openShell } from '../store/panes.ts';
import { answerHeld, answerPaused } from '../store/running.ts';

/** A failed phase whose sandbox is still there. */
export function HeldSandbox() {
  const job = useJob((state) => state.job);
  const hasCntr = useConnection(({ hello }) => hello?.tools.includes('cntr') === true);
  const held = job?.held ?? null;
  if (job === null || held === null) return null;
  return (
    <div className="job-news job-news-held" role="alert">
      <WarningIcon />
      <div className="job-news-words">
        <p>
          <strong>{held.phase} failed.</strong> Its sandbox waits, with its processes: attach to it,
          mend what is wrong, then go on.
        </p>
        <code>{held.attach}</code>
      </div>
      <Button
        look="primary"
        icon={<TerminalIcon />}
        onClick={() => openHeldShell(job.id, 'nsenter')}
      >
        Open a shell in it
      </Button>
      {hasCntr ? (
        <Button onClick={() => openHeldShell(job.id, 'cntr')}>By cntr, as root</Button>
      ) : null}
      <Button onClick={() => void copyAndTell(held.attach, 'The command')}>Copy command</Button>
      <Button onClick={() => void answerHeld('continue')}>Go on</Button>
      <Button onClick={() => void answerHeld('end')}>End</Button>
    </div>
  );
}

/** A run at a breakpoint: nothing runs, and the state reached can be entered. */
export function PausedRun() {
  const paused = useJob(({ job }) => job?.paused ?? null);
  if (paused === null) return null;
  const { phase, where, snapshot } = paused;
  return (
    <div className="job-news job-news-paused" role="alert">
      <PauseIcon />
      <div className="job-news-words">
        <p>
          <strong>
            Paused {where} {phase}
          </strong>{' '}
          A shell here has the state that was reached. What it changes is not part of the run.
        </p>
      </div>
      <Button look="primary" onClick={() => void answerPaused('continue')}>
        Continue
      </Button>
      <Button onClick={() => void answerPaused('end')}>End here</Button>
      {snapshot === null ? null : <Button onClick={() => openShell(snapshot)}>Open shell</Button>}
    </div>
  );
}

/** Why the run ended before its end. */
export function JobEnded() {
  const job = useJob((state) => state.job);
  const [closed, setClosed] = useState<string | null>(null);
  const end = job?.end ?? null;
  if (job === null || end === null || job.id === closed) return null;
  const says = saying(end);
  if (says === null) return null;
  return (
    <div className="job-news" role="alert">
      <WarningIcon />
      <div className="job-news-words">
        <p>{says.text}</p>
        {says.advice === null ? null : <p className="job-news-advice">{says.advice}</p>}
      </div>
      <IconButton label="Dismiss" onClick={() => setClosed(job.id)}>
        <CrossIcon />
      </IconButton>
    </div>
  );
}

type End = NonNullable<NonNullable<ReturnType<typeof useJob.getState>['job']>['end']>;

function saying(end: End): { readonly text: string; readonly advice: string | null } | null {
  switch (end.kind) {
    case 'succeeded':
      return null;
    case 'failed':
      return end.complaint === null ? null : { text: end.complaint, advice: null };
    case 'stopped':
      return end.error === null ? null : { text: end.error, advice: end.advice };
  }
}
