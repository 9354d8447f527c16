/** A trace that somebody has as files: it is shown in the pane for libraries until it is closed, whatever is selected. */
import { create } from 'zustand';
import type { ImportedTrace } from '../../src-main/protocol/methods.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { callEngine } from '../connection/connection.ts';
import { desktopBridge } from '../connection/desktop.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import { showPane } from './panes.ts';

export type ImportState =
  | { readonly kind: 'none' }
  /** `share` is how much of the files the engine has; null where it reads them itself. */
  | { readonly kind: 'reading'; readonly name: string; readonly share: number | null }
  | {
      readonly kind: 'there';
      readonly name: string;
      /** As the engine knows the files. */
      readonly paths: readonly string[];
      readonly trace: ImportedTrace;
    }
  | { readonly kind: 'failed'; readonly name: string; readonly error: WireError };

export const useImportedTrace = create<{ readonly state: ImportState }>()(() => ({
  state: { kind: 'none' },
}));

/** Bytes handed over at once. */
const PIECE = 1024 * 1024;

let going: AbortController | null = null;

/** Files that were handed over, and are the engine's to keep until the trace is closed. */
let handed: readonly string[] = [];

/** Reads files that the engine can read itself. */
export async function importPaths(paths: readonly string[]): Promise<void> {
  await importing(names(paths.map(nameOf)), () => paths);
}

/** Reads files that were dropped on the window or chosen; where it is known where they lie, the engine reads them itself. */
export async function importFiles(files: readonly File[]): Promise<void> {
  const desktop = desktopBridge();
  if (desktop !== null) return importPaths(files.map((file) => desktop.pathOf(file)));
  return importing(names(files.map(({ name }) => name)), async (onShare, signal) => {
    const all = files.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    const paths: string[] = [];
    for (const file of files) {
      const { path } = await callEngine('handFile', { name: file.name }, signal);
      paths.push(path);
      handed = [...handed, path];
      for (let at = 0; at < file.size; at += PIECE) {
        const bytes = await file.slice(at, at + PIECE).arrayBuffer();
        await callEngine('handPiece', { path, base64: base64(new Uint8Array(bytes)) }, signal);
        done += bytes.byteLength;
        onShare(done / all);
      }
    }
    return paths;
  });
}

/** Back to what is selected; gives an import up that is under way. */
export function closeImportedTrace(): void {
  going?.abort();
  going = null;
  useImportedTrace.setState({ state: { kind: 'none' } });
  const paths = handed;
  handed = [];
  // Where the engine is gone, its next one sweeps them away.
  for (const path of paths) void callEngine('dropFile', { path }).catch(() => undefined);
}

/** @param bring makes files readable to the engine, and gives their paths */
async function importing(
  name: string,
  bring: (
    onShare: (share: number) => void,
    signal: AbortSignal,
  ) => readonly string[] | Promise<readonly string[]>,
): Promise<void> {
  closeImportedTrace();
  const controller = new AbortController();
  const { signal } = controller;
  going = controller;
  const set = (state: ImportState): void => {
    if (going === controller) useImportedTrace.setState({ state });
  };
  set({ kind: 'reading', name, share: null });
  showPane('libraries');
  try {
    const paths = await bring((share) => set({ kind: 'reading', name, share }), signal);
    set({ kind: 'reading', name, share: null });
    const trace = await callEngine('readTrace', { paths: [...paths] }, signal);
    set({ kind: 'there', name, paths, trace });
  } catch (error) {
    if (!isCancelled(error)) set({ kind: 'failed', name, error: inOwnNames(errorParts(error)) });
  }
}

/** Where the engine keeps what was handed over says nothing to whoever handed it over. */
function inOwnNames(error: WireError): WireError {
  const operation = handed.reduce(
    (text, path) => text.replaceAll(path, nameOf(path)),
    error.operation,
  );
  return { ...error, operation };
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** `ld.4711 and 3 more`. */
function names(all: readonly string[]): string {
  const [first = 'nothing', ...others] = all;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** In parts: the arguments of a call are limited. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
