/** The lines of a log: those on screen, drawn over a space that may hold millions. */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ClipboardEvent,
  type KeyboardEvent,
} from 'react';
import { classNames } from '../look/class-names.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { copyAndTell } from '../store/copy.ts';
import { notify } from '../store/notices.ts';
import type { FileLink } from './file-links.ts';
import type { LogDocument } from './log-document.ts';
import { readText, textAtHand } from './log-export.ts';
import type { Pattern } from './log-query.ts';
import { LogRow } from './log-row.tsx';
import { ordered, readSelection, type LogSelection } from './log-selection.ts';
import { lineTime, type TimeShown } from './log-time.ts';
import type { LogViewport } from './log-viewport.ts';

export interface LogViewProps {
  readonly document: LogDocument;
  /** The accessible name. */
  readonly label: string;
  readonly viewport: LogViewport;
  readonly wrap: boolean;
  readonly time: TimeShown;
  /** When a phase began, in milliseconds since 1970. */
  readonly startOf: (phase: string) => number | null;
  readonly pattern: Pattern;
  readonly current: number | null;
  readonly onOpen: (link: FileLink, line: number) => void;
  /** F8 and Shift F8. */
  readonly onStepMark: (step: 'next' | 'previous') => void;
  readonly onOpenCurrent: () => void;
}

export function LogView({
  document: log,
  label,
  viewport,
  wrap,
  time,
  startOf,
  pattern,
  current,
  onOpen,
  onStepMark,
  onOpenCurrent,
}: LogViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const widest = useRef(0);
  const version = useSyncExternalStore(log.subscribe, log.version);
  const { first, end, top } = useSyncExternalStore(viewport.subscribe, viewport.window);
  const [selection, setSelection] = useState<LogSelection | null>(null);
  const [whole, setWhole] = useState<ReadonlySet<number>>(new Set());
  const showWhole = useCallback(
    (line: number) => setWhole((lines) => new Set([...lines, line])),
    [],
  );
  const { lines } = log;

  useLayoutEffect(() => {
    if (scroller.current === null || spacer.current === null) return;
    return viewport.attach(scroller.current, spacer.current);
  }, [viewport]);

  useLayoutEffect(() => viewport.setCount(lines), [viewport, lines]);

  // A row is as high as the probe: type may grow, and wrapped rows are of a new width.
  useEffect(() => {
    if (probe.current === null) return;
    let before = '';
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (box === undefined || box.height === 0) return;
      const size = wrap ? `${box.height} ${box.width}` : String(box.height);
      if (size === before) return;
      before = size;
      widest.current = 0;
      if (rows.current !== null) rows.current.style.minInlineSize = '';
      viewport.resetHeights(box.height);
    });
    observer.observe(probe.current);
    return () => observer.disconnect();
  }, [viewport, wrap, time]);

  useEffect(() => log.want(first, end), [log, first, end, lines, version]);

  useLayoutEffect(() => {
    const element = rows.current;
    if (element === null) return;
    if (wrap) viewport.measure(measured(element));
    else if (element.offsetWidth > widest.current) {
      // Scrolling sideways must not depend on which lines happen to be on screen.
      widest.current = element.offsetWidth;
      element.style.minInlineSize = `${widest.current}px`;
    }
  }, [viewport, wrap, first, end, version, pattern, whole, time]);

  useEffect(() => {
    const onChange = () => {
      if (scroller.current === null) return;
      const next = readSelection(scroller.current);
      setSelection((before) => (before === null && next === null ? before : next));
    };
    document.addEventListener('selectionchange', onChange);
    return () => document.removeEventListener('selectionchange', onChange);
  }, []);

  const [all, setAll] = useState(false);
  const everything: LogSelection = {
    anchor: { line: 0, offset: 0 },
    focus: { line: Math.max(0, lines - 1), offset: Infinity },
  };

  const copy = (event: ClipboardEvent) => {
    const selected = all ? everything : (selection ?? null);
    if (selected === null) return;
    event.preventDefault();
    const text = textAtHand(log, selected);
    if (text === null) void copyLater(log, selected);
    else event.clipboardData.setData('text/plain', text);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'F8') onStepMark(event.shiftKey ? 'previous' : 'next');
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      document.getSelection()?.removeAllRanges();
      setAll(true);
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && all) {
      // No browser copies where nothing of its own is selected.
      void copyLater(log, everything);
    } else if (event.key === 'Enter' && event.target === scroller.current) onOpenCurrent();
    else if (event.key === 'Escape' && all) setAll(false);
    // The browser would glide there, over rows whose heights change under it.
    else if (event.key === 'Home' && !event.shiftKey) viewport.scrollToStart();
    else if (event.key === 'End' && !event.shiftKey) viewport.reveal(log.lines - 1);
    else return;
    event.preventDefault();
  };

  const marks = useMemo(() => {
    const kinds = new Map<number, 'error' | 'warning'>();
    for (const { line, kind } of log.info?.marks ?? []) {
      if (kinds.get(line) !== 'error') kinds.set(line, kind);
    }
    return kinds;
  }, [log.info]);

  const begins = useMemo(
    () => new Map(log.phases.map(({ name, line }) => [line, name])),
    [log.phases],
  );

  const row = (number: number) => {
    const line = log.line(number);
    const phase = log.phaseOf(number);
    const start =
      time !== 'relative' || phase === null
        ? null
        : (startOf(phase.name) ?? log.line(phase.line)?.at ?? null);
    return (
      <LogRow
        key={number}
        number={number}
        line={line}
        mark={marks.get(number) ?? null}
        begins={begins.get(number) ?? null}
        time={line === undefined ? (time === 'none' ? null : '') : lineTime(time, line.at, start)}
        pattern={pattern}
        current={number === current}
        selected={all}
        held={number < first || number >= end}
        whole={whole.has(number)}
        onOpen={onOpen}
        onWhole={showWhole}
      />
    );
  };

  // The rows that hold the ends of the selection stay the same elements of the same parent, or the browser would drop it.
  const [from, to] = selection === null ? [null, null] : ordered(selection);
  const held = [from, to].flatMap((place) =>
    place === null || (place.line >= first && place.line < end) ? [] : [place.line],
  );
  const above = [...new Set(held.filter((line) => line < first))];
  const below = [...new Set(held.filter((line) => line >= end && line < lines))];
  const numbers = Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);

  return (
    <div
      ref={scroller}
      className={classNames('log-scroller', wrap && 'log-wrap')}
      role="log"
      aria-live="off"
      aria-label={label}
      tabIndex={0}
      style={{ '--log-digits': String(Math.max(3, String(lines).length)) } as React.CSSProperties}
      onCopy={copy}
      onKeyDown={onKeyDown}
      onMouseDown={() => setAll(false)}
    >
      <div ref={spacer} className="log-spacer" />
      <div ref={probe} className="log-probe" aria-hidden="true" />
      <div ref={rows} className="log-rows" style={{ insetBlockStart: top }}>
        {[...above, ...numbers, ...below].map(row)}
      </div>
    </div>
  );
}

function* measured(rows: HTMLElement): Generator<readonly [row: number, height: number]> {
  for (const row of rows.children) {
    if (row instanceof HTMLElement && !row.classList.contains('log-row-held')) {
      yield [Number(row.dataset['line']), row.getBoundingClientRect().height];
    }
  }
}

/** Copies lines that have to be read first. */
async function copyLater(log: LogDocument, selection: LogSelection): Promise<void> {
  try {
    const text = await readText(log, selection, new AbortController().signal);
    await copyAndTell(text, 'The selected text');
  } catch (error) {
    if (!isCancelled(error)) notify(errorParts(error));
  }
}
