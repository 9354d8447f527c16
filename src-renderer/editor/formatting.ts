/** Formatting of Nix through whatever formatter the engine's machine has. */
import { callEngine } from '../connection/connection.ts';
import { errorParts } from '../connection/error-parts.ts';
import { useConnection } from '../store/connection.ts';
import { notify } from '../store/notices.ts';
import type { Monaco } from './monaco.ts';
import { nixLanguageId } from './nix/grammar.ts';

let registered = false;

/** Makes Monaco's own Format command work for Nix. */
export function registerFormatting(monaco: Monaco): void {
  if (registered) return;
  registered = true;
  monaco.languages.registerDocumentFormattingEditProvider(nixLanguageId, {
    displayName: 'Nix formatter',
    provideDocumentFormattingEdits: async (model) => {
      if (hasNoFormatter() !== null) return [];
      try {
        const { text } = await callEngine('formatNix', { text: model.getValue() });
        return text === null ? [] : [{ range: model.getFullModelRange(), text }];
      } catch (error) {
        // Text that does not parse is the usual reason, and the formatter says where.
        notify(errorParts(error));
        return [];
      }
    },
  });
}

/** What to do where no formatter is installed; null where there is one. */
export function hasNoFormatter(): string | null {
  const tools = useConnection.getState().hello?.tools ?? [];
  if (tools.includes('nixfmt') || tools.includes('alejandra')) return null;
  return 'Formatting needs nixfmt or alejandra on PATH: nix profile install nixpkgs#nixfmt';
}
