/** One phase of one run: a button, wide as its time. State is said by mark, edge and fill as well as by colour. */
import { memo, type ReactNode } from 'react';
import {
  CheckIcon,
  ClockIcon,
  CrossIcon,
  PlayIcon,
  ReuseIcon,
  SkipIcon,
  StopIcon,
} from '../look/icons.tsx';
import { Tooltip } from '../look/tooltip.tsx';
import { hasBreak, useWish } from '../store/wish.ts';
import { breaksOf, markedName, shortName, shortTime, STATE_WORDS } from './block-text.ts';
import { clock, exactDuration } from './duration.ts';
import { exitStatus } from './exit-status.ts';
import type { Block, BlockState } from './lanes.ts';

const MARKS: Readonly<Record<BlockState, ReactNode>> = {
  'will-run': <PlayIcon />,
  'will-reuse': <ReuseIcon />,
  'will-skip': <SkipIcon />,
  waiting: <ClockIcon />,
  running: <PlayIcon />,
  succeeded: <CheckIcon />,
  failed: <CrossIcon />,
  stopped: <StopIcon />,
  reused: <ReuseIcon />,
  skipped: <SkipIcon />,
  'not-run': <SkipIcon />,
};

export interface PhaseBlockProps {
  readonly lane: string;
  readonly block: Block;
  readonly width: number;
  /** Too narrow for words: the mark alone. */
  readonly bare: boolean;
  readonly selected: boolean;
  /** Whether Tab comes here. */
  readonly entry: boolean;
  readonly breaks: 'shown' | 'past';
  readonly onSelect: (lane: string, phase: string) => void;
}

export const PhaseBlock = memo(function PhaseBlock({
  lane,
  block,
  width,
  bare,
  selected,
  entry,
  breaks: shows,
  onSelect,
}: PhaseBlockProps) {
  const breaks = useWish(({ wish }) =>
    shows === 'past'
      ? 'none'
      : breaksOf(hasBreak(wish, 'before', block.phase), hasBreak(wish, 'after', block.phase)),
  );
  const time = shortTime(block);
  return (
    <Tooltip text={<Details block={block} />}>
      <button
        type="button"
        className={`block block-${block.state}`}
        style={{ inlineSize: `${width}px` }}
        aria-label={markedName(block, breaks)}
        data-breaks={breaks}
        aria-current={selected ? 'true' : undefined}
        tabIndex={entry ? 0 : -1}
        data-lane={lane}
        data-phase={block.phase}
        onClick={() => onSelect(lane, block.phase)}
      >
        {bare ? null : <span className="block-phase">{shortName(block.phase)}</span>}
        <span className="block-mark">
          {MARKS[block.state]}
          {time === '' ? null : <span className="block-time">{time}</span>}
        </span>
      </button>
    </Tooltip>
  );
});

function Details({ block }: { readonly block: Block }) {
  const { startedAt, ms, state, savedMs, exitCode, why } = block;
  const rows: readonly (readonly [string, string])[] = [
    ...(startedAt === null ? [] : ([['Began', clock(startedAt)]] as const)),
    ...(startedAt === null || ms === 0 ? [] : ([['Took', exactDuration(ms)]] as const)),
    ...(savedMs > 0 ? ([['Saves', exactDuration(savedMs)]] as const) : []),
    ...(state === 'failed' ? ([['Exit status', exitStatus(exitCode)]] as const) : []),
  ];
  return (
    <div className="block-details">
      <p>
        <strong>{block.phase}</strong> {STATE_WORDS[state]}
      </p>
      {why === '' ? null : <p className="block-why">{why}</p>}
      {rows.length === 0 ? null : (
        <dl>
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
