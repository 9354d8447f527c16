/** The line at the foot of the timeline: the chosen phase, why it runs or not, and the few things one does with it. */
import { Button } from '../look/button.tsx';
import { DiffIcon, LogIcon, MoreIcon, PlayIcon, SearchIcon, TerminalIcon } from '../look/icons.tsx';
import { Menu } from '../look/menu.tsx';
import { explainRun } from '../store/explanation.ts';
import { compare, openShell, revealLog } from '../store/panes.ts';
import { useRuns } from '../store/runs.ts';
import { run as startRun } from '../store/running.ts';
import { blockTime, STATE_WORDS } from './block-text.ts';
import { exitStatus } from './exit-status.ts';
import type { Block, Lane } from './lanes.ts';
import { phaseActions, type Chosen } from './phase-actions.tsx';

export function ChosenPhase({
  chosen,
  lanes,
}: {
  readonly chosen: Chosen | null;
  readonly lanes: readonly Lane[];
}) {
  const id = chosen?.block.snapshot ?? null;
  const failed = useRuns(({ snapshots }) => snapshots.find((one) => one.id === id));
  if (chosen === null) return null;
  const { lane, block } = chosen;
  const { snapshot, phase } = block;
  const { run } = lane;
  const command = failed?.failure?.command ?? null;
  return (
    <footer className="chosen" role="group" aria-label="Chosen phase">
      <p className="chosen-words">
        <strong>{phase}</strong>
        <span className={`chosen-state chosen-${block.state}`}>
          {[STATE_WORDS[block.state], blockTime(block)].filter((part) => part !== '').join(', ')}
          {block.state === 'failed' ? failedWith(block) : ''}
        </span>
        {command === null ? (
          <span className="chosen-why">{block.why}</span>
        ) : (
          <code className="chosen-command" title={command}>
            {command}
          </code>
        )}
      </p>
      {run === null ? (
        <Button look="ghost" icon={<PlayIcon />} onClick={() => void startRun({ from: phase })}>
          Run from here
        </Button>
      ) : null}
      {snapshot === null ? null : (
        <Button
          look={block.state === 'failed' ? 'primary' : 'ghost'}
          icon={<TerminalIcon />}
          onClick={() => openShell(snapshot)}
        >
          {block.state === 'failed' ? 'Open shell at the failure' : 'Open shell'}
        </Button>
      )}
      {run === null || block.state !== 'failed' ? null : (
        <Button look="ghost" icon={<SearchIcon />} onClick={() => void explainRun(run)}>
          Explain
        </Button>
      )}
      {run === null || block.startedAt === null ? null : (
        <Button
          look="ghost"
          aria-label="Log"
          icon={<LogIcon />}
          onClick={() => revealLog(run, phase, snapshot)}
        >
          <span className="chosen-word">Log</span>
        </Button>
      )}
      {snapshot === null ? null : (
        <Button
          look="ghost"
          aria-label="Changes"
          icon={<DiffIcon />}
          onClick={() => compare(snapshot, null)}
        >
          <span className="chosen-word">Changes</span>
        </Button>
      )}
      <Menu align="end" entries={phaseActions(chosen, lanes)}>
        <button type="button" className="icon-button" aria-label={`More for ${phase}`}>
          <MoreIcon />
        </button>
      </Menu>
    </footer>
  );
}

/** One that is held has not ended, and has no status yet. */
function failedWith({ exitCode }: Block): string {
  return exitCode === 0 ? '' : `, exit status ${exitStatus(exitCode)}`;
}
