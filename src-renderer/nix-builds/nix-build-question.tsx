/** How Nix is to build: each setting with what it does, whether this user may use it, and where not, what allows it. */
import { useState, type ReactNode } from 'react';
import type { PermittedOptionView } from '../../src-main/protocol/methods.ts';
import { callEngine } from '../connection/connection.ts';
import { Button } from '../look/button.tsx';
import { Choices } from '../look/choices.tsx';
import { Dialog } from '../look/dialog.tsx';
import { Switch } from '../look/fields.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState, Loading } from '../look/states.tsx';
import { SettingRow } from '../run-bar/setting-row.tsx';
import { useAnswer } from '../snapshots/use-answer.ts';
import { startNixBuild } from '../store/nix-builds.ts';
import { showNixQuestion, useOverlays } from '../store/overlays.ts';
import { useWish } from '../store/wish.ts';
import { Permission } from './permission.tsx';
import { NO_KNOBS, OPTION_OF, nixWishOf, type NixKnobs } from './nix-wish.ts';
import './nix-builds.css';

export function NixBuildQuestion() {
  const open = useOverlays(({ nix }) => nix);
  return open ? <Question /> : null;
}

/** Stays from one build to the next. */
let lastKnobs = NO_KNOBS;

/** Asks, with this knob turned. */
export function askForNixBuild(turned: Partial<NixKnobs>): void {
  lastKnobs = { ...lastKnobs, ...turned };
  showNixQuestion(true);
}

function Question() {
  const answer = useAnswer('nix options', async (signal) => callEngine('nixOptions', {}, signal));
  const [knobs, setKnobs] = useState(lastKnobs);
  const close = () => showNixQuestion(false);
  const build = () => {
    lastKnobs = knobs;
    close();
    void startNixBuild(nixWishOf(useWish.getState().wish, knobs));
  };
  return (
    <Dialog
      open
      wide
      onClose={close}
      title="Build with Nix"
      description="Nix itself builds the target and what it needs, as nix-build does. Variables and arguments are those of the run’s options."
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" onClick={build}>
            Build
          </Button>
        </>
      }
    >
      {answer.kind === 'failed' ? (
        <ErrorState error={answer.error} />
      ) : answer.kind === 'waiting' ? (
        <Loading label="Asking what this user may do" />
      ) : (
        <Knobs options={answer.value} knobs={knobs} onChange={setKnobs} />
      )}
    </Dialog>
  );
}

function Knobs({
  options,
  knobs,
  onChange,
}: {
  readonly options: readonly PermittedOptionView[];
  readonly knobs: NixKnobs;
  readonly onChange: (knobs: NixKnobs) => void;
}) {
  const of = (name: string): PermittedOptionView | undefined =>
    options.find(({ option }) => option === name);
  const toggle = (
    name: 'impure' | 'allowUnfree' | 'check' | 'keepFailed',
    label: string,
  ): ReactNode => {
    const option = of(OPTION_OF[name]);
    return (
      <div className="nix-knob">
        <Switch
          label={label}
          says={option?.does ?? ''}
          checked={knobs[name]}
          onChange={(checked) => onChange({ ...knobs, [name]: checked })}
        />
        <Permission option={option} />
      </div>
    );
  };
  const chosen = knobs.sandbox === 'settings' ? undefined : of(OPTION_OF[knobs.sandbox]);
  return (
    <div className="nix-knobs">
      <p className="nix-knob-title">Sandbox of the build</p>
      <Choices
        label="Sandbox of the build"
        value={knobs.sandbox}
        onChange={(sandbox) => onChange({ ...knobs, sandbox })}
        choices={[
          { value: 'settings', label: 'As Nix’s settings', says: 'What nix.conf says.' },
          { value: 'relaxed', label: 'Relaxed', says: of(OPTION_OF.relaxed)?.does ?? '' },
          { value: 'false', label: 'Off', says: of(OPTION_OF.false)?.does ?? '' },
        ]}
      />
      <Permission option={chosen} />
      <Switch
        label="Hold on failure"
        says="Adds a breakpoint to what the target evaluates to, not to its file: where the build fails it waits, and a shell opens in it."
        checked={knobs.hold}
        onChange={(hold) => onChange({ ...knobs, hold })}
      />
      {knobs.hold ? null : toggle('check', 'Build again and compare')}
      {toggle('keepFailed', 'Keep the failed build directory')}
      <Switch
        label="Go on after a failure"
        says="Builds what does not need the failed one (--keep-going)."
        checked={knobs.keepGoing}
        onChange={(keepGoing) => onChange({ ...knobs, keepGoing })}
      />
      {toggle('impure', 'Impure evaluation')}
      {toggle('allowUnfree', 'Allow unfree packages')}
      <SettingRow label="Tests" says={of(OPTION_OF.doCheck)?.does} name="doCheck" />
      <SettingRow
        label="Parallel building"
        says={of(OPTION_OF.parallel)?.does}
        name="enableParallelBuilding"
      />
      {knobs.sandbox === 'settings' ? <NoChroot option={of(OPTION_OF.noChroot)} /> : null}
    </div>
  );
}

/** An attribute of the derivation, and no switch of ours. */
function NoChroot({ option }: { readonly option: PermittedOptionView | undefined }) {
  if (option === undefined) return null;
  return (
    <div className="nix-knob">
      <p className="nix-knob-note">
        <code>__noChroot</code> {printable(option.does)}
      </p>
      <Permission option={option} />
    </div>
  );
}
