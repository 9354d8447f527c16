/** The Log pane: what the selected phase, or the whole run, has printed. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { LogIcon } from '../look/icons.tsx';
import { Segmented } from '../look/segmented.tsx';
import { EmptyState } from '../look/states.tsx';
import { isLive, useJob } from '../store/job.ts';
import { usePanes, type LogRequest } from '../store/panes.ts';
import { useRuns } from '../store/runs.ts';
import { selectPhase, useSelection } from '../store/selection.ts';
import type { FileLink } from './file-links.ts';
import { LogContents } from './log-contents.tsx';
import { openLink } from './open-link.ts';
import { RunLog } from './run-log.ts';

export function LogPane() {
  const { run, phase } = useSelection();
  const request = usePanes(({ log }) => log);
  const [scope, setScope] = useState<'phase' | 'run'>('phase');

  useEffect(() => {
    if (request === null) return;
    const selection = useSelection.getState();
    if (
      request.phase !== null &&
      (selection.run !== request.run || selection.phase !== request.phase)
    ) {
      selectPhase(request.run, request.phase, snapshotOf(request.run, request.phase));
    }
    setScope(request.phase === null ? 'run' : 'phase');
  }, [request]);

  if (run === null) {
    return (
      <EmptyState icon={<LogIcon />} title="No log yet">
        Run a build, or choose a phase in the timeline: what it prints is here.
      </EmptyState>
    );
  }
  const shown = scope === 'run' ? null : phase;
  return (
    <PhaseLog
      key={`${run} ${shown ?? ''}`}
      run={run}
      phase={shown}
      selectedPhase={phase}
      request={request?.run === run && request.phase === shown ? request : null}
      onScope={setScope}
    />
  );
}

function PhaseLog({
  run,
  phase,
  selectedPhase,
  request,
  onScope,
}: {
  readonly run: string;
  /** Null for the whole run. */
  readonly phase: string | null;
  readonly selectedPhase: string | null;
  /** What was last asked of this log. */
  readonly request: LogRequest | null;
  readonly onScope: (scope: 'phase' | 'run') => void;
}) {
  const job = useJob((state) => (state.job?.run === run ? state.job : null));
  const recorded = useRuns(({ runs }) => runs.find(({ id }) => id === run));
  const phases = useMemo(() => job?.phases ?? recorded?.phases ?? [], [job, recorded]);
  const own = phases.find(({ name }) => name === phase);
  const live = phase === null ? isLive(job) : own?.status === 'running';
  const failed =
    phase === null ? phases.some(({ status }) => status === 'failed') : own?.status === 'failed';
  const log = useMemo(() => new RunLog(run, phase), [run, phase]);

  const startOf = useCallback(
    (name: string) => phases.find((one) => one.name === name)?.startedAt ?? null,
    [phases],
  );

  const open = useCallback(
    (link: FileLink, line: number) => {
      const name = log.phaseOf(line)?.name ?? phase;
      const snapshot = phases.find((one) => one.name === name)?.snapshot ?? null;
      void openLink(log, link, line, snapshot);
    },
    [log, phase, phases],
  );

  return (
    <LogContents
      log={log}
      label="Lines of the log"
      name={phase ?? 'build'}
      live={live}
      failed={failed}
      timed
      startOf={startOf}
      request={request}
      onOpen={open}
      tools={
        <Segmented
          label="Which log"
          segments={[
            { value: 'phase', label: selectedPhase ?? 'Phase' },
            { value: 'run', label: 'Whole run' },
          ]}
          value={phase === null ? 'run' : 'phase'}
          onChange={onScope}
        />
      }
      empty={
        <EmptyState icon={<LogIcon />} title={live ? 'Nothing printed yet' : 'Nothing was printed'}>
          {live ? 'Lines appear here as the build prints them.' : null}
        </EmptyState>
      }
    />
  );
}

function snapshotOf(run: string, phase: string): string | null {
  const { job } = useJob.getState();
  const phases =
    job?.run === run ? job.phases : useRuns.getState().runs.find(({ id }) => id === run)?.phases;
  return phases?.find(({ name }) => name === phase)?.snapshot ?? null;
}
