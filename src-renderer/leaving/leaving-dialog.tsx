/** The dialog in which a state leaves Strata or comes back: where to, how far it is, and what one does with it then. */
import { useState, type ReactNode } from 'react';
import { callEngine } from '../connection/connection.ts';
import { errorParts } from '../connection/error-parts.ts';
import { Button, IconButton } from '../look/button.tsx';
import { formatBytes } from '../../src-main/protocol/byte-size.ts';
import { Combobox } from '../look/combobox.tsx';
import { Dialog } from '../look/dialog.tsx';
import { Select, Switch, TextField } from '../look/fields.tsx';
import { CheckIcon, CopyIcon, FolderIcon, WarningIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState, Spinner } from '../look/states.tsx';
import { useDirectoryEntries } from '../run-bar/directory-entries.ts';
import { useConnection } from '../store/connection.ts';
import { copyAndTell } from '../store/copy.ts';
import {
  closeLeaving,
  exportCache,
  exportOci,
  importOci,
  showAsDirectory,
  useLeavingStrata,
  type LeavingQuestion,
  type LeavingResult,
} from '../store/leaving-strata.ts';
import { notify, tell } from '../store/notices.ts';
import { compare } from '../store/panes.ts';
import './leaving.css';

export function LeavingDialog() {
  const { question, progress } = useLeavingStrata();
  if (question === null) return null;
  switch (progress.kind) {
    case 'asked':
      return <Question key={question.kind} question={question} />;
    case 'going':
      return (
        <Dialog
          open
          onClose={closeLeaving}
          title={TITLES[question.kind]}
          actions={<Button onClick={closeLeaving}>Stop</Button>}
        >
          <p className="leaving-line" role="status">
            <Spinner label={progress.says} />
            {printable(progress.says)}
          </p>
        </Dialog>
      );
    case 'failed':
      return (
        <Dialog
          open
          onClose={closeLeaving}
          title={TITLES[question.kind]}
          actions={<Button onClick={closeLeaving}>Close</Button>}
        >
          <ErrorState error={progress.error} />
        </Dialog>
      );
    case 'done':
      return <Done result={progress.result} />;
  }
}

const TITLES: Readonly<Record<LeavingQuestion['kind'], string>> = {
  oci: 'Export as an OCI image',
  cache: 'Export as a binary cache',
  directory: 'Show as a directory',
  import: 'Import an OCI image',
};

const SAYS: Readonly<Record<LeavingQuestion['kind'], string>> = {
  oci: 'The inputs, the base and each phase as layers, which podman and skopeo read; strata import oci brings it back. A name that ends in .tar is an archive, another a directory.',
  cache: 'What the state stands on, as files that any Nix can use as a substituter.',
  directory: 'The files of the state, read-only, for file managers and any other tool.',
  import: 'States that strata export oci wrote: a failure as it was, on another machine.',
};

const COMPRESSIONS = [
  { value: 'zstd', label: 'zstd' },
  { value: 'xz', label: 'xz' },
  { value: 'none', label: 'none' },
] as const;

function Question({ question }: { readonly question: LeavingQuestion }) {
  const base = useConnection(({ hello }) => hello?.directory ?? '/tmp');
  const [path, setPath] = useState(() => suggested(question, base));
  const [addsInputs, setAddsInputs] = useState(false);
  const [compression, setCompression] = useState<'none' | 'xz' | 'zstd'>('zstd');
  const [key, setKey] = useState('');
  const entries = useDirectoryEntries(path, ({ directory, name }) =>
    question.kind === 'import' ? !name.startsWith('.') : directory && !name.startsWith('.'),
  );
  const begin = () => {
    const place = path.trim();
    if (place === '') return;
    switch (question.kind) {
      case 'oci':
        void exportOci(question.snapshot, place);
        break;
      case 'cache':
        void exportCache(
          question.snapshot,
          place,
          compression,
          key.trim() === '' ? null : key.trim(),
        );
        break;
      case 'directory':
        void showAsDirectory(question.snapshot, place);
        break;
      case 'import':
        void importOci(place, addsInputs ? 'add' : 'leave');
        break;
    }
  };
  return (
    <Dialog
      open
      onClose={closeLeaving}
      title={TITLES[question.kind]}
      description={SAYS[question.kind]}
      actions={
        <>
          <Button onClick={closeLeaving}>Cancel</Button>
          <Button look="primary" disabled={path.trim() === ''} onClick={begin}>
            {question.kind === 'directory'
              ? 'Show'
              : question.kind === 'import'
                ? 'Import'
                : 'Export'}
          </Button>
        </>
      }
    >
      <div className="leaving-form">
        <Combobox
          className="path-in-dialog leaving-path"
          label={question.kind === 'import' ? 'Path of the image' : 'Path to write to'}
          placeholder="/path"
          icon={<FolderIcon />}
          value={path}
          suggestions={entries}
          onChange={setPath}
          onTake={setPath}
        />
        {question.kind === 'import' ? (
          <Switch
            label="Add missing inputs to the store"
            says="Nobody has signed them: add them where you trust who made the image."
            checked={addsInputs}
            onChange={setAddsInputs}
          />
        ) : null}
        {question.kind === 'cache' ? (
          <>
            <Select
              label="Compression"
              prefix="Compression"
              value={compression}
              options={COMPRESSIONS}
              onChange={setCompression}
            />
            <TextField
              label="File with a secret key"
              placeholder="Secret key file, to sign (optional)"
              value={key}
              onChange={setKey}
            />
          </>
        ) : null}
      </div>
    </Dialog>
  );
}

function suggested(question: LeavingQuestion, base: string): string {
  switch (question.kind) {
    case 'oci':
      return `${base}/${question.name}.oci.tar`;
    case 'cache':
      return `${base}/cache`;
    case 'directory':
      return `${base}/${question.name}`;
    case 'import':
      return '';
  }
}

function Done({ result }: { readonly result: LeavingResult }) {
  return (
    <Dialog
      open
      wide
      onClose={closeLeaving}
      title="Done"
      actions={
        <Button look="primary" onClick={closeLeaving}>
          Close
        </Button>
      }
    >
      <div className="leaving-done">{doneOf(result)}</div>
    </Dialog>
  );
}

function doneOf(result: LeavingResult): ReactNode {
  switch (result.kind) {
    case 'oci': {
      const { destination, bytes, layers, digest, podman, leftOut, missingHostPaths } =
        result.image;
      return (
        <>
          <Said>
            {printable(destination)}: {layers} layers, {formatBytes(bytes)}
          </Said>
          <Copied what="The digest" text={digest} />
          <p>Open a shell in it with podman:</p>
          <Copied what="The command" text={podman} />
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
      const { phase, status, added, present, missingInputs, addedInputs, snapshot, policy } =
        result.image;
      return (
        <>
          <Said>
            The state after {printable(phase)} ({status}): {added} snapshots added, {present} were
            here
          </Said>
          {policy === 'strict' ? null : (
            <p className="leaving-warning" role="note">
              <WarningIcon />
              <span>
                Its sandbox is not Nix’s own: {printable(policy)}. A shell in it runs what the image
                brings, with that much of this machine to see.
              </span>
            </p>
          )}
          {addedInputs === 0 ? null : <p>{addedInputs} inputs were put into the store.</p>}
          {missingInputs.length === 0 ? null : (
            <p>
              {missingInputs.length} inputs are not in this store: files can be looked at, a shell
              needs them.
            </p>
          )}
          <Button
            onClick={() => {
              closeLeaving();
              compare(snapshot, null);
            }}
          >
            Look at the state
          </Button>
        </>
      );
    }
    case 'cache': {
      const { directory, paths, settings, container } = result.cache;
      return (
        <>
          <Said>
            {printable(directory)}: {paths} paths
          </Said>
          <p>To use it, in nix.conf:</p>
          <Copied
            what="The settings"
            text={settings.map(([name, value]) => `${name} = ${value}`).join('\n')}
          />
          <p>In a container:</p>
          <Copied what="The option" text={container.join(' ')} />
        </>
      );
    }
    case 'directory':
      return (
        <>
          <Said>
            {printable(result.directory)}
            {result.how === 'copy' ? ', as a copy' : ''}
          </Said>
          <Copied what="The path" text={result.directory} />
          <div className="leaving-line">
            <Button icon={<FolderIcon />} onClick={() => void openDirectory(result.directory)}>
              Open in the file manager
            </Button>
            <Button onClick={() => void unmount(result.directory)}>Take it away again</Button>
          </div>
        </>
      );
  }
}

function Said({ children }: { readonly children: ReactNode }) {
  return (
    <p className="leaving-line">
      <CheckIcon />
      <span>{children}</span>
    </p>
  );
}

function Copied({ what, text }: { readonly what: string; readonly text: string }) {
  return (
    <div className="leaving-copied">
      <pre tabIndex={0} aria-label={what}>
        {printable(text)}
      </pre>
      <IconButton label={`Copy ${what.toLowerCase()}`} onClick={() => void copyAndTell(text, what)}>
        <CopyIcon />
      </IconButton>
    </div>
  );
}

async function openDirectory(directory: string): Promise<void> {
  try {
    await callEngine('openDirectory', { directory });
  } catch (error) {
    notify(errorParts(error));
  }
}

async function unmount(directory: string): Promise<void> {
  try {
    await callEngine('unmountSnapshot', { directory });
    closeLeaving();
    tell(`${directory} is gone again`);
  } catch (error) {
    notify(errorParts(error));
  }
}
