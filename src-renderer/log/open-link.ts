/** From a place that a log names to the file: in the state the phase left, or on this machine. */
import { callEngine } from '../connection/connection.ts';
import { isCancelled } from '../connection/error-parts.ts';
import { notify } from '../store/notices.ts';
import { showFile, showSnapshotFile } from '../store/panes.ts';
import { candidatePaths, enteredDirectory, type FileLink } from './file-links.ts';
import type { LogDocument } from './log-document.ts';

/** So far up make's last "Entering directory" is looked for. */
const LINES_BACK = 2000;

/** Opens the file of a link on a line, or says that it is nowhere. `snapshot` is the state that the line's phase left. */
export async function openLink(
  document: LogDocument,
  link: FileLink,
  line: number,
  snapshot: string | null,
): Promise<void> {
  try {
    if (snapshot !== null && (await openInSnapshot(document, link, line, snapshot))) return;
    if (await openHere(link)) return;
  } catch (error) {
    if (isCancelled(error)) return;
  }
  notify({
    operation: '',
    reason:
      snapshot === null
        ? `The phase has left no state yet in which ${link.path} could be looked up.`
        : `${link.path} is neither in this phase's state nor on this machine.`,
  });
}

/** Opens the file of a link if it is one of this machine. */
export async function openHere({ path, line, column }: FileLink): Promise<boolean> {
  if (!path.startsWith('/') || !(await isReadable(path))) return false;
  showFile(path, line, column);
  return true;
}

async function openInSnapshot(
  document: LogDocument,
  link: FileLink,
  line: number,
  snapshot: string,
): Promise<boolean> {
  const isAbsolute = link.path.startsWith('/');
  const [state, changes] = isAbsolute
    ? [null, null]
    : await Promise.all([
        callEngine('shellState', { snapshot }).catch(() => null),
        callEngine('changes', { snapshot, against: null }).catch(() => null),
      ]);
  const directories = isAbsolute
    ? []
    : [await makeDirectory(document, line), state?.directory ?? null];
  for (const path of candidatePaths(link.path, directories, changes?.paths ?? [])) {
    if (await isInSnapshot(snapshot, path)) {
      showSnapshotFile(snapshot, path, link.line);
      return true;
    }
  }
  return false;
}

/** The directory that make was in at a line. */
async function makeDirectory(document: LogDocument, line: number): Promise<string | null> {
  const first = Math.max(document.phaseOf(line)?.line ?? 0, line - LINES_BACK);
  const { signal } = new AbortController();
  let directory: string | null = null;
  for await (const lines of document.read(first, line, signal)) {
    for (const { text } of lines) directory = enteredDirectory(text) ?? directory;
  }
  return directory;
}

async function isInSnapshot(snapshot: string, path: string): Promise<boolean> {
  return callEngine('readSnapshot', { snapshot, path, offset: 0, length: 1 }).then(
    () => true,
    () => false,
  );
}

async function isReadable(path: string): Promise<boolean> {
  return callEngine('readFile', { path }).then(
    () => true,
    () => false,
  );
}
