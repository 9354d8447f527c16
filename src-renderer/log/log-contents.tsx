/** A log in its pane, whatever it is of: searched, wrapped, copied, saved, followed while it grows. */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { Button } from '../look/button.tsx';
import { FollowIcon } from '../look/icons.tsx';
import { PaneTools } from '../look/pane.tsx';
import { ErrorState, Loading } from '../look/states.tsx';
import { parseAnsi } from './ansi.ts';
import { findFileLinks, type FileLink } from './file-links.ts';
import type { LogDocument } from './log-document.ts';
import { useLogPreferences } from './log-preferences.ts';
import { compileQuery, matchFrom, NO_QUERY, type LogQuery } from './log-query.ts';
import { LogSearchBar } from './log-search-bar.tsx';
import { useLogSearch } from './log-search.ts';
import { LogStrip } from './log-strip.tsx';
import { LogTools } from './log-tools.tsx';
import { LogViewport } from './log-viewport.ts';
import { LogView } from './log-view.tsx';
import { firstError, type Mark } from './marks.ts';
import '../look/ansi.css';
import '../look/found.css';
import './log.css';

/** Until the first row is measured. */
const USUAL_ROW = 20;

/** More lines that match are not marked on the strip; it has not as many places. */
const MARKED_MATCHES = 20_000;

export interface LogContentsProps {
  readonly log: LogDocument;
  /** The accessible name of the lines. */
  readonly label: string;
  /** Of the file it is saved as, without `.log`. */
  readonly name: string;
  /** Whether it grows. */
  readonly live: boolean;
  /** Whether one looks for what went wrong. */
  readonly failed: boolean;
  /** Whether it is known when each line was printed. */
  readonly timed: boolean;
  /** When a phase began, in milliseconds since 1970. */
  readonly startOf: (phase: string) => number | null;
  /** Words to go to, once for each such request; null for none. */
  readonly request?: { readonly find: string | null } | null;
  readonly onOpen: (link: FileLink, line: number) => void;
  /** Controls before those that each log has. */
  readonly tools?: ReactNode;
  /** What stands above its lines. */
  readonly head?: ReactNode;
  /** Instead of lines where there are none. */
  readonly empty: ReactNode;
}

export function LogContents({
  log,
  label,
  name,
  live,
  failed,
  timed,
  startOf,
  request = null,
  onOpen,
  tools,
  head,
  empty,
}: LogContentsProps) {
  const liveNow = useRef(live);
  liveNow.current = live;
  const viewport = useMemo(() => new LogViewport(USUAL_ROW, false, () => liveNow.current), [log]);
  // It is open before its rows, below, want their lines.
  useLayoutEffect(() => log.open(), [log]);
  const version = useSyncExternalStore(log.subscribe, log.version);
  const following = useSyncExternalStore(viewport.subscribe, viewport.isFollowing);
  useEffect(() => {
    log.showsEnd = following;
  }, [log, following]);
  const { info, error, lines } = log;

  const [preferences, setPreferences] = useLogPreferences();
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
    const find = request?.find ?? null;
    if (find === null) return;
    sought.current = find;
    setQuery({ ...NO_QUERY, text: find });
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

  const openCurrent = () => {
    if (current === null) return;
    const [link] = findFileLinks(parseAnsi(log.line(current)?.text ?? '').text);
    if (link !== undefined) onOpen(link, current);
  };

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

  return (
    <div className="log" onKeyDown={onKeyDown}>
      <PaneTools>
        {tools}
        <LogTools
          log={log}
          name={name}
          timed={timed}
          preferences={preferences}
          searching={searching !== null}
          onPreferences={setPreferences}
          onSearch={(open) => (open ? openSearch() : closeSearch())}
          onGo={go}
        />
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
      {head}
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
        empty
      ) : (
        <div className="log-body">
          <LogView
            document={log}
            label={label}
            viewport={viewport}
            wrap={preferences.wrap}
            time={timed ? preferences.time : 'none'}
            startOf={startOf}
            pattern={pattern}
            current={current}
            onOpen={onOpen}
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
