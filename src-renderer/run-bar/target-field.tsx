/** Where one says what to build: typed, completed from the disk, or one of those opened before. */
import { useEffect, useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import { Combobox, type Suggestion } from '../look/combobox.tsx';
import { FileIcon } from '../look/icons.tsx';
import { useConnection } from '../store/connection.ts';
import { useRecent } from '../store/recent.ts';
import { openTarget, useWish } from '../store/wish.ts';
import { isTargetName, pathBeingTyped, targetTitle } from './target-path.ts';

export const TARGET_FIELD = 'target-field';
const most = 60;

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
  const entries = useDirectory(edited ? text : null);
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

function useDirectory(text: string | null): readonly Suggestion[] {
  const [found, setFound] = useState<readonly Suggestion[]>([]);
  const typed = text === null ? null : pathBeingTyped(text);
  const directory = typed === null || text === '' ? null : typed.directory;
  useEffect(() => {
    setFound([]);
    if (directory === null) return undefined;
    const controller = new AbortController();
    callEngine('listDirectory', { path: directory === '' ? '.' : directory }, controller.signal)
      .then((entries) =>
        setFound(
          entries.filter(isTargetName).map((entry): Suggestion => ({
            value: `${directory}${entry.name}${entry.directory ? '/' : ''}`,
            label: `${entry.name}${entry.directory ? '/' : ''}`,
            heading: directory === '' ? 'In the working directory' : directory,
            open: entry.directory,
          })),
        ),
      )
      // A directory that is not there (yet) has nothing to suggest.
      .catch(() => undefined);
    return () => controller.abort();
  }, [directory]);
  const start = typed?.start ?? '';
  return found.filter(({ value }) => value.startsWith(`${directory ?? ''}${start}`)).slice(0, most);
}
