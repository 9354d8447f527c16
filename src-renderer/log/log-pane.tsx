/** The Log pane: what the selected phase, or the whole run, has printed. */
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
} from 'react';
import { z } from '../../src-main/protocol/schema.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { Button, IconButton } from '../look/button.tsx';
import { download } from '../look/download.ts';
import {
  ClockIcon,
  FollowIcon,
  LogIcon,
  SaveIcon,
  SearchIcon,
  WarningIcon,
  WrapIcon,
} from '../look/icons.tsx';
import { Menu } from '../look/menu.tsx';
import { PaneTools } from '../look/pane.tsx';
import { Segmented } from '../look/segmented.tsx';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { isLive, useJob } from '../store/job.ts';
import { notify } from '../store/notices.ts';
import { usePanes, type LogRequest } from '../store/panes.ts';
import { useRuns } from '../store/runs.ts';
import { selectPhase, useSelection } from '../store/selection.ts';
import { store, stored } from '../store/stored.ts';
import { parseAnsi } from './ansi.ts';
import { findFileLinks, type FileLink } from './file-links.ts';
import { LogDocument } from './log-document.ts';
import { readWholeLog } from './log-export.ts';
import { compileQuery, matchFrom, NO_QUERY, type LogQuery } from './log-query.ts';
import { LogSearchBar } from './log-search-bar.tsx';
import { useLogSearch } from './log-search.ts';
import { LogStrip } from './log-strip.tsx';
import type { TimeShown } from './log-time.ts';
import { LogViewport } from './log-viewport.ts';
import { LogView } from './log-view.tsx';
import { firstError, type Mark } from './marks.ts';
import { openLink } from './open-link.ts';
import '../look/ansi.css';
import '../look/found.css';
import './log.css';

/** Until the first row is measured. */
const USUAL_ROW = 20;

/** More lines that match are not marked on the strip; it has not as many places. */
const MARKED_MATCHES = 20_000;

const preferencesSchema = z.object({
  wrap: z.boolean(),
  time: z.enum(['none', 'relative', 'absolute']),
});
type Preferences = z.infer<typeof preferencesSchema>;

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
    <OneLog
      key={`${run} ${shown ?? ''}`}
      run={run}
      phase={shown}
      selectedPhase={phase}
      request={request?.run === run && request.phase === shown ? request : null}
      onScope={setScope}
    />
  );
}

function OneLog({
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

  const liveNow = useRef(live);
  liveNow.current = live;
  const log = useMemo(() => new LogDocument(run, phase), [run, phase]);
  const viewport = useMemo(
    () => new LogViewport(USUAL_ROW, false, () => liveNow.current),
    [run, phase],
  );
  useEffect(() => log.open(), [log]);
  const version = useSyncExternalStore(log.subscribe, log.version);
  const following = useSyncExternalStore(viewport.subscribe, viewport.isFollowing);
  useEffect(() => {
    log.showsEnd = following;
  }, [log, following]);
  const { info, error, lines } = log;

  const [preferences, setPreferences] = usePreferences();
  const [query, setQuery] = useState<LogQuery>(NO_QUERY);
  const [searching, setSearching] = useState<number | null>(null);
  const [current, setCurrent] = useState<number | null>(null);
  const pattern = useMemo(() => compileQuery(query), [query]);
  const found = useLogSearch(log, query, lines);

  const go = useCallback(
    (line: number) => {
      setCurrent(line);
      viewport.reveal(line);
    },
    [viewport],
  );

  /** The words to go to once they are found. */
  const sought = useRef<string | null>(null);
  useEffect(() => {
    if (request?.find === undefined || request.find === null) return;
    sought.current = request.find;
    setQuery({ ...NO_QUERY, text: request.find });
    setSearching((serial) => (serial ?? 0) + 1);
  }, [request]);
  useEffect(() => {
    const [line] = found.lines;
    if (line === undefined || found.searching || sought.current !== query.text) return;
    sought.current = null;
    go(line);
  }, [found, query, go]);

  useArrival({ log, viewport, version, live, failed, go });

  const errors = useMemo(
    () => (info?.marks ?? []).filter(({ kind }) => kind === 'error').map(({ line }) => line),
    [info],
  );

  const marks = useMemo(
    (): readonly Mark[] => [
      ...(info?.marks ?? []),
      ...found.lines.slice(0, MARKED_MATCHES).map((line) => ({ line, kind: 'match' }) as const),
    ],
    [info, found],
  );

  /** From where one stands or looks to the next of some lines. */
  const step = (list: readonly number[], direction: 'next' | 'previous') => {
    const { firstSeen, endSeen } = viewport.window();
    const isSeen = current !== null && current >= firstSeen && current < endSeen;
    const from = isSeen ? current : direction === 'next' ? firstSeen - 1 : endSeen;
    const line = list[matchFrom(list, from, direction)];
    if (line !== undefined) go(line);
  };

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

  const openCurrent = () => {
    if (current === null) return;
    const [link] = findFileLinks(parseAnsi(log.line(current)?.text ?? '').text);
    if (link !== undefined) open(link, current);
  };

  const [saving, setSaving] = useState<AbortController | null>(null);
  const save = async () => {
    const abort = new AbortController();
    setSaving(abort);
    try {
      download(await readWholeLog(log, abort.signal), `${phase ?? 'build'}.log`);
    } catch (problem) {
      if (!isCancelled(problem)) notify(errorParts(problem));
    } finally {
      setSaving(null);
    }
  };
  useEffect(() => () => saving?.abort(), [saving]);

  const openSearch = () => setSearching((serial) => (serial ?? 0) + 1);
  const closeSearch = () => {
    setSearching(null);
    setQuery(NO_QUERY);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'f' && (event.ctrlKey || event.metaKey)) openSearch();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const timeEntry = (time: TimeShown, label: string) =>
    ({
      kind: 'check',
      label,
      checked: preferences.time === time,
      act: () => setPreferences({ ...preferences, time }),
    }) as const;

  return (
    <div className="log" onKeyDown={onKeyDown}>
      <PaneTools>
        <Segmented
          label="Which log"
          segments={[
            { value: 'phase', label: selectedPhase ?? 'Phase' },
            { value: 'run', label: 'Whole run' },
          ]}
          value={phase === null ? 'run' : 'phase'}
          onChange={onScope}
        />
        {errors.length === 0 ? null : (
          <Button
            look="ghost"
            className="log-errors"
            icon={<WarningIcon />}
            aria-label={`Jump to the first error of ${errors.length}`}
            onClick={() => go(firstError(info?.marks ?? []) ?? 0)}
          >
            {errors.length.toLocaleString('en')}
            <span className="log-errors-word">{errors.length === 1 ? 'error' : 'errors'}</span>
          </Button>
        )}
        <IconButton
          label="Search the log"
          keys="Ctrl F"
          pressed={searching !== null}
          onClick={searching === null ? openSearch : closeSearch}
        >
          <SearchIcon />
        </IconButton>
        <IconButton
          label="Wrap long lines"
          pressed={preferences.wrap}
          onClick={() => setPreferences({ ...preferences, wrap: !preferences.wrap })}
        >
          <WrapIcon />
        </IconButton>
        <Menu
          align="end"
          entries={[
            { kind: 'heading', label: 'Times' },
            timeEntry('none', 'None'),
            timeEntry('relative', 'Since the phase began'),
            timeEntry('absolute', 'Time of day'),
          ]}
        >
          <button type="button" className="icon-button" aria-label="Times" title="Times">
            <ClockIcon />
          </button>
        </Menu>
        <IconButton
          label={saving === null ? 'Save the log' : 'Stop saving'}
          pressed={saving !== null}
          disabled={lines === 0}
          onClick={() => (saving === null ? void save() : saving.abort())}
        >
          <SaveIcon />
        </IconButton>
      </PaneTools>
      {searching === null ? null : (
        <LogSearchBar
          query={query}
          pattern={pattern}
          found={found}
          current={current}
          focusSerial={searching}
          onQuery={setQuery}
          onStep={(direction) => step(found.lines, direction)}
          onClose={closeSearch}
        />
      )}
      {info === null ? (
        error === null ? (
          <Loading label="Reading the log" />
        ) : (
          <ErrorState
            error={error}
            actions={<Button onClick={() => log.retry()}>Try again</Button>}
          />
        )
      ) : lines === 0 ? (
        <EmptyState icon={<LogIcon />} title={live ? 'Nothing printed yet' : 'Nothing was printed'}>
          {live ? 'Lines appear here as the build prints them.' : null}
        </EmptyState>
      ) : (
        <div className="log-body">
          <LogView
            document={log}
            viewport={viewport}
            wrap={preferences.wrap}
            time={preferences.time}
            startOf={startOf}
            pattern={pattern}
            current={current}
            onOpen={open}
            onStepMark={(direction) => step(errors, direction)}
            onOpenCurrent={openCurrent}
          />
          <LogStrip marks={marks} lines={lines} onGo={go} />
          {live && !following ? (
            <Button className="log-follow" icon={<FollowIcon />} onClick={() => viewport.follow()}>
              Follow the log
            </Button>
          ) : null}
        </div>
      )}
    </div>
  );
}

/** Where a log is opened: at its end while it grows; at the first error of what failed; at its beginning. */
function useArrival({
  log,
  viewport,
  version,
  live,
  failed,
  go,
}: {
  readonly log: LogDocument;
  readonly viewport: LogViewport;
  readonly version: number;
  readonly live: boolean;
  readonly failed: boolean;
  readonly go: (line: number) => void;
}) {
  const arrived = useRef(false);
  useEffect(() => {
    if (log.info === null || log.lines === 0) return;
    // The rows are there only after this effect's own rendering.
    viewport.setCount(log.lines);
    if (live && !arrived.current) {
      arrived.current = true;
      viewport.follow();
    } else if (failed && !live && (!arrived.current || viewport.following)) {
      const error = firstError(log.info.marks);
      if (error === null && arrived.current) return;
      arrived.current = true;
      if (error === null) viewport.follow();
      else go(error);
    } else if (!live) arrived.current = true;
  }, [log, viewport, version, live, failed, go]);
}

function usePreferences(): [Preferences, (next: Preferences) => void] {
  const [preferences, setPreferences] = useState(() =>
    stored<Preferences>('log', preferencesSchema, { wrap: true, time: 'none' }),
  );
  return [
    preferences,
    (next) => {
      setPreferences(next);
      store('log', next);
    },
  ];
}

function snapshotOf(run: string, phase: string): string | null {
  const { job } = useJob.getState();
  const phases =
    job?.run === run ? job.phases : useRuns.getState().runs.find(({ id }) => id === run)?.phases;
  return phases?.find(({ name }) => name === phase)?.snapshot ?? null;
}
