/** A build by Nix that is held at its failure: what it printed, and what is to become of it. */
import { Button, IconButton } from '../look/button.tsx';
import {
  CheckIcon,
  CrossIcon,
  PauseIcon,
  ReuseIcon,
  StopIcon,
  TerminalIcon,
} from '../look/icons.tsx';
import { PaneHeader } from '../look/pane.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState, Spinner } from '../look/states.tsx';
import { targetTitle } from '../run-bar/target-path.ts';
import { answerNixHold, closeNixHold, type NixHold } from '../store/nix-hold.ts';
import { openPausedShell } from '../store/panes.ts';
import { PrintedLines, usePrintedLines } from './printed-lines.tsx';
import './nix-builds.css';

export function NixHoldView({ hold }: { readonly hold: NixHold }) {
  return (
    <div className="nix-build">
      <PaneHeader>
        <Sign hold={hold} />
        <span className="nix-build-title">{printable(targetTitle(hold.title))}</span>
        <span className="nix-build-says" role="status">
          {printable(saysOf(hold))}
        </span>
        <IconButton
          label={hold.live ? 'End the build and close it' : 'Close the held build'}
          onClick={closeNixHold}
        >
          <CrossIcon />
        </IconButton>
      </PaneHeader>
      {hold.error === null ? null : <ErrorState error={hold.error} />}
      <Paused hold={hold} />
      <Lines lines={hold.lines} />
    </div>
  );
}

function Sign({ hold: { live, paused, end } }: { readonly hold: NixHold }) {
  if (paused !== null) return <PauseIcon />;
  if (live) return <Spinner label="building" />;
  return end?.how === 'succeeded' ? <CheckIcon /> : <CrossIcon />;
}

const ENDS = {
  succeeded: 'Built; it did not fail',
  failed: 'Failed before it could be held',
  gone: 'The paused build has ended by itself',
  ended: 'Ended',
} as const;

function saysOf({ live, step, paused, end }: NixHold): string {
  if (end !== null) return ENDS[end.how];
  if (!live) return 'Ended';
  if (paused === null) return step;
  const { name, phase, exitCode, directory } = paused;
  const what = `${name ?? 'The build'} is paused${phase === null ? '' : ` in ${phase}`}`;
  const status = exitCode === null ? '' : `, exit status ${exitCode}`;
  return `${what}${status}${directory === null ? '' : `, in ${directory}`}`;
}

function Paused({ hold: { paused } }: { readonly hold: NixHold }) {
  if (paused === null) return null;
  const { hold, ways, hindrance } = paused;
  return (
    <div className="nix-paused">
      {ways.length === 0 ? (
        <p>{printable(hindrance ?? 'No way leads into it.')}</p>
      ) : (
        <Button look="primary" icon={<TerminalIcon />} onClick={() => openPausedShell(hold)}>
          Open a shell in it
        </Button>
      )}
      <Button icon={<ReuseIcon />} onClick={() => void answerNixHold('retry')}>
        Build again
      </Button>
      <Button look="danger" icon={<StopIcon />} onClick={() => void answerNixHold('end')}>
        End the build
      </Button>
      {ways.length > 0 && hindrance !== null ? <p>{printable(hindrance)}</p> : null}
    </div>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  const list = usePrintedLines(lines.length);
  return (
    <PrintedLines
      label="Lines of the build"
      list={list}
      lineAt={(index) => ({ text: lines[index] ?? '', at: 0 })}
    />
  );
}
