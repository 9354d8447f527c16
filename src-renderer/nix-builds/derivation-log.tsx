/** One derivation of a build by Nix: why it failed, what can be done, and what its builder printed. */
import { useCallback, useLayoutEffect, useMemo } from 'react';
import type { DerivationBuildView } from '../../src-main/protocol/methods.ts';
import type { FileLink } from '../log/file-links.ts';
import { LogContents } from '../log/log-contents.tsx';
import { openHere } from '../log/open-link.ts';
import { Button } from '../look/button.tsx';
import { FileIcon } from '../look/icons.tsx';
import { printable, printableText } from '../look/printable.ts';
import { EmptyState } from '../look/states.tsx';
import { chooseDerivation, showNixBuilds, type ShownBuild } from '../store/nix-builds.ts';
import { notify } from '../store/notices.ts';
import { openTarget } from '../store/wish.ts';
import { derivationName } from './build-rows.ts';
import { BuilderLog } from './builder-log.ts';
import { askForNixBuild } from './nix-build-question.tsx';

interface DerivationLogProps {
  readonly build: ShownBuild;
  readonly shown: DerivationBuildView;
}

export function DerivationLog({ build, shown }: DerivationLogProps) {
  // One that is built once more, as after a pause, prints from the beginning.
  const key = `${build.id} ${shown.derivation} ${shown.startedAt ?? ''}`;
  return <OneLog key={key} build={build} shown={shown} />;
}

function OneLog({ build, shown }: DerivationLogProps) {
  const { derivation, state, phases, startedAt } = shown;
  const log = useMemo(() => new BuilderLog(build.id, derivation), [build.id, derivation]);
  useLayoutEffect(() => log.update(shown), [log, shown]);
  const startOf = useCallback(
    (phase: string) => phases.find(({ name }) => name === phase)?.startedAt ?? startedAt,
    [phases, startedAt],
  );
  return (
    <LogContents
      log={log}
      label="Lines of the builder"
      name={derivationName(derivation).replace(/\.log$/, '')}
      live={state === 'building'}
      failed={state === 'failed' || state === 'stopped' || state === 'unknown'}
      timed={startedAt !== null}
      startOf={startOf}
      onOpen={open}
      head={<Head build={build} shown={shown} />}
      empty={<Empty shown={shown} />}
    />
  );
}

/** Nothing of Nix's sandbox can be read from here: only what is in the store, or elsewhere on this machine. */
function open(link: FileLink): void {
  void openHere(link).then((opened) => {
    if (opened) return;
    notify({
      operation: '',
      reason: `${link.path} is not on this machine, and Nix's sandbox cannot be looked into.`,
    });
  });
}

function Empty({ shown: { state, startedAt } }: Pick<DerivationLogProps, 'shown'>) {
  return (
    <EmptyState title="Nothing printed">
      {state === 'waiting' || state === 'building'
        ? 'Lines appear here as the builder prints them.'
        : state === 'input-failed' || (state === 'failed' && startedAt === null)
          ? 'Its builder was not run.'
          : 'The builder printed nothing.'}
    </EmptyState>
  );
}

function Head({ build, shown }: DerivationLogProps) {
  const { derivation, reason, fault } = shown;
  // With a breakpoint it is nothing to go on with.
  const plain = build.root?.derivation === derivation ? build.root.plain : derivation;
  return (
    <>
      <p className="nix-build-chosen">
        <span className="nix-build-name" title={printable(derivation)}>
          {printable(derivationName(derivation))}
        </span>
        {derivation.endsWith('.drv') ? (
          <Button
            look="ghost"
            icon={<FileIcon />}
            onClick={() => {
              openTarget(plain);
              showNixBuilds(false);
            }}
          >
            Open as a target
          </Button>
        ) : null}
      </p>
      {reason === null ? null : (
        <p className="nix-build-reason" tabIndex={0} aria-label="Why it failed">
          {printableText(reason)}
        </p>
      )}
      {fault === 'no-machine' ? (
        <p className="nix-build-remedy">
          No machine that Nix knows builds for that system. Name one that does in nix.conf
          (builders), or let this one run its programs: binfmt_misc with QEMU, and extra-platforms.
        </p>
      ) : null}
      {fault === 'no-chroot' ? (
        <p className="nix-build-remedy">
          <span>It is built where the sandbox is relaxed.</span>
          <Button onClick={() => askForNixBuild({ sandbox: 'relaxed' })}>Build so…</Button>
        </p>
      ) : null}
      {shown.state === 'failed' &&
      build.kind === 'held' &&
      build.root?.derivation !== derivation ? (
        <p className="nix-build-remedy">
          <span>To hold it, make it the target.</span>
          <Button
            onClick={() => {
              openTarget(derivation);
              askForNixBuild({ hold: true });
            }}
          >
            Build it so…
          </Button>
        </p>
      ) : null}
      {shown.state === 'input-failed' ? (
        <p className="nix-build-remedy">
          <span>It was not begun, as an input failed.</span>
          {failedInputs(shown, build).map((input) => (
            <Button key={input} look="ghost" onClick={() => chooseDerivation(input)}>
              {printable(derivationName(input))}
            </Button>
          ))}
        </p>
      ) : null}
    </>
  );
}

/** Its direct inputs that are not there. */
function failedInputs(
  { inputs }: DerivationBuildView,
  { derivations }: ShownBuild,
): readonly string[] {
  return inputs.filter((input) => {
    const state = derivations.get(input)?.state;
    return state === 'failed' || state === 'input-failed';
  });
}
