/**
 * The files that are open in the editor. Their text is in Monaco's models; what the window shows of them is here: which are
 * open, which differ from the disk, and what waits for an answer.
 */
import type { editor } from 'monaco-editor/editor';
import { create } from 'zustand';
import { callEngine, listenEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { notify } from '../store/notices.ts';
import { refreshPlan } from '../store/plan.ts';
import { askBeforeLeaving } from '../store/leaving.ts';
import { beforeRun } from '../store/running.ts';
import { loadMonaco } from './monaco.ts';

export interface OpenFile {
  /** Absolute. */
  readonly path: string;
  /** Whether its text differs from what was last read or written. */
  readonly dirty: boolean;
  /** Another program has changed the file while there was text of ours to save. */
  readonly changedOutside: boolean;
}

/** What a person has to decide before it goes on. */
export type Question =
  | { readonly kind: 'conflict'; readonly path: string }
  | { readonly kind: 'close'; readonly path: string };

export interface Documents {
  readonly files: readonly OpenFile[];
  readonly active: string | null;
  readonly question: Question | null;
}

export const useDocuments = create<Documents>()(() => ({
  files: [],
  active: null,
  question: null,
}));

/** What belongs to an open file and is nothing to render. */
interface Behind {
  readonly model: editor.ITextModel;
  /** Milliseconds since 1970; of the text last read or written. */
  modifiedAt: number;
  /** The model's version that is on the disk. */
  saved: number;
  /** The file was deleted: its text is in the window alone. */
  gone: boolean;
  saving: Promise<void>;
  readonly stop: AbortController;
}

const behind = new Map<string, Behind>();
const opening = new Map<string, Promise<boolean>>();

// Whoever presses Run means the text on the screen.
beforeRun(saveAll);
askBeforeLeaving(() => useDocuments.getState().files.some(({ dirty }) => dirty));

/** Opens a file, or brings it to the front. False where it cannot be read, which is said. */
export async function openFile(path: string, quietly = false): Promise<boolean> {
  if (behind.has(path)) {
    useDocuments.setState({ active: path });
    return true;
  }
  const under = opening.get(path) ?? read(path, quietly).finally(() => opening.delete(path));
  opening.set(path, under);
  return under;
}

export function activate(path: string): void {
  useDocuments.setState({ active: path });
}

/** Shows none of the open files, which stay open. */
export function showNoFile(): void {
  useDocuments.setState({ active: null });
}

/** The text of a file that is open. */
export function modelOf(path: string): editor.ITextModel | null {
  return behind.get(path)?.model ?? null;
}

/** Writes a file; where another program changed it meanwhile, asks. True where it is on the disk. */
export async function saveFile(path: string, anyway = false): Promise<boolean> {
  const file = behind.get(path);
  if (file === undefined) return false;
  const write = async (): Promise<boolean> => {
    const version = file.model.getAlternativeVersionId();
    const result = await callEngine('writeFile', {
      path,
      text: file.model.getValue(),
      expected: anyway ? null : file.modifiedAt,
    });
    if (result.conflict) {
      useDocuments.setState({ question: { kind: 'conflict', path } });
      return false;
    }
    file.modifiedAt = result.modifiedAt;
    file.saved = version;
    file.gone = false;
    change(path, { changedOutside: false });
    showWhetherDirty(path);
    return true;
  };
  const saved = file.saving.then(write);
  file.saving = saved.then(
    () => undefined,
    () => undefined,
  );
  try {
    const done = await saved;
    if (done) refreshPlan();
    return done;
  } catch (error) {
    if (!isCancelled(error)) notify(errorParts(error));
    return false;
  }
}

/** Writes whatever is not on the disk yet. False where something could not be. */
async function saveAll(): Promise<boolean> {
  const dirty = useDocuments.getState().files.filter((file) => file.dirty);
  const saved = await Promise.all(dirty.map(({ path }) => saveFile(path)));
  return saved.every(Boolean);
}

/** Takes the text on the disk; undoing gives back what was there. */
export async function reloadFile(path: string): Promise<void> {
  const file = behind.get(path);
  if (file === undefined) return;
  try {
    const { text, modifiedAt } = await callEngine('readFile', { path }, file.stop.signal);
    file.modifiedAt = modifiedAt;
    file.gone = false;
    if (text !== file.model.getValue()) {
      const whole = file.model.getFullModelRange();
      file.model.pushStackElement();
      file.model.pushEditOperations([], [{ range: whole, text }], () => null);
      file.model.pushStackElement();
    }
    file.saved = file.model.getAlternativeVersionId();
    change(path, { changedOutside: false });
    showWhetherDirty(path);
  } catch (error) {
    if (!isCancelled(error)) notify(errorParts(error));
  }
}

/** Closes a file; where it has text that is not on the disk, asks first. */
export function closeFile(path: string, anyway = false): void {
  const { files, active } = useDocuments.getState();
  const at = files.findIndex((file) => file.path === path);
  const file = files[at];
  if (file === undefined) return;
  if (file.dirty && !anyway) {
    useDocuments.setState({ question: { kind: 'close', path }, active: path });
    return;
  }
  const left = files.filter((one) => one !== file);
  const next = left[Math.min(at, left.length - 1)]?.path ?? null;
  useDocuments.setState({ files: left, active: active === path ? next : active });
  const its = behind.get(path);
  behind.delete(path);
  its?.stop.abort();
  its?.model.dispose();
}

export function dropQuestion(): void {
  useDocuments.setState({ question: null });
}

async function read(path: string, quietly: boolean): Promise<boolean> {
  try {
    const [monaco, { text, modifiedAt }] = await Promise.all([
      loadMonaco(),
      callEngine('readFile', { path }),
    ]);
    const model = monaco.editor.createModel(text, undefined, monaco.Uri.file(path));
    const file: Behind = {
      model,
      modifiedAt,
      saved: model.getAlternativeVersionId(),
      gone: false,
      saving: Promise.resolve(),
      stop: new AbortController(),
    };
    behind.set(path, file);
    model.onDidChangeContent(() => showWhetherDirty(path));
    useDocuments.setState(({ files }) => ({
      files: [...files, { path, dirty: false, changedOutside: false }],
      active: path,
    }));
    void watch(path, file);
    return true;
  } catch (error) {
    if (!quietly && !isCancelled(error)) notify(errorParts(error));
    return false;
  }
}

/** Follows the file on the disk for as long as it is open, over lost connections too. */
async function watch(path: string, file: Behind): Promise<void> {
  const { signal } = file.stop;
  while (!signal.aborted) {
    try {
      await listenEngine(
        'watchFile',
        { path },
        async ({ modifiedAt }) => {
          // What we wrote ourselves is no news.
          await file.saving;
          if (modifiedAt === null) {
            file.gone = true;
            showWhetherDirty(path);
          } else if (file.gone || modifiedAt !== file.modifiedAt) {
            await changedOnDisk(path, file).catch(sayUnread);
          }
        },
        signal,
      );
      return;
    } catch (error) {
      if (isCancelled(error)) return;
      if (errorParts(error).code !== 'disconnected') {
        notify(errorParts(error));
        return;
      }
    }
  }
}

/**
 * A change whose text could not be read is no reason to stop watching: git and some editors remove a file before they put the
 * new one in its place, and that one is told as well.
 */
function sayUnread(error: unknown): void {
  const parts = errorParts(error);
  const isGone = parts.code === 'not-found' || parts.code === 'disconnected';
  if (!isGone && !isCancelled(error)) notify(parts);
}

async function changedOnDisk(path: string, file: Behind): Promise<void> {
  const { text, modifiedAt } = await callEngine('readFile', { path }, file.stop.signal);
  file.gone = false;
  if (text === file.model.getValue()) {
    file.modifiedAt = modifiedAt;
    file.saved = file.model.getAlternativeVersionId();
    change(path, { changedOutside: false });
    showWhetherDirty(path);
  } else if (file.model.getAlternativeVersionId() === file.saved) {
    await reloadFile(path);
    refreshPlan();
  } else {
    change(path, { changedOutside: true });
  }
}

function showWhetherDirty(path: string): void {
  const file = behind.get(path);
  if (file !== undefined)
    change(path, { dirty: file.gone || file.model.getAlternativeVersionId() !== file.saved });
}

/** Nothing happens where nothing differs: this is called with each letter typed. */
function change(path: string, next: Partial<OpenFile>): void {
  const { files } = useDocuments.getState();
  const file = files.find((one) => one.path === path);
  if (file === undefined) return;
  const changed = { ...file, ...next };
  if (changed.dirty === file.dirty && changed.changedOutside === file.changedOutside) return;
  useDocuments.setState({ files: files.map((one) => (one === file ? changed : one)) });
}
