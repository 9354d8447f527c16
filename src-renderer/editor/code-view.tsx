/** The Monaco editor itself: shows the model of one open file at a time and remembers for each where one was in it. */
import type { editor } from 'monaco-editor/editor';
import { useEffect, useRef, useState } from 'react';
import { hasNoFormatter, registerFormatting } from './formatting.ts';
import { modelOf, saveFile } from './documents.ts';
import { setShownEditor } from './editor-actions.ts';
import type { EvaluationMark } from './evaluation-marks.ts';
import { serveLanguage } from './language/providers.ts';
import { loadMonaco, type Monaco } from './monaco.ts';
import { tell } from '../store/notices.ts';
import { run } from '../store/running.ts';

export interface Place {
  readonly path: string;
  /** From 1; null for wherever one was. */
  readonly line: number | null;
  readonly column: number | null;
  /** So that the same place can be asked for twice. */
  readonly serial: number;
}

export function CodeView({
  path,
  marks,
  place,
}: {
  readonly path: string;
  readonly marks: readonly EvaluationMark[];
  readonly place: Place | null;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [code, setCode] = useState<editor.IStandaloneCodeEditor | null>(null);
  const monaco = useRef<Monaco>(null);
  const views = useRef(new Map<string, editor.ICodeEditorViewState | null>());

  useEffect(() => {
    let made: editor.IStandaloneCodeEditor | null = null;
    let gone = false;
    void loadMonaco().then((loaded) => {
      if (gone || host.current === null) return;
      monaco.current = loaded;
      made = createEditor(loaded, host.current);
      setCode(made);
      setShownEditor(made);
    });
    return () => {
      gone = true;
      setCode(null);
      setShownEditor(null);
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    const model = modelOf(path);
    if (code === null || model === null) return undefined;
    const kept = views.current;
    code.setModel(model);
    if (monaco.current !== null) serveLanguage(monaco.current, model);
    code.restoreViewState(kept.get(path) ?? null);
    code.updateOptions({ ariaLabel: `Text of ${path}` });
    return () => void kept.set(path, code.saveViewState());
  }, [code, path]);

  useEffect(() => {
    const model = modelOf(path);
    if (monaco.current === null || model === null) return;
    monaco.current.editor.setModelMarkers(model, 'nix', markers(monaco.current, model, marks));
  }, [code, path, marks]);

  useEffect(() => {
    if (code === null || place?.path !== path) return;
    if (place.line !== null) {
      const position = { lineNumber: place.line, column: place.column ?? 1 };
      code.setPosition(position);
      code.revealPositionInCenterIfOutsideViewport(position);
    }
    code.focus();
  }, [code, path, place]);

  return <div className="code-view" ref={host} />;
}

function createEditor(monaco: Monaco, host: HTMLElement): editor.IStandaloneCodeEditor {
  registerFormatting(monaco);
  const code = monaco.editor.create(host, {
    model: null,
    automaticLayout: true,
    fixedOverflowWidgets: true,
    fontFamily: getComputedStyle(host).getPropertyValue('--font-mono'),
    fontSize: codeSize(host),
    lineHeight: 1.55,
    fontLigatures: false,
    minimap: { enabled: false },
    padding: { top: 8, bottom: 8 },
    scrollBeyondLastLine: false,
    smoothScrolling: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    renderLineHighlight: 'line',
    lineNumbersMinChars: 3,
    // Dimmed, as it would be, the number of an empty last line is too faint to read.
    renderFinalNewline: 'on',
    bracketPairColorization: { enabled: false },
    guides: { indentation: true },
    tabSize: 2,
    insertSpaces: true,
    detectIndentation: true,
    stickyScroll: { enabled: false },
    // A list to choose from would need models of all their files.
    gotoLocation: { multipleDefinitions: 'goto' },
    wordBasedSuggestions: 'currentDocument',
    unicodeHighlight: { invisibleCharacters: true, ambiguousCharacters: false },
    ariaLabel: 'Text of the file',
  });
  const { KeyCode, KeyMod } = monaco;
  const shown = (): string | null => code.getModel()?.uri.fsPath ?? null;
  code.addAction({
    id: 'strata.save',
    label: 'Save',
    keybindings: [KeyMod.CtrlCmd | KeyCode.KeyS],
    run: async () => {
      const path = shown();
      if (path !== null) await saveFile(path);
    },
  });
  code.addAction({
    id: 'strata.run',
    label: 'Run',
    keybindings: [KeyMod.CtrlCmd | KeyCode.Enter],
    contextMenuGroupId: 'navigation',
    run: () => run(),
  });
  code.addAction({
    id: 'strata.format',
    label: 'Format',
    keybindings: [KeyMod.CtrlCmd | KeyMod.Shift | KeyCode.KeyI],
    precondition: 'editorLangId == nix',
    run: async () => {
      await code.getAction('editor.action.formatDocument')?.run();
      const missing = hasNoFormatter();
      if (missing !== null) tell(missing);
    },
  });
  return code;
}

/** The size of code in pixels: in the look it is relative to the size of text that the person chose. */
function codeSize(host: HTMLElement): number {
  const root = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const size = Number.parseFloat(getComputedStyle(host).getPropertyValue('--text-size-code'));
  return Math.round(root * (Number.isNaN(size) ? 0.8125 : size) * 2) / 2;
}

function markers(
  monaco: Monaco,
  model: editor.ITextModel,
  marks: readonly EvaluationMark[],
): editor.IMarkerData[] {
  const { MarkerSeverity } = monaco;
  return marks.map(({ kind, message, line, column, length }) => {
    const position = model.validatePosition({ lineNumber: line, column });
    const word = model.getWordAtPosition(position);
    return {
      severity: kind === 'error' ? MarkerSeverity.Error : MarkerSeverity.Info,
      source: 'Nix',
      message,
      startLineNumber: position.lineNumber,
      startColumn: position.column,
      endLineNumber: position.lineNumber,
      endColumn:
        length === null
          ? Math.max(word?.endColumn ?? 0, position.column + 1)
          : position.column + length,
    };
  });
}
