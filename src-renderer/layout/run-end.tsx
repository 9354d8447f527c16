/** Tells those who do not see the timeline how a run ended. */
import type { Run } from '../../src-main/protocol/methods.ts';
import { useJob, type Job } from '../store/job.ts';
import { useRuns } from '../store/runs.ts';
import { duration } from '../timeline/duration.ts';

export function RunEnd() {
  const job = useJob((state) => state.job);
  const at = useRuns(({ runs }) => runs.find(({ id }) => id === job?.run)?.endsAt ?? null);
  return (
    <p className="visually-hidden" role="status" aria-label="How the run ended">
      {job === null ? '' : endWords(job, at)}
    </p>
  );
}

/**
 * `The run failed in installPhase, 12.3 s`; empty while it goes on.
 *
 * @param at where it was to end before its last phase
 */
export function endWords({ end, phases, ms }: Job, at: Run['endsAt'] = null): string {
  switch (end?.kind) {
    case undefined:
      return '';
    case 'succeeded':
      if (at !== null) return `The run was ended ${at.where} ${at.phase}`;
      return `The run succeeded, ${duration(ms)}`;
    case 'failed': {
      const failed = phases.find(({ status }) => status === 'failed')?.name;
      return `The run failed${failed === undefined ? '' : ` in ${failed}`}, ${duration(ms)}`;
    }
    case 'stopped':
      return end.error === null ? 'The run was stopped' : 'The run ended by an error';
  }
}
