/** The dialog in which a state leaves Strata or comes back: where to, how far it is, and what it came to. */
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { Labelled, Select, Switch, TextField } from '../look/fields.tsx';
import { printable } from '../look/printable.ts';
import { Spinner } from '../look/states.tsx';
import { useConnection } from '../store/connection.ts';
import {
  closeLeaving,
  exportCache,
  exportOci,
  importOci,
  showAsDirectory,
  stateCalled,
  stopLeaving,
  useLeavingStrata,
  type LeavingQuestion,
  type Progress,
} from '../store/leaving-strata.ts';
import { showMounts } from '../store/overlays.ts';
import { LeavingDone } from './leaving-done.tsx';
import { PathField, enginePath } from './path-field.tsx';
import { Problem } from './problem.tsx';
import './leaving.css';

export function LeavingDialog() {
  const { question, progress } = useLeavingStrata();
  if (question === null) return null;
  if (progress.kind === 'done') return <LeavingDone result={progress.result} />;
  // The same form also where it failed: what was typed stays.
  return <Form question={question} progress={progress} />;
}

const TITLES: Readonly<Record<LeavingQuestion['kind'], string>> = {
  oci: 'Export as an OCI image',
  cache: 'Export as a binary cache',
  target: 'Export the target as a binary cache',
  directory: 'Show as a directory',
  import: 'Import an OCI image',
};

const BEGINS: Readonly<Record<LeavingQuestion['kind'], string>> = {
  oci: 'Export',
  cache: 'Export',
  target: 'Export',
  directory: 'Show',
  import: 'Import',
};

const CACHE_PATH = {
  label: 'Directory of the cache',
  says: 'one that is there gets what it lacks',
};

const PATHS: Readonly<
  Record<LeavingQuestion['kind'], { readonly label: string; readonly says?: string }>
> = {
  oci: { label: 'Image', says: 'an archive where the name ends in .tar, else a directory' },
  cache: CACHE_PATH,
  target: CACHE_PATH,
  directory: { label: 'Directory', says: 'an empty one, or one that is to be made' },
  import: { label: 'Image', says: 'an archive or a directory' },
};

const COMPRESSIONS = [
  { value: 'zstd', label: 'zstd' },
  { value: 'xz', label: 'xz' },
  { value: 'none', label: 'none' },
] as const;

function Form({
  question,
  progress,
}: {
  readonly question: LeavingQuestion;
  readonly progress: Exclude<Progress, { kind: 'done' }>;
}) {
  const base = useConnection(({ hello }) => hello?.directory ?? '/tmp');
  const [path, setPath] = useState(() => suggested(question, base));
  const [addsInputs, setAddsInputs] = useState(false);
  const [takesSandbox, setTakesSandbox] = useState(false);
  const [compression, setCompression] = useState<'none' | 'xz' | 'zstd'>('zstd');
  const [key, setKey] = useState('');
  const [takesInputs, setTakesInputs] = useState(false);
  const goesOn = progress.kind === 'going';
  const begin = () => {
    const place = enginePath(path);
    const secretKey = key.trim() === '' ? null : enginePath(key);
    switch (question.kind) {
      case 'oci':
        void exportOci(question.snapshot, place);
        break;
      case 'cache':
        void exportCache({ snapshot: question.snapshot }, place, compression, secretKey);
        break;
      case 'target': {
        const { target, attribute } = question;
        const inputs = takesInputs ? 'with' : 'without';
        void exportCache({ target, attribute, inputs }, place, compression, secretKey);
        break;
      }
      case 'directory':
        void showAsDirectory(question.snapshot, place);
        break;
      case 'import':
        void importOci(
          place,
          addsInputs ? 'add' : 'leave',
          takesSandbox ? 'as-recorded' : 'strict',
        );
        break;
    }
  };
  return (
    <Dialog
      open
      onClose={closeLeaving}
      title={TITLES[question.kind]}
      description={printable(described(question))}
      actions={
        goesOn ? (
          <Button onClick={stopLeaving}>Stop</Button>
        ) : (
          <>
            {question.kind === 'directory' ? <MountedStatesButton /> : null}
            <Button onClick={closeLeaving}>Cancel</Button>
            <Button look="primary" disabled={path.trim() === ''} onClick={begin}>
              {BEGINS[question.kind]}
            </Button>
          </>
        )
      }
    >
      <fieldset className="leaving-form" disabled={goesOn}>
        <PathField
          {...PATHS[question.kind]}
          kind={question.kind === 'import' ? 'any' : 'directory'}
          value={path}
          onChange={setPath}
        />
        {question.kind === 'import' ? (
          <>
            <Switch
              label="Add missing inputs to the store"
              says="Nobody has signed them: add them where you trust who made the image."
              checked={addsInputs}
              onChange={setAddsInputs}
            />
            <Switch
              label="Take its sandbox over"
              says="Shells in it then see of this machine what theirs saw of the other, which can be all of it."
              checked={takesSandbox}
              onChange={setTakesSandbox}
            />
          </>
        ) : null}
        {question.kind === 'target' ? (
          <Switch
            label="With what it is built from"
            says="So that it can be built again from the cache alone."
            checked={takesInputs}
            onChange={setTakesInputs}
          />
        ) : null}
        {question.kind === 'cache' || question.kind === 'target' ? (
          <>
            <div className="switch-row">
              <span className="switch-label">Compression</span>
              <Select
                label="Compression"
                value={compression}
                options={COMPRESSIONS}
                onChange={setCompression}
              />
            </div>
            <Labelled label="File with a secret key" says="to sign with; optional">
              {(id) => (
                <TextField
                  id={id}
                  label="File with a secret key"
                  placeholder="/path"
                  value={key}
                  onChange={setKey}
                />
              )}
            </Labelled>
          </>
        ) : null}
      </fieldset>
      {progress.kind === 'going' ? (
        <p className="leaving-line leaving-progress" role="status">
          <Spinner label={progress.says} />
          {printable(progress.says)}
        </p>
      ) : null}
      {progress.kind === 'failed' ? <Problem error={progress.error} /> : null}
    </Dialog>
  );
}

function MountedStatesButton() {
  const show = () => {
    closeLeaving();
    showMounts(true);
  };
  return (
    <Button className="leaving-elsewhere" onClick={show}>
      Mounted states…
    </Button>
  );
}

function described(question: LeavingQuestion): string {
  switch (question.kind) {
    case 'oci':
      return `${stateCalled(question)}, with its inputs, the base and each phase as layers, which podman and skopeo read. Import an OCI image, or strata import oci, brings it back.`;
    case 'cache':
      return `What ${stateCalled(question)} stands on, as files that any Nix can use as a substituter.`;
    case 'target':
      return `What ${question.title} gives, built where it is not there yet, with all it refers to: files that any Nix can use as a substituter.`;
    case 'directory':
      return `The files of ${stateCalled(question)}, read-only, for file managers and any other tool.`;
    case 'import':
      return 'States that Strata exported: a failure as it was, on another machine.';
  }
}

function suggested(question: LeavingQuestion, base: string): string {
  if (question.kind === 'import') return '';
  if (question.kind === 'target') return `${base}/cache`;
  const { phase } = question;
  const name = question.package ?? 'state';
  const file = question.kind === 'cache' ? `${name}-cache` : `${name}-${phase}`;
  // Phases may have any name, and Nix takes few signs in that of a cache.
  const path = `${base}/${file.replace(/[^\w.+-]+/g, '-')}`;
  return question.kind === 'oci' ? `${path}.oci.tar` : path;
}
