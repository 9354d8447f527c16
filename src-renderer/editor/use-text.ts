/** The text of an open file as it is on the screen, saved or not. */
import { useCallback, useSyncExternalStore } from 'react';
import { modelOf } from './documents.ts';

/** Null where the file is not open. */
export function useText(path: string | null): string | null {
  const model = path === null ? null : modelOf(path);
  const subscribe = useCallback(
    (changed: () => void) => {
      const listening = model?.onDidChangeContent(changed);
      return () => listening?.dispose();
    },
    [model],
  );
  return useSyncExternalStore(subscribe, () => model?.getValue() ?? null);
}
