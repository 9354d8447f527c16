/** Adds a patch to the derivation in an open file: as an edit one sees, can undo, and has to save. */
import { callEngine } from '../connection/connection.ts';
import { modelOf, openFile } from './documents.ts';
import { directoryOf } from './file-names.ts';
import { applyEdits, insertPatch, nixPath } from './nix/insert-patch.ts';
import { showFile } from '../store/panes.ts';

/** The line of the file that will name the patch; null where no place for it could be told. */
export async function applies(file: string, patch: string): Promise<string | null> {
  const source = modelOf(file)?.getValue() ?? (await readText(file));
  const literal = literalFor(file, patch);
  const edits = source === null || literal === null ? null : insertPatch(source, literal);
  if (source === null || literal === null || edits === null) return null;
  const lines = applyEdits(source, edits).split('\n');
  return lines.find((line) => line.includes(literal))?.trim() ?? null;
}

/** False where the file has changed so that there is no place for it. */
export async function addPatch(file: string, patch: string): Promise<boolean> {
  const literal = literalFor(file, patch);
  if (literal === null || !(await openFile(file))) return false;
  const model = modelOf(file);
  const edits = model === null ? null : insertPatch(model.getValue(), literal);
  if (model === null || edits === null) return false;
  model.pushStackElement();
  model.pushEditOperations(
    [],
    edits.map(({ start, end, text }) => {
      const from = model.getPositionAt(start);
      const to = model.getPositionAt(end);
      return {
        range: {
          startLineNumber: from.lineNumber,
          startColumn: from.column,
          endLineNumber: to.lineNumber,
          endColumn: to.column,
        },
        text,
      };
    }),
    () => null,
  );
  model.pushStackElement();
  const { lineNumber, column } = model.getPositionAt(model.getValue().indexOf(literal));
  showFile(file, lineNumber, column);
  return true;
}

/** The patch as the file would name it; null where it lies elsewhere than below the file's directory. */
function literalFor(file: string, patch: string): string | null {
  const below = `${directoryOf(file)}/`;
  return patch.startsWith(below) ? nixPath(patch.slice(below.length)) : null;
}

async function readText(path: string): Promise<string | null> {
  try {
    return (await callEngine('readFile', { path })).text;
  } catch {
    // Then there is nothing to offer.
    return null;
  }
}
