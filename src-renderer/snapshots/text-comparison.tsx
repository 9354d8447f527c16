/** A text before and after in Monaco's diff editor; a text that was only ever there once in its plain one. */
import { useEffect, useRef, useState } from 'react';
import { errorParts } from '../connection/error-parts.ts';
import { loadMonaco, type Monaco } from '../editor/monaco.ts';
import { ErrorState, Loading } from '../look/states.tsx';
import type { WireError } from '../../src-main/protocol/wire.ts';

export interface TextComparisonProps {
  readonly name: string;
  readonly language: string;
  /** Null where there was none before, or is none now. */
  readonly old: string | null;
  readonly now: string | null;
  /** To bring into view, from 1. */
  readonly line: number | null;
}

export function TextComparison(props: TextComparisonProps) {
  const [monaco, setMonaco] = useState<Monaco | null>(null);
  const [error, setError] = useState<WireError | null>(null);
  useEffect(() => {
    let wanted = true;
    loadMonaco().then(
      (loaded) => wanted && setMonaco(loaded),
      (problem: unknown) => wanted && setError(errorParts(problem)),
    );
    return () => {
      wanted = false;
    };
  }, []);
  if (error !== null) return <ErrorState error={error} />;
  if (monaco === null) return <Loading label="Loading the editor" />;
  return (
    <LoadedComparison
      key={`${props.old === null} ${props.now === null}`}
      monaco={monaco}
      {...props}
    />
  );
}

function LoadedComparison({
  monaco,
  name,
  language,
  old,
  now,
  line,
}: TextComparisonProps & { readonly monaco: Monaco }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    return show(monaco, place.current, { name, language, old, now, line });
  }, [monaco, name, language, old, now, line]);
  return <div ref={place} className="text-comparison" />;
}

/** @returns what takes it away */
function show(
  monaco: Monaco,
  place: HTMLElement,
  { name, language, old, now, line }: TextComparisonProps,
): () => void {
  const options = {
    readOnly: true,
    automaticLayout: true,
    fontSize: 12.5,
    lineHeight: 20,
    fontFamily: getComputedStyle(place).getPropertyValue('--font-mono'),
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    renderControlCharacters: true,
    unicodeHighlight: { ambiguousCharacters: false },
    links: false,
    contextmenu: false,
    stickyScroll: { enabled: false },
    wordWrap: 'on',
    matchBrackets: 'never',
    bracketPairColorization: { enabled: false },
    overviewRulerLanes: 0,
    hideCursorInOverviewRuler: true,
  } as const;
  if (old === null || now === null) {
    const model = monaco.editor.createModel(now ?? old ?? '', language);
    const editor = monaco.editor.create(place, { ...options, model, ariaLabel: name });
    if (line !== null) goTo(editor, line);
    return () => {
      editor.dispose();
      model.dispose();
    };
  }
  const original = monaco.editor.createModel(old, language);
  const modified = monaco.editor.createModel(now, language);
  const editor = monaco.editor.createDiffEditor(place, {
    ...options,
    originalEditable: false,
    originalAriaLabel: `${name}, before`,
    modifiedAriaLabel: `${name}, now`,
    hideUnchangedRegions: { enabled: line === null },
    renderSideBySide: true,
    useInlineViewWhenSpaceIsLimited: true,
    renderSideBySideInlineBreakpoint: 640,
    diffWordWrap: 'inherit',
    renderOverviewRuler: false,
    ignoreTrimWhitespace: false,
    maxComputationTime: 3000,
    renderMarginRevertIcon: false,
    renderGutterMenu: false,
  });
  editor.setModel({ original, modified });
  if (line !== null) goTo(editor.getModifiedEditor(), line);
  const first = editor.onDidUpdateDiff(() => {
    first.dispose();
    if (line === null) editor.revealFirstDiff();
  });
  return () => {
    editor.dispose();
    original.dispose();
    modified.dispose();
  };
}

type Editor = ReturnType<Monaco['editor']['create']>;

function goTo(editor: Editor, line: number): void {
  editor.setPosition({ lineNumber: line, column: 1 });
  editor.revealLineInCenter(line);
}
