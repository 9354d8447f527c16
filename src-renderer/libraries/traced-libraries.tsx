/** Traced processes beside the lookups of one of them, filtered. */
import { useDeferredValue, useMemo, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import type { LibrariesView, TraceSource } from '../../src-main/protocol/methods.ts';
import { callEngine } from '../connection/connection.ts';
import { Button, IconButton } from '../look/button.tsx';
import { Switch, TextField } from '../look/fields.tsx';
import { CrossIcon, DiffIcon, SearchIcon } from '../look/icons.tsx';
import { Menu } from '../look/menu.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { useShape } from '../look/use-shape.ts';
import { useRuns } from '../store/runs.ts';
import { useAnswer } from '../snapshots/use-answer.ts';
import { ComparisonView } from './comparison-view.tsx';
import { counterparts } from './comparison.ts';
import { LookupList } from './lookup-list.tsx';
import { shownLookups, shownProcesses, type LibraryFilter } from './lookups.ts';
import { ProcessList } from './process-list.tsx';
import { hasFailed, processRows } from './process-rows.ts';
import { SilentPrograms } from './silent-programs.tsx';

/** Pixels that processes and their lookups need beside each other: a search path has long names. */
const beside = 640;

export function TracedLibraries({
  libraries,
  of,
}: {
  readonly libraries: LibrariesView;
  /** Where its lookups are asked for. */
  readonly of: TraceSource;
}) {
  const [filter, setFilter] = useState<LibraryFilter>({ words: '', missing: false });
  const named = useNamedLists(of, filter.words);
  const processes = useMemo(
    () => shownProcesses(libraries, filter, named),
    [libraries, filter, named],
  );
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => processRows(processes, open), [processes, open]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [shape, measured] = useShape(beside);
  // Whoever opens the pane looks for what was not found.
  const at = Math.max(
    0,
    rows.findIndex(({ key, shown: one }) => (chosen === null ? hasFailed(one) : key === chosen)),
  );
  const shown = rows[at]?.shown.process;
  const runs = useRuns((state) => state.runs);
  const others = useMemo(() => counterparts(runs, of, Date.now()), [runs, JSON.stringify(of)]);
  const [against, setAgainst] = useState<string | null>(null);
  const there = others.find(({ value }) => value === against);
  const list = shown?.lookups ?? null;
  const answer = useAnswer(list === null ? null : `${JSON.stringify(of)} ${list}`, async (signal) =>
    callEngine('lookups', { of, list: list ?? 0 }, signal),
  );
  return (
    <div className="libraries">
      {there === undefined ? (
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
          {others.length === 0 ? null : (
            <Menu
              align="end"
              entries={[
                { kind: 'heading', label: 'Compare with' },
                ...others.map(({ value, label }) => ({
                  kind: 'action' as const,
                  label,
                  act: () => setAgainst(value),
                })),
              ]}
            >
              <Button look="ghost" icon={<DiffIcon />}>
                Compare
              </Button>
            </Menu>
          )}
          <span className="libraries-count" role="status">
            {processes.length === 1
              ? '1 process'
              : `${processes.length.toLocaleString('en')} processes`}
          </span>
        </PaneHeader>
      ) : (
        <PaneHeader>
          <DiffIcon />
          <span className="libraries-against">Compared with {there.label}</span>
          <IconButton label="End the comparison" onClick={() => setAgainst(null)}>
            <CrossIcon />
          </IconButton>
        </PaneHeader>
      )}
      {there !== undefined ? (
        <ComparisonView here={of} there={there.of} name={there.label} />
      ) : shown === undefined ? (
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
            <ProcessList
              rows={rows}
              at={at}
              onChoose={(index) => setChosen(rows[index]?.key ?? null)}
              onOpen={(key, wanted) =>
                setOpen(
                  new Set(wanted ? [...open, key] : [...open].filter((other) => other !== key)),
                )
              }
            />
          </Panel>
          <Separator className="divider" aria-label="Size of the list of processes" />
          <Panel minSize="5rem">
            {answer.kind === 'failed' ? (
              <ErrorState error={answer.error} />
            ) : answer.kind === 'waiting' ? (
              <Loading label="Reading the lookups" />
            ) : (
              <LookupList
                process={shown}
                lookups={shownLookups(answer.value, shown, filter)}
                origin={'run' in of ? of : null}
              />
            )}
          </Panel>
        </Group>
      )}
      <SilentPrograms silent={libraries.silent} />
    </div>
  );
}

/** The lists in which a library has the words in its name; null where there are none, or until they are found. */
function useNamedLists(of: TraceSource, words: string): ReadonlySet<number> | null {
  const wanted = useDeferredValue(words);
  const answer = useAnswer(
    wanted === '' ? null : `${JSON.stringify(of)} ${wanted}`,
    async (signal) => new Set(await callEngine('findLookups', { of, words: wanted }, signal)),
  );
  return answer.kind === 'there' ? answer.value : null;
}
