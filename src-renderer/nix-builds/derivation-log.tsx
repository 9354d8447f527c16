/** One derivation of a build by Nix: why it failed, what can be done, and what its builder printed. */
import type { DerivationBuildView } from '../../src-main/protocol/methods.ts';
import { Button } from '../look/button.tsx';
import { FileIcon } from '../look/icons.tsx';
import { printable, printableText } from '../look/printable.ts';
import { chooseDerivation, showNixBuilds, type ShownBuild } from '../store/nix-builds.ts';
import { openTarget } from '../store/wish.ts';
import { BuildLines } from './build-lines.tsx';
import { derivationName } from './build-rows.ts';
import { askForNixBuild } from './nix-build-question.tsx';

export function DerivationLog({
  build,
  shown,
}: {
  readonly build: ShownBuild;
  readonly shown: DerivationBuildView;
}) {
  const { derivation, reason, fault } = shown;
  // With a breakpoint it is nothing to go on with.
  const plain = build.root?.derivation === derivation ? build.root.plain : derivation;
  return (
    <div className="nix-build-log">
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
      <BuildLines key={derivation} build={build.id} derivation={shown} />
    </div>
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
