/** The editor's actions for menus and the palette; they do nothing where no file is open. */
import type { editor } from 'monaco-editor/editor';
import { saveFile, useDocuments } from './documents.ts';

let shown: editor.ICodeEditor | null = null;

/** For the code view: the editor that the actions are about; null when it is gone. */
export function setShownEditor(code: editor.ICodeEditor | null): void {
  shown = code;
}

export const editorActions = {
  save: () => {
    const { active } = useDocuments.getState();
    if (active !== null) void saveFile(active);
  },
  find: () => perform('actions.find'),
  format: () => perform('strata.format'),
  goToDefinition: () => perform('editor.action.revealDefinition'),
  goToLine: () => perform('editor.action.gotoLine'),
} as const;

function perform(action: string): void {
  shown?.focus();
  void shown?.getAction(action)?.run();
}
