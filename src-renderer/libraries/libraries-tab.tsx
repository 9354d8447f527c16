/** Which shared libraries the processes of a phase looked for, where, and what they found. */
import { callEngine } from '../connection/connection.ts';
import { LibraryIcon } from '../look/icons.tsx';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { useAnswer } from '../snapshots/use-answer.ts';
import { NotTraced } from './not-traced.tsx';
import { SilentPrograms } from './silent-programs.tsx';
import { TracedLibraries } from './traced-libraries.tsx';

export function LibrariesTab({
  run,
  phase,
}: {
  readonly run: string;
  readonly phase: string | null;
}) {
  const answer = useAnswer(`${run} ${phase ?? ''}`, async (signal) =>
    callEngine('libraries', { of: { run, phase } }, signal),
  );
  if (answer.kind === 'failed') return <ErrorState error={answer.error} />;
  if (answer.kind === 'waiting') return <Loading label="Reading the trace" />;
  const { processes, traced } = answer.value;
  if (processes.length > 0) {
    return (
      <TracedLibraries key={`${run} ${phase ?? ''}`} libraries={answer.value} of={{ run, phase }} />
    );
  }
  if (phase !== null && traced.includes(phase)) {
    return (
      <div className="libraries">
        <EmptyState icon={<LibraryIcon />} title="No lookups">
          {phase} was traced, and none of its programs told of a lookup: those that are linked
          statically, or with another loader than glibc’s, tell nothing.
        </EmptyState>
        <SilentPrograms silent={answer.value.silent} />
      </div>
    );
  }
  return (
    <NotTraced kind="ld" run={run} phase={phase}>
      Traced, each program tells which shared libraries it looks for, where, in which order, and
      what it found. The files of the build are the same.
    </NotTraced>
  );
}
