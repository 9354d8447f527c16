/** A dialog that asks for a path of the engine's machine, typed and completed from its disk. */
import { useState, type ReactNode } from 'react';
import { Button } from '../look/button.tsx';
import { Combobox } from '../look/combobox.tsx';
import { Dialog } from '../look/dialog.tsx';
import { FileIcon } from '../look/icons.tsx';
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
  readonly onTake: (path: string) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState('');
  const entries = useDirectoryEntries(text, ({ name }) => !name.startsWith('.'));
  const take = (path: string) => {
    if (path.trim() === '') return;
    onClose();
    onTake(path.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          {actions}
          <Button look="primary" disabled={text.trim() === ''} onClick={() => take(text)}>
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
        onTake={take}
      />
      {children}
    </Dialog>
  );
}
