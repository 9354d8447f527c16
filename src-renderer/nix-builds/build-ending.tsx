/** What a build by Nix came to. */
import type { ReactNode } from 'react';
import { Button, IconButton } from '../look/button.tsx';
import { CopyIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState } from '../look/states.tsx';
import { copyAndTell } from '../store/copy.ts';
import type { ShownBuild } from '../store/nix-builds.ts';
import { PlanError } from '../timeline/plan-error.tsx';
import { duration } from '../timeline/duration.ts';
import { Permission } from './permission.tsx';
import { askForNixBuild } from './nix-build-question.tsx';

type Finished = Extract<ShownBuild['end'], { event: 'finished' }>;

/** Nothing while it goes on. */
export function BuildEnding({ build }: { readonly build: ShownBuild }) {
  const { end, error } = build;
  if (error !== null) return <ErrorState error={error} />;
  if (end === null) return null;
  if (end.event === 'stopped') {
    return end.error === null ? (
      <Line>Stopped.</Line>
    ) : build.kind === 'log' ? (
      <ErrorState error={end.error} />
    ) : (
      <PlanError error={end.error} onAgain={() => askForNixBuild({})} />
    );
  }
  const ignored = end.ignored.map((option) => (
    <div key={option.option} className="nix-ignored">
      <p>{printable(option.option)} did not count.</p>
      <Permission option={option} />
    </div>
  ));
  if (build.kind === 'log') return <Line>{LOG_SAYS[end.status]}</Line>;
  const isThere = build.derivations.size === 0;
  return end.status === 'failed' ? (
    <>
      <Line>{printable(failureText(end, build.kind))}</Line>
      {ignored}
      {end.kept.length === 0 ? null : (
        <Line>
          Kept: <Paths paths={end.kept} what="The path of the build directory" />
        </Line>
      )}
    </>
  ) : (
    <>
      <Line>
        {isThere ? 'There already, nothing had to be built: ' : `Built${inTime(' in', end)}: `}
        <Paths paths={end.outputs} what="The path of the output" />
        {isThere && build.kind === 'build' ? (
          <Button look="ghost" onClick={() => askForNixBuild({ check: true })}>
            Build again and compare…
          </Button>
        ) : null}
        {build.kind === 'held'
          ? 'With its breakpoint it is another derivation; these are its outputs.'
          : ''}
      </Line>
      {ignored}
    </>
  );
}

function Paths({ paths, what }: { readonly paths: readonly string[]; readonly what: string }) {
  return paths.map((path) => (
    <span key={path} className="nix-build-output">
      <code>{printable(path)}</code>
      <IconButton label={`Copy ${path}`} onClick={() => void copyAndTell(path, what)}>
        <CopyIcon />
      </IconButton>
    </span>
  ));
}

function Line({ children }: { readonly children: ReactNode }) {
  return (
    <p className="nix-build-end" role="status">
      {children}
    </p>
  );
}

const LOG_SAYS = {
  succeeded:
    'The log of a build that succeeded. It has no times: a phase is as long as what it printed.',
  failed: 'The log of a build that failed. It has no times: a phase is as long as what it printed.',
  unknown: 'A log that does not say how its build ended.',
} as const;

function inTime(word: string, { ms }: Finished): string {
  return ms === null ? '' : `${word} ${duration(ms)}`;
}

function failureText(end: Finished, kind: ShownBuild['kind']): string {
  const { pausedUntil, failed, errors } = end;
  if (pausedUntil === 'person') return 'The paused build has ended.';
  if (pausedUntil === 'itself') return 'The paused build has ended by itself.';
  const [error] = failed.length === 0 ? errors : [];
  const unheld = kind === 'held' ? ' It was not held: the breakpoint is in the target alone.' : '';
  return `Failed${inTime(' after', end)}${error === undefined ? '.' : `: ${error}`}${unheld}`;
}
