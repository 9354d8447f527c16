/** What came of it when a state left Strata or came back, and what one does with it then. */
import type { ReactNode } from 'react';
import { formatBytes } from '../../src-main/protocol/byte-size.ts';
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { CheckIcon, WarningIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { closeLeaving, stateCalled, type LeavingResult } from '../store/leaving-strata.ts';
import { tell } from '../store/notices.ts';
import { packageOf } from '../store/package-of.ts';
import { showPane } from '../store/panes.ts';
import { selectPhase } from '../store/selection.ts';
import { CopiedText } from './copied-text.tsx';
import { MountedDirectory } from './mounted-directory.tsx';
import './leaving.css';

const TITLES: Readonly<Record<LeavingResult['kind'], string>> = {
  oci: 'Exported as an OCI image',
  cache: 'Exported as a binary cache',
  directory: 'Shown as a directory',
  import: 'Imported an OCI image',
};

export function LeavingDone({ result }: { readonly result: LeavingResult }) {
  return (
    <Dialog
      open
      wide
      onClose={closeLeaving}
      title={TITLES[result.kind]}
      actions={
        result.kind === 'import' ? (
          <>
            <Button onClick={closeLeaving}>Close</Button>
            <Button look="primary" onClick={() => lookAt(result.image)}>
              Look at the state
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={closeLeaving}>
            Close
          </Button>
        )
      }
    >
      <div className="leaving-done">{doneOf(result)}</div>
    </Dialog>
  );
}

type Imported = Extract<LeavingResult, { kind: 'import' }>['image'];

/** As if it were chosen in the timeline, so that all panes look at it. */
function lookAt({ run, phase, snapshot }: Imported): void {
  closeLeaving();
  selectPhase(run, phase, snapshot);
  showPane('snapshots');
}

function gone(directory: string): void {
  closeLeaving();
  tell(`${printable(directory)} is gone again`);
}

function doneOf(result: LeavingResult): ReactNode {
  switch (result.kind) {
    case 'oci': {
      const { destination, bytes, layers, digest, podman, leftOut, missingHostPaths } =
        result.image;
      const { impureVariables } = result.image;
      return (
        <>
          <Said>
            {printable(destination)}: {layers} layers, {formatBytes(bytes)}
          </Said>
          <p>The digest of its manifest, by which registries and podman know it:</p>
          <CopiedText what="The digest" text={digest} />
          <p>Open a shell in it with podman:</p>
          <CopiedText what="The command" text={podman} />
          {impureVariables.length === 0 ? null : (
            <p className="leaving-warning" role="note">
              <WarningIcon />
              <span>
                The state holds what you had in {impureVariables.map(printable).join(', ')}{' '}
                (impureEnvVars): look before you hand it on.
              </span>
            </p>
          )}
          {missingHostPaths.length === 0 ? null : (
            <p>
              Not in it, and shown from this host: {missingHostPaths.map(printable).join(', ')}{' '}
              (strata export oci --host-paths puts them in)
            </p>
          )}
          {leftOut.length === 0 ? null : (
            <p>
              Left out, as no image holds sockets and devices, or you may not read it:{' '}
              {leftOut.map(printable).join(', ')}
            </p>
          )}
        </>
      );
    }
    case 'import': {
      const { phase, snapshot, status, run, missingInputs, addedInputs, policy, sandbox } =
        result.image;
      return (
        <>
          <Said>
            {printable(stateCalled({ package: packageOf(snapshot), phase }))}
            {status === 'succeeded' ? '' : ` (${status})`}, of the run {run}
          </Said>
          <p>{broughtBack(result.image)}</p>
          {policy === 'strict' && sandbox === 'strict' ? null : (
            <p className="leaving-warning" role="note">
              <WarningIcon />
              <span>
                {sandbox === 'strict'
                  ? `It was made with the sandbox ${printable(policy)}; shells in it have Nix’s own.`
                  : `Its sandbox is not Nix’s own: ${printable(sandbox)}. A shell in it runs what the image brings, with that much of this machine to see.`}
              </span>
            </p>
          )}
          {addedInputs === 0 ? null : <p>{counted(addedInputs, 'input')} put into the store.</p>}
          {missingInputs.length === 0 ? null : (
            <p>
              {counted(missingInputs.length, 'input')} not in this store: files can be looked at, a
              shell needs them.
            </p>
          )}
        </>
      );
    }
    case 'cache': {
      const { directory, paths, settings, container } = result.cache;
      return (
        <>
          <Said>
            {printable(directory)}: {counted(paths, 'path')}
          </Said>
          <p>To use it, in nix.conf:</p>
          <CopiedText
            what="The settings"
            text={settings.map(([name, value]) => `${name} = ${value}`).join('\n')}
          />
          <p>In a container:</p>
          <CopiedText what="The command" text={`podman run ${container} IMAGE`} />
          <p>For builds from this window: Binary caches, in the menu Nix.</p>
        </>
      );
    }
    case 'directory':
      return (
        <>
          <Said>
            {result.how === 'copy' ? 'Copied, as nothing can be mounted here' : 'Mounted'}; it can
            only be read. It stays until it is taken away, here or by Mounted states in the menu
            Nix.
          </Said>
          <MountedDirectory directory={result.directory} onGone={() => gone(result.directory)} />
        </>
      );
  }
}

/** How much of it is new here. */
function broughtBack({ added, present }: Imported): string {
  if (added === 0) return `Nothing is new: ${allOf(present)} here already.`;
  if (present === 0) return `${counted(added, 'state')} brought back.`;
  return `${counted(added, 'state')} brought back; ${present} of it ${present === 1 ? 'was' : 'were'} here already.`;
}

function allOf(count: number): string {
  return count === 1 ? 'its one state was' : `all ${count} states of it were`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function Said({ children }: { readonly children: ReactNode }) {
  return (
    <p className="leaving-said">
      <CheckIcon />
      <span>{children}</span>
    </p>
  );
}
