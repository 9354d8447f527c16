/** The Snapshot browser pane: what changed between two states, in files and in the shell. */
import { useEffect, useMemo, useState } from 'react';
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
import { growth } from './change-entry.ts';
import { FilesView, type SelectedFile } from './files-view.tsx';
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
  const [file, setFile] = useState<SelectedFile | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (request === null) return;
    setTab('files');
    setFile({ path: request.path, line: request.line });
  }, [request]);

  const current = runs.find(({ id }) => id === run);
  const options = useMemo(() => stateOptions(snapshots, current), [snapshots, current]);
  const shown = snapshots.find(({ id }) => id === snapshot);
  const parent = snapshots.find(({ id }) => id === shown?.parent);

  const answer = useAnswer(
    snapshot === null ? null : `${snapshot} ${against ?? ''} ${attempt}`,
    async (signal) =>
      snapshot === null ? null : callEngine('changes', { snapshot, against }, signal),
  );
  const changes = answer.kind === 'there' ? answer.value : null;
  const totals = useMemo(() => {
    const counts = { added: 0, modified: 0, removed: 0, bytes: 0 };
    if (changes === null) return counts;
    for (const kind of changes.kinds) {
      if (kind === 'A') counts.added += 1;
      else if (kind === 'M') counts.modified += 1;
      else counts.removed += 1;
    }
    changes.sizes.forEach((size, at) => {
      if (changes.types[at] !== 'd') counts.bytes += growth(size, changes.oldSizes[at] ?? -1);
    });
    return counts;
  }, [changes]);

  if (snapshot === null) {
    return (
      <EmptyState icon={<DiffIcon />} title="No state to look into">
        {phase === null
          ? 'Choose a phase in the timeline to see what it changed.'
          : `${phase} has left no state yet: it is there when the phase has ended.`}
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
          <KindCounts {...totals} />
          {changes === null || changes.paths.length === 0 ? null : (
            <span>{byteGrowth(totals.bytes)}</span>
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
        <Tabs
          label="What changed"
          items={[
            { value: 'files', label: 'Files', count: changes.paths.length },
            { value: 'shell', label: 'Environment' },
            { value: 'search', label: 'Search' },
          ]}
          value={tab}
          onChange={setTab}
        >
          <TabContent value="files">
            <FilesView
              key={`${changes.from ?? ''} ${changes.to}`}
              changes={changes}
              selected={file}
              onSelect={setFile}
            />
          </TabContent>
          <TabContent value="shell">
            <StateView from={changes.from} to={changes.to} />
          </TabContent>
          <TabContent value="search">
            <TextSearchView
              changes={changes}
              onOpen={(path, line) => {
                setFile({ path, line });
                setTab('files');
              }}
            />
          </TabContent>
        </Tabs>
      )}
    </div>
  );
}

function beforeName(id: string, initial: string | null | undefined, name: string): string {
  return id === initial ? 'start of the run' : name;
}
