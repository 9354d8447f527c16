/** What is to become of the changes of a shell that is closed. */
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choices } from '../look/choices.tsx';
import { Dialog } from '../look/dialog.tsx';
import { TextField } from '../look/fields.tsx';
import { changesText, nameProblem, patchProblem, patchText } from './closing-words.ts';
import {
  cancelClosing,
  finishClosing,
  useShells,
  type Disposition,
  type ShellChanges,
} from './shells.ts';

export function ClosingQuestion() {
  const closing = useShells((state) => state.closing);
  return closing === null ? null : (
    <Question key={closing.id} id={closing.id} changes={closing.changes} />
  );
}

function Question({ id, changes }: { readonly id: string; readonly changes: ShellChanges }) {
  const [kind, setKind] = useState<Disposition['kind']>(
    changes.inSources > 0 ? 'patch' : 'discard',
  );
  const [name, setName] = useState('');
  const [file, setFile] = useState('shell.patch');
  const [busy, setBusy] = useState(false);
  const problem =
    kind === 'keep'
      ? nameProblem(name)
      : kind === 'patch'
        ? changes.inSources === 0
          ? patchText(changes)
          : patchProblem(file)
        : null;
  const close = async () => {
    setBusy(true);
    const done = await finishClosing(id, dispositionOf(kind, name.trim(), file.trim()));
    if (!done) setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={cancelClosing}
      title="Keep what the shell changed?"
      description={changesText(changes)}
      actions={
        <>
          <Button onClick={cancelClosing}>Cancel</Button>
          <Button
            look={kind === 'discard' ? 'danger' : 'primary'}
            disabled={busy || problem !== null}
            onClick={() => void close()}
          >
            {kind === 'discard' ? 'Discard and close' : 'Keep and close'}
          </Button>
        </>
      }
    >
      <form
        className="closing-question"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && problem === null) void close();
        }}
      >
        <ChangedPaths changes={changes} left={kind === 'patch'} />
        <Choices<Disposition['kind']>
          label="What becomes of the changes"
          value={kind}
          onChange={setKind}
          choices={[
            {
              value: 'discard',
              label: 'Discard',
              says: 'The state stays as it was before the shell.',
            },
            {
              value: 'keep',
              label: 'Keep as a snapshot',
              says: 'A state of its own, to compare with and to open shells in.',
            },
            {
              value: 'patch',
              label: 'Keep as a patch',
              says: patchText(changes),
            },
          ]}
        />
        {kind === 'keep' ? (
          <TextField
            label="Name of the snapshot"
            placeholder="Name, such as with-libdir"
            autoFocus
            value={name}
            onChange={setName}
            invalid={name !== '' && problem !== null}
          />
        ) : null}
        {kind === 'patch' ? (
          <TextField
            label="File name of the patch"
            autoFocus
            value={file}
            onChange={setFile}
            invalid={problem !== null}
          />
        ) : null}
        {problem === null || (kind === 'keep' && name === '') ? null : (
          <p className="closing-problem" role="alert">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  );
}

const SIGNS = { added: '+', modified: '~', removed: '−' } as const;

/** The first of the changed files; `left` marks those that a patch leaves out. */
function ChangedPaths({
  changes: { paths, added, modified, removed },
  left,
}: {
  readonly changes: ShellChanges;
  readonly left: boolean;
}) {
  const more = added + modified + removed - paths.length;
  return (
    <ul className="closing-paths" aria-label="Changed files" tabIndex={0}>
      {paths.map(({ kind, path, inSources }) => (
        <li key={path} className={left && !inSources ? 'closing-path-left' : undefined}>
          <span className={`closing-sign closing-${kind}`} role="img" aria-label={kind}>
            {SIGNS[kind]}
          </span>
          {path}
        </li>
      ))}
      {more > 0 ? <li>and {more} more</li> : null}
    </ul>
  );
}

function dispositionOf(kind: Disposition['kind'], name: string, file: string): Disposition {
  switch (kind) {
    case 'discard':
      return { kind };
    case 'keep':
      return { kind, name };
    case 'patch':
      return { kind, file };
  }
}
