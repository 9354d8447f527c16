/** What stands where a phase was not traced: a button that runs it so. */
import type { ReactNode } from 'react';
import type { Wish } from '../../src-main/protocol/methods.ts';
import { Button } from '../look/button.tsx';
import { LibraryIcon } from '../look/icons.tsx';
import { EmptyState } from '../look/states.tsx';
import { again } from '../store/again.ts';
import { isLive, useJob } from '../store/job.ts';
import { run as startRun } from '../store/running.ts';

export function NotTraced({
  kind,
  run,
  phase,
  refusal = null,
  children,
}: {
  readonly kind: Wish['trace'][number];
  readonly run: string;
  /** Null for all phases. */
  readonly phase: string | null;
  /** Why this machine cannot. */
  readonly refusal?: string | null;
  /** What one would get from it. */
  readonly children: ReactNode;
}) {
  const busy = useJob(({ job, starting }) => starting || isLive(job));
  return (
    <EmptyState
      icon={<LibraryIcon />}
      title={`${phase ?? 'The run'} was not traced`}
      actions={
        <Button
          disabled={busy || refusal !== null}
          onClick={() => void startRun({ ...again(run, phase), trace: [kind] })}
        >
          {phase === null ? 'Run it traced' : `Run ${phase} traced`}
        </Button>
      }
    >
      <p>{children}</p>
      {refusal === null ? null : <p className="not-traced-refusal">{refusal}</p>}
    </EmptyState>
  );
}
