/** The binary caches that builds fetch from beside those of nix.conf: added, and taken away again. */
import { useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import { errorParts } from '../connection/error-parts.ts';
import { Button, IconButton } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { Labelled, TextField } from '../look/fields.tsx';
import { CrossIcon, FolderIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { ErrorState, Loading, Spinner, type Explained } from '../look/states.tsx';
import { Permission } from '../nix-builds/permission.tsx';
import { useAnswer } from '../snapshots/use-answer.ts';
import { showCaches, useOverlays } from '../store/overlays.ts';
import { PathField, enginePath } from './path-field.tsx';
import { Problem } from './problem.tsx';
import './leaving.css';

export function CachesDialog() {
  const open = useOverlays(({ caches }) => caches);
  return open ? <Caches /> : null;
}

function Caches() {
  const [edition, setEdition] = useState(0);
  const answer = useAnswer(`caches ${edition}`, async (signal) =>
    callEngine('usedCaches', {}, signal),
  );
  const [path, setPath] = useState('');
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Explained | null>(null);
  const close = () => showCaches(false);
  const change = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      setPath('');
      setKey('');
    } catch (error) {
      setProblem(errorParts(error));
    }
    setBusy(false);
    setEdition((before) => before + 1);
  };
  const add = () =>
    void change(async () =>
      callEngine('useCache', {
        directory: enginePath(path),
        publicKey: key.trim() === '' ? null : key.trim(),
      }),
    );
  return (
    <Dialog
      open
      wide
      onClose={close}
      title="Binary caches"
      description="Directories that builds fetch inputs from, beside what nix.conf names. Export… in a phase’s menu makes one."
      actions={
        <>
          <Button onClick={close}>Close</Button>
          <Button look="primary" disabled={busy || path.trim() === ''} onClick={add}>
            Use this cache
          </Button>
        </>
      }
    >
      <div className="leaving-form">
        {answer.kind === 'failed' ? (
          <ErrorState error={answer.error} />
        ) : answer.kind === 'waiting' ? (
          <Loading label="Reading the list" />
        ) : answer.value.length === 0 ? (
          <p>None is used.</p>
        ) : (
          <ul className="caches" aria-label="Caches in use">
            {answer.value.map(({ directory, publicKey, refused }) => (
              <li key={directory}>
                <FolderIcon />
                <code>{printable(directory)}</code>
                <span>{publicKey === null ? 'unsigned' : printable(publicKey)}</span>
                <IconButton
                  label={`Use ${directory} no more`}
                  onClick={() => void change(async () => callEngine('leaveCache', { directory }))}
                >
                  <CrossIcon />
                </IconButton>
                {refused.slice(0, 1).map((option) => (
                  <Permission key={option.option} option={option} />
                ))}
              </li>
            ))}
          </ul>
        )}
        <PathField
          label="Directory of the cache"
          kind="directory"
          value={path}
          onChange={setPath}
        />
        <Labelled label="Public key" says="empty for an unsigned cache">
          {(id) => (
            <TextField
              id={id}
              label="Public key"
              placeholder="NAME:BASE64"
              value={key}
              onChange={setKey}
            />
          )}
        </Labelled>
        {busy ? (
          <p className="leaving-line" role="status">
            <Spinner label="Comparing its archives with their entries" />
            Comparing its archives with their entries
          </p>
        ) : null}
        {problem === null ? null : <Problem error={problem} />}
      </div>
    </Dialog>
  );
}
