/** Completion, hover, definitions and diagnostics of Nix in Monaco, as the language server has them. */
import type { editor, languages, CancellationToken, IPosition, Uri } from 'monaco-editor/editor';
import { callEngine } from '../../connection/connection.ts';
import type { CallResult, Completion, Diagnostic } from '../../../src-main/protocol/methods.ts';
import { showFile } from '../../store/panes.ts';
import type { Monaco } from '../monaco.ts';
import { nixLanguageId } from '../nix/grammar.ts';
import { complain, followText, languageOf, type Diagnostics } from './language-server.ts';

/** Of the markers; Strata's own evaluation has another. */
const owner = 'language-server';
/** Of models that show where a definition is: Monaco wants a model for each, and the files' own are the editor's tabs. */
const elsewhere = 'definition';

let registered = false;

/** Has the language server know a Nix file that is shown, and Monaco ask it. */
export function serveLanguage(monaco: Monaco, model: editor.ITextModel): void {
  if (model.getLanguageId() !== nixLanguageId) return;
  if (!registered) register(monaco);
  registered = true;
  followText(model, (diagnostics) => mark(monaco, diagnostics));
}

function register(monaco: Monaco): void {
  monaco.languages.registerCompletionItemProvider(nixLanguageId, {
    triggerCharacters: ['.', '/'],
    provideCompletionItems: async (model, position, { triggerCharacter }, token) => {
      const found = await ask(model, position, token, (place, signal) =>
        callEngine('completions', { ...place, trigger: triggerCharacter ?? null }, signal),
      );
      if (found === null) return null;
      const { startColumn, endColumn } = model.getWordUntilPosition(position);
      const word = new monaco.Range(
        position.lineNumber,
        startColumn,
        position.lineNumber,
        endColumn,
      );
      return {
        suggestions: found.items.map((item) => suggestion(monaco, item, word)),
        incomplete: found.incomplete,
      };
    },
  });
  monaco.languages.registerHoverProvider(nixLanguageId, {
    provideHover: async (model, position, token) => {
      const found = await ask(model, position, token, (place, signal) =>
        callEngine('hover', place, signal),
      );
      if (found === null) return null;
      const contents = [{ value: found.markdown }];
      return found.range === null ? { contents } : { contents, range: found.range };
    },
  });
  monaco.languages.registerDefinitionProvider(nixLanguageId, {
    provideDefinition: async (model, position, token) => {
      const found = await ask(model, position, token, (place, signal) =>
        callEngine('definition', place, signal),
      );
      return Promise.all(
        (found ?? []).map(async ({ path, range }) => ({
          uri: path === model.uri.fsPath ? model.uri : await previewOf(monaco, path),
          range,
        })),
      );
    },
  });
  monaco.editor.registerEditorOpener({
    openCodeEditor: (_, resource, at) => {
      if (resource.scheme !== elsewhere) return false;
      const [line, column] =
        at === undefined
          ? [null, null]
          : 'lineNumber' in at
            ? [at.lineNumber, at.column]
            : [at.startLineNumber, at.startColumn];
      showFile(resource.path, line, column);
      return true;
    },
  });
}

interface Place {
  readonly language: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** What the server answers; null where there is none, where it was cancelled, and where it failed, which is shown. */
async function ask<T>(
  model: editor.ITextModel,
  { lineNumber, column }: IPosition,
  token: CancellationToken,
  question: (place: Place, signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const language = languageOf(model);
  if (language === null) return null;
  const asking = new AbortController();
  const listener = token.onCancellationRequested(() => asking.abort());
  try {
    const place = { language, path: model.uri.fsPath, line: lineNumber, column };
    return await question(place, asking.signal);
  } catch (error) {
    complain(error);
    return null;
  } finally {
    listener.dispose();
  }
}

function suggestion(
  monaco: Monaco,
  item: Completion,
  word: languages.CompletionItem['range'],
): languages.CompletionItem {
  const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages;
  return {
    label: item.label,
    kind: CompletionItemKind[item.kind],
    insertText: item.text,
    range: item.range ?? word,
    ...(item.snippet && { insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet }),
    ...(item.detail !== null && { detail: item.detail }),
    ...(item.documentation !== null && { documentation: { value: item.documentation } }),
    ...(item.sortBy !== null && { sortText: item.sortBy }),
    ...(item.filterBy !== null && { filterText: item.filterBy }),
  };
}

/** A text to look at for a definition in another file; the files looked at before are let go when nothing shows them. */
async function previewOf(monaco: Monaco, path: string): Promise<Uri> {
  const uri = monaco.Uri.from({ scheme: elsewhere, path });
  if (monaco.editor.getModel(uri) !== null) return uri;
  let file: CallResult<'readFile'> | null = null;
  try {
    file = await callEngine('readFile', { path });
  } catch {
    // Opening it will say why it cannot be read.
  }
  const old = monaco.editor.getModels().filter((model) => model.uri.scheme === elsewhere);
  for (const model of old.slice(0, -8)) model.dispose();
  if (monaco.editor.getModel(uri) === null)
    monaco.editor.createModel(file?.text ?? '', nixLanguageId, uri);
  return uri;
}

function mark(monaco: Monaco, { path, version, diagnostics }: Diagnostics): void {
  const model = monaco.editor.getModel(monaco.Uri.file(path));
  // What is said of an older text would stand in the wrong places.
  if (model === null || (version !== null && version !== model.getVersionId())) return;
  const markers = diagnostics.map((one) => marker(monaco, one));
  monaco.editor.setModelMarkers(model, owner, markers);
}

function marker(monaco: Monaco, one: Diagnostic): editor.IMarkerData {
  const { MarkerSeverity, MarkerTag } = monaco;
  const severities = {
    error: MarkerSeverity.Error,
    warning: MarkerSeverity.Warning,
    info: MarkerSeverity.Info,
    hint: MarkerSeverity.Hint,
  };
  return {
    ...one.range,
    severity: severities[one.severity],
    message: one.message,
    ...(one.source !== null && { source: one.source }),
    ...(one.code !== null && { code: one.code }),
    ...(one.unnecessary && { tags: [MarkerTag.Unnecessary] }),
  };
}
