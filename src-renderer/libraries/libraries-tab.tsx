/** Which shared libraries the processes of a phase looked for, where, and what they found. */
import { useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { callEngine } from '../connection/connection.ts';
import { Switch, TextField } from '../look/fields.tsx';
import { LibraryIcon, SearchIcon } from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { useShape } from '../look/use-shape.ts';
import { useAnswer } from '../snapshots/use-answer.ts';
import { LookupList } from './lookup-list.tsx';
import { shownLookups, shownProcesses, type Libraries, type LibraryFilter } from './lookups.ts';
import { NotTraced } from './not-traced.tsx';
import { ProcessList } from './process-list.tsx';

/** Pixels that processes and their lookups need beside each other: a search path has long names. */
const beside = 640;

export function LibrariesTab({
  run,
  phase,
}: {
  readonly run: string;
  readonly phase: string | null;
}) {
  const answer = useAnswer(`${run} ${phase ?? ''}`, async (signal) =>
    callEngine('libraries', { run, phase }, signal),
  );
  if (answer.kind === 'failed') return <ErrorState error={answer.error} />;
  if (answer.kind === 'waiting') return <Loading label="Reading the trace" />;
  const { processes, traced } = answer.value;
  if (processes.length > 0) {
    return <Traced key={`${run} ${phase ?? ''}`} libraries={answer.value} />;
  }
  if (phase !== null && traced.includes(phase)) {
    return (
      <EmptyState icon={<LibraryIcon />} title="No lookups">
        {phase} was traced, and none of its programs told of a lookup: those that are linked
        statically, or with another loader than glibc’s, tell nothing.
      </EmptyState>
    );
  }
  return (
    <NotTraced kind="ld" phase={phase}>
      Traced, each program tells which shared libraries it looks for, where, in which order, and
      what it found. The files of the build are the same.
    </NotTraced>
  );
}

function Traced({ libraries }: { readonly libraries: Libraries }) {
  const [filter, setFilter] = useState<LibraryFilter>({ words: '', missing: false });
  const processes = useMemo(() => shownProcesses(libraries, filter), [libraries, filter]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [shape, measured] = useShape(beside);
  const at = Math.min(chosen ?? firstWithMisses(processes), Math.max(0, processes.length - 1));
  const shown = processes[at]?.process;
  const lookups = useMemo(
    () => (shown === undefined ? [] : shownLookups(libraries, shown, filter)),
    [libraries, shown, filter],
  );
  return (
    <div className="libraries">
      <PaneHeader>
        <TextField
          label="Filter programs and libraries"
          placeholder="Program or library"
          icon={<SearchIcon />}
          value={filter.words}
          onChange={(words) => setFilter({ ...filter, words })}
        />
        <Switch
          label="Only missing"
          checked={filter.missing}
          onChange={(missing) => setFilter({ ...filter, missing })}
        />
        <span className="libraries-count" role="status">
          {processes.length === 1
            ? '1 process'
            : `${processes.length.toLocaleString('en')} processes`}
        </span>
      </PaneHeader>
      {shown === undefined ? (
        <EmptyState title="Nothing of that kind">
          {filter.missing ? 'Every library that was looked for was found.' : 'No name matches.'}
        </EmptyState>
      ) : (
        <Group
          key={shape}
          elementRef={measured}
          orientation={shape === 'wide' ? 'horizontal' : 'vertical'}
          className="libraries-group"
        >
          <Panel defaultSize="30%" minSize={shape === 'wide' ? '8rem' : '3.5rem'}>
            <ProcessList processes={processes} at={at} onChoose={setChosen} />
          </Panel>
          <Separator className="divider" aria-label="Size of the list of processes" />
          <Panel minSize="5rem">
            <LookupList process={shown} lookups={lookups} />
          </Panel>
        </Group>
      )}
    </div>
  );
}

/** Whoever opens the pane looks for what was not found. */
function firstWithMisses(processes: ReturnType<typeof shownProcesses>): number {
  return Math.max(
    0,
    processes.findIndex(({ misses, process }) => misses > 0 || process.errors.length > 0),
  );
}
