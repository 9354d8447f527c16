/** What is on the engine's disk where a path is being typed, to complete it. */
import { useEffect, useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import type { Suggestion } from '../look/combobox.tsx';
import { pathBeingTyped } from './target-path.ts';

const most = 60;

interface Entry {
  readonly name: string;
  readonly directory: boolean;
}

/**
 * The entries that the text can go on with; directories complete the text and go on suggesting.
 *
 * @param text null where nothing is to be suggested
 * @param isWanted asked again for each directory; need not be the same function
 */
export function useDirectoryEntries(
  text: string | null,
  isWanted: (entry: Entry) => boolean,
): readonly Suggestion[] {
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
          entries.filter(isWanted).map((entry): Suggestion => ({
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
