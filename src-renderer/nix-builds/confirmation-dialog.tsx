/** What Nix's own build of a run from scratch said: the same, or what differs and which phase wrote it. */
import type { ConfirmationView } from '../../src-main/protocol/methods.ts';
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { CheckIcon, CrossIcon, DiffIcon, FileIcon } from '../look/icons.tsx';
import { printable, printableText } from '../look/printable.ts';
import { ErrorState, Spinner } from '../look/states.tsx';
import {
  closeConfirmation,
  useConfirmation,
  type ConfirmationState,
} from '../store/confirmation.ts';
import { showSnapshotFile } from '../store/panes.ts';
import { useRuns } from '../store/runs.ts';
import { openTarget } from '../store/wish.ts';
import { derivationName } from './build-rows.ts';
import './nix-builds.css';

/** Differences that are listed; `strata confirm` lists all. */
const MOST_LISTED = 200;

export function ConfirmationDialog() {
  const { state } = useConfirmation();
  if (state.kind === 'none') return null;
  return (
    <Dialog
      open
      wide
      onClose={closeConfirmation}
      title="Built from scratch by Nix"
      actions={
        <Button onClick={closeConfirmation}>{state.kind === 'going' ? 'Stop' : 'Close'}</Button>
      }
    >
      <Contents state={state} />
    </Dialog>
  );
}

function Contents({
  state,
}: {
  readonly state: Exclude<ConfirmationState, { readonly kind: 'none' }>;
}) {
  switch (state.kind) {
    case 'going':
      return (
        <p className="confirmation-line" role="status">
          <Spinner label={state.step} />
          {printable(state.step)}
        </p>
      );
    case 'failed':
      return <ErrorState error={state.error} />;
    case 'ended':
      return <Ended confirmation={state.confirmation} />;
  }
}

function Ended({ confirmation }: { readonly confirmation: ConfirmationView }) {
  if (confirmation.kind === 'build-failed') {
    return (
      <>
        <p className="confirmation-line">
          <CrossIcon /> Nix could not build it, so that nothing is confirmed.
        </p>
        <ul className="confirmation-list">
          {confirmation.failed.map(({ derivation, reason }) => (
            <li key={derivation}>
              <span>{printable(derivationName(derivation))}</span>
              <span className="confirmation-says">{printableText(reason ?? '')}</span>
              <Button
                look="ghost"
                icon={<FileIcon />}
                onClick={() => {
                  closeConfirmation();
                  openTarget(derivation);
                }}
              >
                Open as a target
              </Button>
            </li>
          ))}
        </ul>
      </>
    );
  }
  const { outcome, differences, following, compared, isDeterministic } = confirmation;
  if (outcome === 'identical') {
    return (
      <p className="confirmation-line">
        <CheckIcon /> Identical: {compared.toLocaleString('en')}{' '}
        {compared === 1 ? 'file is' : 'files are'} the same
        {following.length === 0
          ? ''
          : `, but for ${following.length} that follow from the path of the output`}
        . The result is confirmed.
      </p>
    );
  }
  return (
    <>
      <p className="confirmation-line">
        <CrossIcon /> {differences.length.toLocaleString('en')}{' '}
        {differences.length === 1 ? 'difference' : 'differences'} in {compared.toLocaleString('en')}{' '}
        files: the result is not confirmed.
        {isDeterministic
          ? ' Where the package itself gives something else each time, Build with Nix shows it with “Build again and compare”.'
          : ' Nix itself got two different results: the build is not deterministic.'}
      </p>
      <ul className="confirmation-list" tabIndex={0} aria-label="Differences">
        {differences.slice(0, MOST_LISTED).map((difference) => (
          <Difference
            key={`${difference.output}${difference.path}`}
            difference={difference}
            run={confirmation.run}
          />
        ))}
      </ul>
    </>
  );
}

type Difference = Extract<ConfirmationView, { kind: 'compared' }>['differences'][number];

function Difference({
  difference: { output, path, says, phase, snapshot },
  run,
}: {
  readonly difference: Difference;
  readonly run: string;
}) {
  const place = useRuns(({ runs }) => runs.find(({ id }) => id === run)?.outputs[output] ?? null);
  return (
    <li>
      <code>{printable(`${output}${path}`)}</code>
      <span className="confirmation-says">
        {printable(says)}
        {phase === null ? '' : `, written by ${phase}`}
      </span>
      {snapshot === null || place === null ? null : (
        <Button
          look="ghost"
          icon={<DiffIcon />}
          onClick={() => {
            closeConfirmation();
            showSnapshotFile(snapshot, `${place}${path}`);
          }}
        >
          Show
        </Button>
      )}
    </li>
  );
}
