/** A path of the engine's machine, typed and completed from its disk; a relative one says what it stands for. */
import { Combobox } from '../look/combobox.tsx';
import { Labelled } from '../look/fields.tsx';
import { FolderIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { useDirectoryEntries } from '../run-bar/directory-entries.ts';
import { absolutePath } from '../store/absolute-path.ts';
import { useConnection } from '../store/connection.ts';

export function PathField({
  label,
  says,
  kind,
  value,
  onChange,
}: {
  readonly label: string;
  readonly says?: string;
  /** What is suggested. */
  readonly kind: 'directory' | 'any';
  readonly value: string;
  readonly onChange: (path: string) => void;
}) {
  const entries = useDirectoryEntries(
    value,
    ({ directory, name }) => (directory || kind === 'any') && !name.startsWith('.'),
  );
  const path = value.trim();
  const relative = path === '' || path.startsWith('/') ? null : enginePath(path);
  return (
    <Labelled label={label} {...(says === undefined ? {} : { says })}>
      {(id) => (
        <>
          <Combobox
            id={id}
            label={label}
            placeholder="/path"
            icon={<FolderIcon />}
            value={value}
            suggestions={entries}
            onChange={onChange}
            onTake={onChange}
          />
          {relative === null ? null : (
            <p className="path-field-whole">
              Stands for <code>{printable(relative)}</code>
            </p>
          )}
        </>
      )}
    </Labelled>
  );
}

/** What was typed as an absolute path: a relative one begins where the engine was started. */
export function enginePath(typed: string): string {
  return absolutePath(typed.trim(), useConnection.getState().hello?.directory);
}
