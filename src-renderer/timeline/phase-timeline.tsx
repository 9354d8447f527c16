/** The phases of the plan, of the run that goes on and of those before, one lane each. */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import { IconButton } from '../look/button.tsx';
import { FitIcon, MinusIcon, MoreIcon, PlusIcon, SaveIcon, TimelineIcon } from '../look/icons.tsx';
import { ContextMenu, Menu } from '../look/menu.tsx';
import { PaneTools } from '../look/pane.tsx';
import { Button } from '../look/button.tsx';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { showLog } from '../store/panes.ts';
import { refreshPlan, usePlan } from '../store/plan.ts';
import { refreshRuns, useRuns } from '../store/runs.ts';
import { clearSelection, selectPhase, useSelection } from '../store/selection.ts';
import { useWish } from '../store/wish.ts';
import { ChosenPhase } from './chosen-phase.tsx';
import { duration } from './duration.ts';
import { exportTrace } from './export-trace.ts';
import { HeldSandbox, JobEnded, PausedRun } from './job-news.tsx';
import { BLOCK_GAP, LaneRow, measuresOf, MINUTE_MS } from './lane-row.tsx';
import type { Lane } from './lanes.ts';
import { phaseActions, type Chosen } from './phase-actions.tsx';
import { PlanError } from './plan-error.tsx';
import { fittingScale, laneWidth, scaleBar, scrollAfterZoom, zoomed, ZOOM_STEP } from './scale.ts';
import { useLanes, type Whose } from './use-lanes.ts';
import './timeline.css';

/** In rem: what a mark needs, and the labels at the left. */
const NARROWEST = 1.75;
const LABEL = 11;
const LABEL_NARROW = 8;
/** Below this many rem the labels are narrow. */
const NARROW = 46;

export function PhaseTimeline() {
  const [whose, setWhose] = useState<Whose>('target');
  const lanes = useLanes(whose);
  const minute = useMinute();
  const planState = usePlan(({ state }) => state);
  const runs = useRuns();
  const target = useWish(({ wish }) => wish.target);
  const [zoom, setZoom] = useState(1);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { width, rem } = useSize(scroller);
  const label = width < NARROW * rem ? LABEL_NARROW : LABEL;
  const room = Math.max(120, width - label * rem - 12);
  const measures = useMemo(() => lanes.map((lane) => measuresOf(lane, rem)), [lanes, rem]);
  const scale = useMemo(() => {
    const fit = fittingScale(measures, room, { gap: BLOCK_GAP, narrowest: NARROWEST * rem });
    return { ...fit, pixelsPerMs: fit.pixelsPerMs * zoom };
  }, [measures, room, rem, zoom]);
  const trackWidth = Math.max(room, ...measures.map((lane) => laneWidth(lane, scale, BLOCK_GAP)));
  const bar = scaleBar(scale.pixelsPerMs, 6 * rem);

  const selection = useSelection();
  const [planned, setPlanned] = useState<string | null>(null);
  const chosen = chosenOf(lanes, selection.run, selection.phase, planned);
  const byId = useRef(lanes);
  useEffect(() => {
    byId.current = lanes;
  });
  const select = useCallback((laneId: string, phase: string) => {
    const block = byId.current
      .find(({ id }) => id === laneId)
      ?.blocks.find((one) => one.phase === phase);
    if (block === undefined) return;
    if (laneId === 'plan') {
      clearSelection();
      setPlanned(phase);
    } else {
      setPlanned(null);
      selectPhase(laneId, phase, block.snapshot);
    }
  }, []);

  const zoomAt = useCallback(
    (factor: number, at: number) => {
      setZoom((before) => {
        const after = zoomed(before, factor);
        if (scroller !== null) {
          const scroll = scrollAfterZoom(scroller.scrollLeft, at, before, after);
          requestAnimationFrame(() => scroller.scrollTo({ left: scroll }));
        }
        return after;
      });
    },
    [scroller],
  );
  useWheelZoom(scroller, label * rem, zoomAt);

  const pointed = useRef<Chosen | null>(null);
  const zoomMiddle = (factor: number) => zoomAt(factor, room / 2);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoomMiddle(ZOOM_STEP);
    else if (event.key === '-') zoomMiddle(1 / ZOOM_STEP);
    else if (event.key === '0') setZoom(1);
    else if (event.key === 'Enter' && isBlock(event.target)) {
      const run = chosen?.lane.run ?? null;
      if (run !== null && chosen !== null) showLog(run, chosen.block.phase);
    } else {
      const next = neighbour(lanes, event);
      if (next === null) return;
      select(next.lane.id, next.block.phase);
      blockElement(scroller, next)?.focus();
    }
    event.preventDefault();
  };

  const exported = lanes.filter(({ state }) => state !== 'plan');
  return (
    <>
      <PaneTools>
        {bar === null ? null : (
          <span className="scale-bar" title="Blocks are as wide as their time, with a minimum">
            <span className="scale-bar-line" style={{ inlineSize: `${bar.width}px` }} />
            {duration(bar.ms)}
          </span>
        )}
        <IconButton
          label="Zoom out"
          keys="−"
          disabled={zoom <= 1}
          onClick={() => zoomMiddle(1 / ZOOM_STEP)}
        >
          <MinusIcon />
        </IconButton>
        <IconButton label="Zoom in" keys="+" onClick={() => zoomMiddle(ZOOM_STEP)}>
          <PlusIcon />
        </IconButton>
        <IconButton label="Fit the width" keys="0" disabled={zoom === 1} onClick={() => setZoom(1)}>
          <FitIcon />
        </IconButton>
        <Menu
          align="end"
          entries={[
            {
              kind: 'check',
              label: 'Runs of every target',
              checked: whose === 'all',
              act: () => setWhose(whose === 'all' ? 'target' : 'all'),
            },
            { kind: 'separator' },
            {
              kind: 'action',
              label: 'Export as Chrome trace',
              icon: <SaveIcon />,
              disabled: exported.length === 0,
              act: () => exportTrace(exported, 'strata-runs'),
            },
            {
              kind: 'action',
              label: 'Read plan and runs again',
              act: () => {
                refreshPlan();
                void refreshRuns();
              },
            },
          ]}
        >
          <button type="button" className="icon-button" aria-label="More of the timeline">
            <MoreIcon />
          </button>
        </Menu>
      </PaneTools>
      <HeldSandbox />
      <PausedRun />
      <JobEnded />
      {planState.kind === 'failed' ? (
        <div
          className={lanes.length === 0 ? 'timeline-error timeline-error-alone' : 'timeline-error'}
        >
          <PlanError error={planState.error} onAgain={refreshPlan} />
        </div>
      ) : null}
      <ContextMenu
        entries={() => (pointed.current === null ? [] : phaseActions(pointed.current, lanes))}
      >
        <div
          className="timeline-scroll"
          ref={setScroller}
          onKeyDown={onKeyDown}
          onContextMenu={(event) => {
            pointed.current = pointedAt(event.target, lanes);
            if (pointed.current === null) event.preventDefault();
            else select(pointed.current.lane.id, pointed.current.block.phase);
          }}
        >
          {lanes.length > 0 ? (
            <ol className="lanes" aria-label="Runs, newest first">
              {lanes.map((lane, index) => (
                <LaneRow
                  key={lane.id}
                  lane={lane}
                  scale={scale}
                  width={trackWidth}
                  rem={rem}
                  label={label}
                  selected={chosen?.lane.id === lane.id ? chosen.block.phase : null}
                  entry={entryOf(lane, index, chosen)}
                  named={
                    whose === 'all' ||
                    ((lane.state === 'running' || lane.state === 'paused') &&
                      lane.target !== target)
                  }
                  breaks={index === 0 ? 'shown' : 'past'}
                  minute={minute}
                  onSelect={select}
                />
              ))}
            </ol>
          ) : runs.error !== null && !runs.known && planState.kind !== 'asking' ? (
            <ErrorState
              error={runs.error}
              actions={<Button onClick={() => void refreshRuns()}>Try again</Button>}
            />
          ) : planState.kind === 'asking' || !runs.known ? (
            <Loading label={target === '' ? 'Reading runs' : 'Evaluating'} />
          ) : planState.kind === 'failed' ? null : (
            <EmptyState icon={<TimelineIcon />} title="No runs yet">
              Open a target in the bar above: its phases appear here, with what would run and why.
            </EmptyState>
          )}
        </div>
      </ContextMenu>
      <ChosenPhase chosen={chosen} lanes={lanes} />
    </>
  );
}

/** What is selected, as far as it is on screen. */
function chosenOf(
  lanes: readonly Lane[],
  run: string | null,
  phase: string | null,
  planned: string | null,
): Chosen | null {
  const lane = lanes.find(({ id }) => id === (run ?? 'plan'));
  const block = lane?.blocks.find((one) => one.phase === (run === null ? planned : phase));
  return lane === undefined || block === undefined ? null : { lane, block };
}

/** The block of this lane that Tab reaches: the chosen one, else the first of all. */
function entryOf(lane: Lane, index: number, chosen: Chosen | null): string | null {
  if (chosen !== null) return chosen.lane.id === lane.id ? chosen.block.phase : null;
  return index === 0 ? (lane.blocks[0]?.phase ?? null) : null;
}

function isBlock(target: EventTarget): target is HTMLElement {
  return target instanceof HTMLElement && target.dataset['phase'] !== undefined;
}

function pointedAt(target: EventTarget, lanes: readonly Lane[]): Chosen | null {
  const element = target instanceof Element ? target.closest('[data-phase]') : null;
  if (!(element instanceof HTMLElement)) return null;
  const lane = lanes.find(({ id }) => id === element.dataset['lane']);
  const block = lane?.blocks.find(({ phase }) => phase === element.dataset['phase']);
  return lane === undefined || block === undefined ? null : { lane, block };
}

function blockElement(scroller: HTMLElement | null, { lane, block }: Chosen): HTMLElement | null {
  const element = scroller?.querySelector(
    `[data-lane="${CSS.escape(lane.id)}"][data-phase="${CSS.escape(block.phase)}"]`,
  );
  return element instanceof HTMLElement ? element : null;
}

/** Where an arrow key leads: along the lane, or to the same phase of the lane above or below. */
function neighbour(lanes: readonly Lane[], { key, target }: KeyboardEvent): Chosen | null {
  const from = pointedAt(target, lanes);
  if (from === null) return null;
  const { lane, block } = from;
  const index = lane.blocks.indexOf(block);
  const along = (to: number) => {
    const next = lane.blocks[Math.min(lane.blocks.length - 1, Math.max(0, to))];
    return next === undefined ? null : { lane, block: next };
  };
  const across = (step: number) => {
    const other = lanes[lanes.indexOf(lane) + step];
    const next = other?.blocks.find(({ phase }) => phase === block.phase) ?? other?.blocks[index];
    return other === undefined || next === undefined ? null : { lane: other, block: next };
  };
  switch (key) {
    case 'ArrowLeft':
      return along(index - 1);
    case 'ArrowRight':
      return along(index + 1);
    case 'Home':
      return along(0);
    case 'End':
      return along(lane.blocks.length - 1);
    case 'ArrowUp':
      return across(-1);
    case 'ArrowDown':
      return across(1);
    default:
      return null;
  }
}

/** The time in whole minutes since 1970. What ended `just now` is not said to have for ever. */
function useMinute(): number {
  const [minute, setMinute] = useState(() => Math.floor(Date.now() / MINUTE_MS));
  useEffect(() => {
    const timer = setInterval(() => setMinute(Math.floor(Date.now() / MINUTE_MS)), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, []);
  return minute;
}

/** The width of an element and the size of a rem, in pixels. */
function useSize(element: HTMLElement | null): { readonly width: number; readonly rem: number } {
  const [size, setSize] = useState({ width: 800, rem: 16 });
  useLayoutEffect(() => {
    if (element === null) return undefined;
    const measure = () =>
      setSize({
        width: element.clientWidth,
        rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
      });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** Ctrl or Cmd with the wheel zooms at the pointer; the wheel alone scrolls, as everywhere. */
function useWheelZoom(
  element: HTMLElement | null,
  label: number,
  zoomAt: (factor: number, at: number) => void,
): void {
  useEffect(() => {
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      // The browser would zoom the page: React listens passively and cannot stop it.
      event.preventDefault();
      const at = event.clientX - element.getBoundingClientRect().left - label;
      zoomAt(Math.exp(-event.deltaY * 0.004), Math.max(0, at));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [element, label, zoomAt]);
}
