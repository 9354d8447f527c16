/** Monaco, loaded when the first pane needs it: the editor itself and the snapshot browser's diffs share this one. */
import type { Monaco } from './monaco-type.ts';

export type { Monaco };

let loading: Promise<Monaco> | null = null;

/** The same promise for all callers. Where loading fails (a lost connection), the next call tries again. */
export function loadMonaco(): Promise<Monaco> {
  loading ??= import('./monaco-set-up.ts').then(
    ({ setUpMonaco }) => setUpMonaco(),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}
