/** One run: what it is at the left, its phases in order to the right. */
import { memo } from 'react';
import {
  CheckIcon,
  CrossIcon,
  InfoIcon,
  PauseIcon,
  SkipIcon,
  StopIcon,
  TimelineIcon,
} from '../look/icons.tsx';
import { Spinner } from '../look/states.tsx';
import { ago, duration } from './duration.ts';
import type { Lane, Place } from './lanes.ts';
import { PhaseBlock } from './phase-block.tsx';
import { isQuiet, naturalWidth, shortName } from './block-text.ts';
import { placed, type Measure, type Placed, type Scale } from './scale.ts';

export const BLOCK_GAP = 3;

export const MINUTE_MS = 60_000;

export interface LaneRowProps {
  readonly lane: Lane;
  readonly scale: Scale;
  readonly width: number;
  readonly rem: number;
  /** Width of the label in rem. */
  readonly label: number;
  /** Of this lane, or null. */
  readonly selected: string | null;
  readonly entry: string | null;
  /** With the target's name: where lanes of several targets are shown. */
  readonly named: boolean;
  /** Whether it says where the run pauses: the newest lane does, for the others it is past. */
  readonly breaks: 'shown' | 'past';
  /** The time now, in whole minutes since 1970. */
  readonly minute: number;
  readonly onSelect: (lane: string, phase: string) => void;
}

export const LaneRow = memo(function LaneRow({
  lane,
  scale,
  width,
  rem,
  label,
  selected,
  entry,
  named,
  breaks,
  minute,
  onSelect,
}: LaneRowProps) {
  const measures = measuresOf(lane, rem);
  const places = placed(measures, scale, BLOCK_GAP);
  return (
    <li className={`lane lane-${lane.state}`} aria-label={laneName(lane)}>
      <div className="lane-label" style={{ inlineSize: `${label}rem` }}>
        <span className="lane-mark">
          <LaneMark lane={lane} />
        </span>
        <span className="lane-words">
          <span className="lane-title">{laneTitle(lane, named, minute)}</span>
          <span className="lane-says">{laneSays(lane)}</span>
        </span>
      </div>
      <div className="lane-track" style={{ inlineSize: `${width}px` }}>
        {lane.blocks.map((block, index) => (
          <PhaseBlock
            key={block.phase}
            lane={lane.id}
            block={block}
            width={places[index]?.width ?? 0}
            bare={isBare(measures[index], places[index])}
            selected={selected === block.phase}
            entry={entry === block.phase}
            breaks={breaks}
            onSelect={onSelect}
          />
        ))}
      </div>
    </li>
  );
});

/** What the blocks of a lane need, with a rem of so many pixels. */
export function measuresOf(lane: Lane, rem: number): readonly Measure[] {
  return lane.blocks.map((block) => ({
    ms: block.ms,
    natural: naturalWidth(block) * rem,
    quiet: isQuiet(block),
  }));
}

/** Whether a quiet block has lost so much of its words that none are better. */
function isBare(measure: Measure | undefined, place: Placed | undefined): boolean {
  return measure?.quiet === true && place !== undefined && place.width < measure.natural * 0.75;
}

function LaneMark({ lane }: { readonly lane: Lane }) {
  switch (lane.state) {
    case 'plan':
      return <TimelineIcon />;
    case 'running':
      return <Spinner label="Running" />;
    case 'paused':
      return <PauseIcon />;
    case 'succeeded':
      // A run of some of the phases made no output.
      if (lane.at !== null) return <SkipIcon />;
      return lane.unconfirmed ? <InfoIcon /> : <CheckIcon />;
    case 'failed':
    case 'error':
      return <CrossIcon />;
    case 'cancelled':
      return <StopIcon />;
  }
}

function laneName(lane: Lane): string {
  if (lane.state === 'plan') return 'Plan';
  const at = lane.at === null ? '' : ` ${placeWords(lane.at, ({ phase }) => phase)}`;
  return `Run ${lane.id}, ${lane.state}${at}, ${duration(lane.ms)}`;
}

function laneTitle(lane: Lane, named: boolean, minute: number): string {
  if (lane.state === 'plan') return 'Next run';
  if (named) return shortTarget(lane.target);
  if (lane.state === 'running') return 'Running';
  if (lane.state === 'paused') return 'Paused';
  return lane.createdAt === null ? lane.id.slice(0, 8) : ago(lane.createdAt, minute * MINUTE_MS);
}

function laneSays(lane: Lane): string {
  const where = lane.at === null ? '' : `${placeWords(lane.at, ({ phase }) => shortName(phase))}, `;
  switch (lane.state) {
    case 'plan': {
      const saved = lane.blocks.reduce((total, { savedMs }) => total + savedMs, 0);
      const runs = lane.blocks.filter(({ state }) => state === 'will-run').length;
      if (runs === 0) return 'nothing has changed';
      const phases = runs === 1 ? '1 phase' : `${runs} phases`;
      return saved > 0 ? `${phases}, saves ${duration(saved)}` : `${phases} to run`;
    }
    case 'running':
      return duration(lane.ms);
    case 'paused':
      return `${where}${duration(lane.ms)}`;
    case 'succeeded':
      if (lane.at !== null) return `ended ${where}${duration(lane.ms)}`;
      return lane.unconfirmed ? `${duration(lane.ms)}, unconfirmed` : duration(lane.ms);
    case 'failed':
      return `failed, ${duration(lane.ms)}`;
    case 'cancelled':
      return 'stopped';
    case 'error':
      return 'ended by an error';
  }
}

/** `before install`, `after build`, `at the failure of check`. */
function placeWords(place: Place, name: (place: Place) => string): string {
  return place.where === 'at'
    ? `at the failure of ${name(place)}`
    : `${place.where} ${name(place)}`;
}

function shortTarget(target: string): string {
  const parts = target.replace(/\/default\.nix(?=$| )/, '').split('/');
  return parts.at(-1) ?? target;
}
