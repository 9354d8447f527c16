/**
 * The language server behind the Nix files on the screen: started with the first of them, told of their texts, listened to over
 * lost connections. What it can be asked is in `providers.ts`.
 */
import type { editor } from 'monaco-editor/editor';
import { create } from 'zustand';
import { callEngine, listenEngine } from '../../connection/connection.ts';
import { errorParts, isCancelled } from '../../connection/error-parts.ts';
import type { LanguageItem } from '../../../src-main/protocol/methods.ts';
import type { WireError } from '../../../src-main/protocol/wire.ts';
import { useConnection } from '../../store/connection.ts';

/** Texts are told after a pause in typing; whoever asks something has them told at once (milliseconds). */
const PAUSE = 200;

interface State {
  /** Null until the server answers. */
  readonly language: string | null;
  /** What went wrong, until it is closed. */
  readonly problem: WireError | null;
  /** Starts the server again after it has failed; null where there is no need. */
  readonly startAgain: (() => void) | null;
}

/** Whether there is a language server, and what is wrong with it. */
export const useLanguageServer = create<State>()(() => ({
  language: null,
  problem: null,
  startAgain: null,
}));

export type Diagnostics = Extract<LanguageItem, { kind: 'diagnostics' }>;

interface Followed {
  readonly model: editor.ITextModel;
  /** The version that the server knows; 0 where it knows none. */
  told: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** By path. */
const followed = new Map<string, Followed>();
let listening = false;

/** Whether the engine has found one; null while nobody knows. */
export function hasLanguageServer(tools: readonly string[] | undefined): boolean | null {
  return tools === undefined ? null : tools.includes('nil') || tools.includes('nixd');
}

/** Tells the server of a text until its model is gone; starts it where this is the first. */
export function followText(
  model: editor.ITextModel,
  onDiagnostics: (diagnostics: Diagnostics) => void,
): void {
  const path = model.uri.fsPath;
  if (followed.get(path)?.model === model) return;
  const text: Followed = { model, told: 0, timer: undefined };
  followed.set(path, text);
  model.onDidChangeContent(() => {
    clearTimeout(text.timer);
    text.timer = setTimeout(() => {
      tellText(path);
    }, PAUSE);
  });
  model.onWillDispose(() => {
    clearTimeout(text.timer);
    followed.delete(path);
    tell(path, text.told + 1, null);
  });
  if (listening) tellText(path);
  else void listen(path, onDiagnostics);
}

/** The session that knows a text as it is on the screen; null where there is no server, or not yet. */
export function languageOf(model: editor.ITextModel): string | null {
  const path = model.uri.fsPath;
  // Monaco asks of every Nix text; those of the snapshots are no files that a server could know.
  if (followed.get(path)?.model !== model) return null;
  tellText(path);
  return useLanguageServer.getState().language;
}

/** Shows what went wrong with an answer; what was cancelled went right. */
export function complain(error: unknown): void {
  if (isCancelled(error)) return;
  const problem = errorParts(error);
  // The connection and the session have words of their own for their ends.
  if (problem.code !== 'disconnected' && problem.code !== 'not-found')
    useLanguageServer.setState({ problem });
}

function tellText(path: string): void {
  const text = followed.get(path);
  if (text === undefined || useLanguageServer.getState().language === null) return;
  clearTimeout(text.timer);
  const version = text.model.getVersionId();
  if (text.told === version) return;
  text.told = version;
  tell(path, version, text.model.getValue());
}

function tell(path: string, version: number, text: string | null): void {
  const { language } = useLanguageServer.getState();
  if (language !== null)
    callEngine('languageText', { language, path, version, text }).catch(complain);
}

async function listen(
  file: string,
  onDiagnostics: (diagnostics: Diagnostics) => void,
): Promise<void> {
  listening = true;
  useLanguageServer.setState({ startAgain: null });
  for (;;) {
    try {
      if (hasLanguageServer(useConnection.getState().hello?.tools) === false) {
        // The next file asks again: an engine started anew may have found one.
        listening = false;
        return;
      }
      await listenEngine('language', { file }, (item) => {
        if (item.kind === 'ready') greet(item.language);
        else if (followed.has(item.path)) onDiagnostics(item);
      });
      break;
    } catch (error) {
      useLanguageServer.setState({ language: null });
      if (errorParts(error).code === 'disconnected') continue;
      complain(error);
      const startAgain = (): void => {
        useLanguageServer.setState({ problem: null });
        if (!listening) void listen(file, onDiagnostics);
      };
      useLanguageServer.setState({ startAgain });
      break;
    }
  }
  // The next file tries again, too: what was wrong with the server may have been mended.
  listening = false;
  useLanguageServer.setState({ language: null });
}

/** A session that is new knows no text; one whose server was started again has told it itself. */
function greet(language: string): void {
  if (useLanguageServer.getState().language === language) return;
  useLanguageServer.setState({ language });
  for (const [path, text] of followed) {
    text.told = 0;
    tellText(path);
  }
}
