/** What a build by Nix came to. */
import type { ReactNode } from 'react';
import { IconButton } from '../look/button.tsx';
import { CopyIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState } from '../look/states.tsx';
import { copyAndTell } from '../store/copy.ts';
import type { ShownBuild } from '../store/nix-builds.ts';
import { duration } from '../timeline/duration.ts';

type Finished = Extract<ShownBuild['end'], { event: 'finished' }>;

/** Nothing while it goes on. */
export function BuildEnding({ build }: { readonly build: ShownBuild }) {
  const { end, error } = build;
  if (error !== null) return <ErrorState error={error} />;
  if (end === null) return null;
  if (end.event === 'stopped') {
    if (end.error === null) return <Line>Stopped.</Line>;
    return <ErrorState error={{ operation: '', reason: end.error, advice: end.advice }} />;
  }
  return end.status === 'failed' ? (
    <Line>{printable(failureText(end))}</Line>
  ) : (
    <Line>
      Built{end.ms > 0 ? ` in ${duration(end.ms)}` : ''}:{' '}
      {end.outputs.map((path) => (
        <span key={path} className="nix-build-output">
          <code>{printable(path)}</code>
          <IconButton
            label={`Copy ${path}`}
            onClick={() => void copyAndTell(path, 'The path of the output')}
          >
            <CopyIcon />
          </IconButton>
        </span>
      ))}
      {build.isHeld ? 'With its breakpoint it is another derivation; these are its outputs.' : ''}
    </Line>
  );
}

function Line({ children }: { readonly children: ReactNode }) {
  return (
    <p className="nix-build-end" role="status">
      {children}
    </p>
  );
}

function failureText({ pausedUntil, ms, failed, errors }: Finished): string {
  if (pausedUntil === 'person') return 'The paused build has ended.';
  if (pausedUntil === 'itself') return 'The paused build has ended by itself.';
  const [error] = failed.length === 0 ? errors : [];
  return `Failed${ms > 0 ? ` after ${duration(ms)}` : ''}${error === undefined ? '.' : `: ${error}`}`;
}
