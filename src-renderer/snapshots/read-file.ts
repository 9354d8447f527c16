/** Files of a snapshot, read through the protocol. */
import { callEngine } from '../connection/connection.ts';
import { contentKind, SNIFFED_BYTES, type ContentKind } from './file-content.ts';

/** What one request may give. */
const PIECE = 4 * 1024 * 1024;

export interface FileBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the whole file; more than `bytes` has where reading stopped at the limit. */
  readonly size: number;
}

/** The first `limit` bytes of a file. @throws RequestError */
export async function readFileBytes(
  snapshot: string,
  path: string,
  limit: number,
  signal: AbortSignal,
): Promise<FileBytes> {
  const pieces: Uint8Array[] = [];
  let offset = 0;
  let size: number;
  do {
    const length = Math.min(PIECE, limit - offset);
    const piece = await callEngine('readSnapshot', { snapshot, path, offset, length }, signal);
    const bytes = fromBase64(piece.base64);
    size = piece.size;
    if (bytes.length === 0) break;
    pieces.push(bytes);
    offset += bytes.length;
  } while (offset < Math.min(size, limit));
  const whole = new Uint8Array(offset);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return { bytes: whole, size };
}

function fromBase64(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** One side of a comparison. */
export interface FileSide extends FileBytes {
  readonly snapshot: string;
  readonly content: ContentKind;
}

export async function readSide(
  snapshot: string,
  path: string,
  limit: number,
  signal: AbortSignal,
): Promise<FileSide> {
  const { bytes, size } = await readFileBytes(snapshot, path, limit, signal);
  return { snapshot, bytes, size, content: contentKind(bytes.subarray(0, SNIFFED_BYTES), path) };
}

/** Text in UTF-8, or where it is none in Latin-1, which takes any bytes. */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly isUtf8: boolean } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), isUtf8: true };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), isUtf8: false };
  }
}

/** `data:` for a picture: the window's policy lets nothing else in. */
export function dataAddress(bytes: Uint8Array, mime: string): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return `data:${mime};base64,${btoa(binary)}`;
}
