/** A build by Nix that is held at its failure: what it printed, and what is to become of it. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { LogRow } from '../log/log-row.tsx';
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
import '../look/ansi.css';
import '../log/log.css';
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

const ROW_REM = 1.25;

function Lines({ lines }: { readonly lines: readonly string[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_REM * rem,
    overscan: 20,
  });
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && lines.length > 0) {
      virtualizer.scrollToIndex(lines.length - 1, { align: 'end' });
    }
  }, [lines.length]);
  return (
    <div
      className="nix-lines"
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label="Lines of the build"
      tabIndex={0}
      style={
        { '--log-digits': String(Math.max(3, String(lines.length).length)) } as React.CSSProperties
      }
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight >= scrollHeight - 2 * rem;
      }}
    >
      <div style={{ blockSize: `${virtualizer.getTotalSize()}px`, position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <div key={index} className="nix-line" style={{ transform: `translateY(${start}px)` }}>
            <LogRow
              number={index}
              line={{ text: lines[index] ?? '', at: 0 }}
              mark={null}
              begins={null}
              time={null}
              pattern={NO_PATTERN}
              current={false}
              selected={false}
              held={false}
              whole={false}
              onOpen={nothing}
              onWhole={nothing}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

const NO_PATTERN = { kind: 'none' } as const;

function nothing(): void {
  // A path of the build leads nowhere here.
}
