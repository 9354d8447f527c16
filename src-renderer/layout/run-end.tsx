/** Tells those who do not see the timeline how a run ended. */
import { useJob, type Job } from '../store/job.ts';
import { useRuns } from '../store/runs.ts';
import { duration } from '../timeline/duration.ts';

export function RunEnd() {
  const job = useJob((state) => state.job);
  const at = useRuns(({ runs }) => runs.find(({ id }) => id === job?.run)?.endsAt ?? null);
  const says =
    job?.end?.kind === 'succeeded' && at !== null
      ? `The run was ended ${at.where} ${at.phase}`
      : job === null
        ? ''
        : endWords(job);
  return (
    <p className="visually-hidden" role="status" aria-label="How the run ended">
      {says}
    </p>
  );
}

/** `The run failed in installPhase, 12.3 s`; empty while it goes on. */
export function endWords({ end, phases, ms }: Job): string {
  switch (end?.kind) {
    case undefined:
      return '';
    case 'succeeded':
      return `The run succeeded, ${duration(ms)}`;
    case 'failed': {
      const failed = phases.find(({ status }) => status === 'failed')?.name;
      return `The run failed${failed === undefined ? '' : ` in ${failed}`}, ${duration(ms)}`;
    }
    case 'stopped':
      return end.error === null ? 'The run was stopped' : 'The run ended by an error';
  }
}
