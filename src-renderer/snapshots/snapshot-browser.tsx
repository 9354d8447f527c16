/** The Snapshot browser pane: what changed between two states, in files and in the shell. */
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { Changes } from '../../src-main/protocol/methods.ts';
import type { Run } from '../../src-main/protocol/methods.ts';
import { callEngine } from '../connection/connection.ts';
import { Button } from '../look/button.tsx';
import { byteGrowth } from '../look/byte-size.ts';
import { Select } from '../look/fields.tsx';
import { ArrowRightIcon, DiffIcon } from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { TabContent, Tabs } from '../look/tabs.tsx';
import { usePanes } from '../store/panes.ts';
import { useRuns } from '../store/runs.ts';
import { selectAgainst, selectSnapshot, useSelection } from '../store/selection.ts';
import { useWish } from '../store/wish.ts';
import { countChanges, sumOf } from './change-counts.ts';
import { growth } from './change-entry.ts';
import { EVERYTHING, selectChanges } from './change-filter.ts';
import type { SelectedFile } from './chosen-file.ts';
import { FilesView } from './files-view.tsx';
import { KindCounts } from './kind-sign.tsx';
import { PARENT, stateName, stateOptions } from './state-names.ts';
import { StateView } from './state-view.tsx';
import { TextSearchView } from './text-search-view.tsx';
import { useAnswer } from './use-answer.ts';
import '../look/found.css';
import './snapshots.css';

type BrowserTab = 'files' | 'shell' | 'search';

export function SnapshotBrowser() {
  const { run, phase, snapshot, against } = useSelection();
  const { runs, snapshots } = useRuns();
  const request = usePanes(({ snapshotFile }) => snapshotFile);
  const [tab, setTab] = useState<BrowserTab>('files');
  const [file, setFile] = useChosenFile();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (request === null) return;
    setTab('files');
    setFile({ path: request.path, line: request.line });
  }, [request]);

  const current = runs.find(({ id }) => id === run);
  const options = useMemo(
    () =>
      stateOptions({
        snapshots,
        runs,
        run: current,
        compared: [snapshot, against],
        now: Date.now(),
      }),
    [snapshots, runs, current, snapshot, against],
  );
  const shown = snapshots.find(({ id }) => id === snapshot);
  const parent = snapshots.find(({ id }) => id === shown?.parent);

  const answer = useAnswer(
    snapshot === null ? null : `${snapshot} ${against ?? ''} ${attempt}`,
    async (signal) =>
      snapshot === null ? null : callEngine('changes', { snapshot, against }, signal),
  );
  const changes = answer.kind === 'there' ? answer.value : null;
  const totals = useMemo(
    () => (changes === null ? null : { ...countChanges(changes), bytes: bytesGrown(changes) }),
    [changes],
  );

  if (snapshot === null) {
    return (
      <EmptyState icon={<DiffIcon />} title="No state to look into">
        {phase === null
          ? 'Choose a phase in the timeline to see what it changed.'
          : whyNoState(phase, current)}
      </EmptyState>
    );
  }

  return (
    <div className="snapshots">
      <PaneHeader>
        <Select
          label="Compare from"
          value={against ?? PARENT}
          options={[
            {
              value: PARENT,
              label:
                parent === undefined
                  ? 'nothing'
                  : beforeName(parent.id, current?.initial, stateName(parent)),
              says: 'The state that the chosen one began from',
            },
            ...options.filter(({ value }) => value !== snapshot && value !== parent?.id),
          ]}
          onChange={(value) => selectAgainst(value === PARENT ? null : value)}
        />
        <ArrowRightIcon />
        <Select
          label="Compare to"
          value={snapshot}
          options={
            options.some(({ value }) => value === snapshot)
              ? options
              : [{ value: snapshot, label: snapshot.slice(0, 12) }, ...options]
          }
          onChange={(value) => selectSnapshot(value, against === value ? null : against)}
        />
        <p className="snapshots-totals" role="status">
          {totals === null || sumOf(totals) === 0 ? null : (
            <>
              <KindCounts {...totals} />
              <span>{byteGrowth(totals.bytes)}</span>
            </>
          )}
        </p>
      </PaneHeader>
      {answer.kind === 'failed' ? (
        <ErrorState
          error={answer.error}
          actions={<Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>}
        />
      ) : changes === null ? (
        <Loading label="Comparing the states" />
      ) : (
        <Comparison
          key={`${changes.from ?? ''} ${changes.to}`}
          changes={changes}
          tab={tab}
          onTab={setTab}
          file={file}
          onFile={setFile}
        />
      )}
    </div>
  );
}

/** What changed from one state to another, in its three tabs. */
function Comparison({
  changes,
  tab,
  onTab,
  file,
  onFile,
}: {
  readonly changes: Changes;
  readonly tab: BrowserTab;
  readonly onTab: (tab: BrowserTab) => void;
  readonly file: SelectedFile | null;
  readonly onFile: (file: SelectedFile) => void;
}) {
  const [filter, setFilter] = useState(EVERYTHING);
  const applied = useDeferredValue(filter);
  const passing = useMemo(() => selectChanges(changes, applied), [changes, applied]);
  const all = useMemo(() => sumOf(countChanges(changes)), [changes]);
  const shown = useMemo(() => sumOf(countChanges(changes, passing)), [changes, passing]);
  return (
    <Tabs
      label="What changed"
      items={[
        { value: 'files', label: 'Files', count: shown, of: all },
        { value: 'shell', label: 'Environment' },
        { value: 'search', label: 'Search' },
      ]}
      value={tab}
      onChange={onTab}
    >
      <TabContent value="files">
        <FilesView
          changes={changes}
          passing={passing}
          filter={filter}
          onFilter={setFilter}
          selected={file}
          onSelect={onFile}
        />
      </TabContent>
      <TabContent value="shell">
        <StateView from={changes.from} to={changes.to} />
      </TabContent>
      <TabContent value="search">
        <TextSearchView
          changes={changes}
          onOpen={(path, line) => {
            onFile({ path, line });
            onTab('files');
          }}
        />
      </TabContent>
    </Tabs>
  );
}

/** The file chosen in what is open; another target has others. */
function useChosenFile() {
  const target = useWish(({ wish }) => `${wish.target}\n${wish.attribute ?? ''}`);
  const [chosen, setChosen] = useState<{
    readonly target: string;
    readonly file: SelectedFile;
  } | null>(null);
  if (chosen !== null && chosen.target !== target) setChosen(null);
  const choose = (file: SelectedFile) => setChosen({ target, file });
  return [chosen?.target === target ? chosen.file : null, choose] as const;
}

function bytesGrown(changes: Changes): number {
  let bytes = 0;
  changes.sizes.forEach((size, at) => {
    if (changes.types[at] !== 'd') bytes += growth(size, changes.oldSizes[at] ?? -1);
  });
  return bytes;
}

function beforeName(id: string, initial: string | null | undefined, name: string): string {
  return id === initial ? 'start of the run' : name;
}

/** Why there is nothing to look into of a phase. */
function whyNoState(phase: string, run: Run | undefined): string {
  const status = run?.phases.find(({ name }) => name === phase)?.status;
  if (run?.status === 'running' || status === undefined) {
    return `${phase} has left no state yet: it is there when the phase has ended.`;
  }
  if (status === 'skipped')
    return `${phase} was passed over: the state is that of the phase before it.`;
  if (status === 'planned') return `The run ended before ${phase}.`;
  return `${phase} was stopped before its end, and what it had written is gone. The phases before it left theirs.`;
}
