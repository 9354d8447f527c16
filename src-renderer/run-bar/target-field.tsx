/** Where one says what to build: typed, completed from the disk, or one of those opened before. */
import { useEffect, useState } from 'react';
import { Combobox, type Suggestion } from '../look/combobox.tsx';
import { FileIcon } from '../look/icons.tsx';
import { useConnection } from '../store/connection.ts';
import { useRecent } from '../store/recent.ts';
import { openTarget, useWish } from '../store/wish.ts';
import { useDirectoryEntries } from './directory-entries.ts';
import { isTargetName, targetTitle } from './target-path.ts';

export const TARGET_FIELD = 'target-field';

export function TargetField({ autoFocus = false }: { readonly autoFocus?: boolean }) {
  const { wish, opened } = useWish();
  const [text, setText] = useState(wish.target);
  useEffect(() => setText(wish.target), [wish.target, opened]);
  useEffect(showEnd, [text]);
  const edited = text !== wish.target;
  return (
    <Combobox
      className="target-field"
      id={TARGET_FIELD}
      label="Target"
      placeholder="A .nix file, .#flake or .drv"
      icon={<FileIcon />}
      value={text}
      suggestions={useSuggestions(text, edited)}
      autoFocus={autoFocus}
      onChange={setText}
      onTake={(target) => {
        if (target.trim() !== '') openTarget(target.trim());
      }}
      // What was typed and not taken is not what would be built.
      onLeave={() => {
        setText(wish.target);
        showEnd();
      }}
    />
  );
}

/** Of a path that does not fit, its end tells it from others. */
function showEnd(): void {
  const field = document.getElementById(TARGET_FIELD);
  if (field instanceof HTMLInputElement && field !== document.activeElement) {
    field.scrollLeft = field.scrollWidth;
  }
}

/** Before one types: what was opened before. While one types: what is on the disk. */
function useSuggestions(text: string, edited: boolean): readonly Suggestion[] {
  const { targets } = useRecent();
  const hello = useConnection((connection) => connection.hello);
  const entries = useDirectoryEntries(edited ? text : null, isTargetName);
  const wanted = edited ? text.toLowerCase() : '';
  const recent = targets
    .filter(({ target }) => target.toLowerCase().includes(wanted))
    .map(({ target }): Suggestion => ({
      value: target,
      label: targetTitle(target),
      says: target,
      heading: 'Recent',
    }));
  const examples = (hello?.examples ?? [])
    .filter(({ name, path }) => `${name} ${path}`.toLowerCase().includes(wanted))
    .map(({ name, path, says }): Suggestion => ({
      value: path,
      label: name,
      says,
      heading: 'Examples',
    }));
  const seen = new Set<string>();
  return [...entries, ...recent, ...examples].filter(
    ({ value }) => !seen.has(value) && seen.add(value),
  );
}
