/** A dialog that asks for a path of the engine's machine, typed and completed from its disk. */
import { useState, type ReactNode } from 'react';
import { Button } from '../look/button.tsx';
import { Combobox } from '../look/combobox.tsx';
import { Dialog } from '../look/dialog.tsx';
import { FileIcon } from '../look/icons.tsx';
import { ErrorState, type Explained } from '../look/states.tsx';
import { useDirectoryEntries } from './directory-entries.ts';

export function PathQuestion({
  title,
  description,
  label,
  placeholder,
  actions,
  children,
  onTake,
  onClose,
}: {
  readonly title: string;
  readonly description: string;
  /** The accessible name of the field. */
  readonly label: string;
  readonly placeholder: string;
  /** Beside the button that opens. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
  /** Gives why it cannot be taken: the question stays then. */
  readonly onTake: (path: string) => Promise<Explained | null>;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState('');
  const entries = useDirectoryEntries(text, ({ name }) => !name.startsWith('.'));
  const [error, setError] = useState<Explained | null>(null);
  const take = async (path: string) => {
    if (path.trim() === '') return;
    const failed = await onTake(path.trim());
    setError(failed);
    if (failed === null) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {actions}
          <Button look="primary" disabled={text.trim() === ''} onClick={() => void take(text)}>
            Open
          </Button>
        </>
      }
    >
      <Combobox
        label={label}
        placeholder={placeholder}
        icon={<FileIcon />}
        value={text}
        suggestions={entries}
        autoFocus
        onChange={setText}
        onTake={(path) => void take(path)}
      />
      {error === null ? null : <ErrorState error={error} />}
      {children}
    </Dialog>
  );
}
