/** A build that waits at its failure: where it stands, and what can be done with it. */
import type { PausedBuildView } from '../../src-main/protocol/methods.ts';
import { Button } from '../look/button.tsx';
import { PauseIcon, ReuseIcon, StopIcon, TerminalIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState } from '../look/states.tsx';
import { answerPausedBuild } from '../store/nix-builds.ts';
import { openPausedShell } from '../store/panes.ts';

export function PausedBanner({ paused }: { readonly paused: PausedBuildView }) {
  const { hold, ways, hindrance, problem } = paused;
  return (
    <>
      {problem === null ? null : <ErrorState error={problem} />}
      <div className="nix-paused">
        <p className="nix-paused-says" role="status">
          <PauseIcon />
          <span>{printable(saysOf(paused))}</span>
        </p>
        {ways.length === 0 ? (
          <p>{printable(hindrance ?? 'No way leads into it.')}</p>
        ) : (
          <Button look="primary" icon={<TerminalIcon />} onClick={() => openPausedShell(hold)}>
            Open a shell in it
          </Button>
        )}
        <Button icon={<ReuseIcon />} onClick={() => void answerPausedBuild(hold, 'retry')}>
          Build again
        </Button>
        <Button
          look="danger"
          icon={<StopIcon />}
          onClick={() => void answerPausedBuild(hold, 'end')}
        >
          End the build
        </Button>
      </div>
    </>
  );
}

function saysOf({ name, phase, exitCode, directory }: PausedBuildView): string {
  const what = `${name ?? 'The build'} is paused${phase === null ? '' : ` in ${phase}`}`;
  const status = exitCode === null ? '' : `, exit status ${exitCode}`;
  return `${what}${status}${directory === null ? '' : `, in ${directory}`}`;
}
