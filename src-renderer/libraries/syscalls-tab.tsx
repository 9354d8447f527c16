/** System calls of a phase: files that were missing, files read outside the store, connections tried, and when. */
import { callEngine } from '../connection/connection.ts';
import { ErrorState, Loading } from '../look/states.tsx';
import { useAnswer } from '../snapshots/use-answer.ts';
import { TRACER_MISSING, useTracers } from '../store/tracers.ts';
import { NotTraced } from './not-traced.tsx';
import { TracedSyscalls } from './traced-syscalls.tsx';

export function SyscallsTab({
  run,
  phase,
}: {
  readonly run: string;
  readonly phase: string | null;
}) {
  const canTrace = useTracers().length > 0;
  const answer = useAnswer(`${run} ${phase ?? ''}`, async (signal) =>
    callEngine('syscalls', { run, phase }, signal),
  );
  if (answer.kind === 'failed') return <ErrorState error={answer.error} />;
  if (answer.kind === 'waiting') return <Loading label="Reading the trace" />;
  const { traced } = answer.value;
  if (phase === null ? traced.length === 0 : !traced.includes(phase)) {
    return (
      <NotTraced kind="syscalls" run={run} phase={phase} refusal={canTrace ? null : TRACER_MISSING}>
        Traced, it is seen which files each program opens, executes and looks for in vain, and what
        it tries to connect to. The files of the build are the same; it takes longer.
      </NotTraced>
    );
  }
  return <TracedSyscalls key={`${run} ${phase ?? ''}`} syscalls={answer.value} />;
}
