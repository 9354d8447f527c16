/** Store paths, `/nix/store/<32 characters of hash>-<name>`, and Nix's own base 32 (Nix: src/libutil/hash.cc). */
import { createHash } from 'node:crypto';
import { StrataError } from '../protocol/errors.ts';

/** The store directory of this machine: `NIX_STORE_DIR`, as Nix itself reads it, or `/nix/store`. */
export function storeDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['NIX_STORE_DIR'] ?? env['NIX_STORE'];
  return named === undefined || named === '' ? '/nix/store' : named;
}

export interface StorePath {
  /** The store directory, without a slash at its end. */
  readonly store: string;
  /** 32 characters of Nix's base 32. */
  readonly hash: string;
  readonly name: string;
}

const STORE_PATH = /^(\/.*)\/([0-9a-df-np-sv-z]{32})-([0-9A-Za-z+._?=-]+)$/;

/**
 * The parts of a store path; `hash-name` joined again is its base name.
 *
 * @throws StrataError `format` where the text is no path of a store object (a file inside one included).
 */
export function splitStorePath(path: string): StorePath {
  const match = STORE_PATH.exec(path);
  if (match === null) {
    throw new StrataError({
      code: 'format',
      operation: `reading the store path ${path}`,
      reason: 'it is not of the form /nix/store/<hash>-<name>',
    });
  }
  const [, store = '', hash = '', name = ''] = match;
  return { store, hash, name };
}

/** The name of the derivation in a `.drv` path: `hello-2.10` for `/nix/store/…-hello-2.10.drv`. */
export function derivationName(drvPath: string): string {
  return splitStorePath(drvPath).name.replace(/\.drv$/, '');
}

/** Nix's base 32 leaves out e, o, u and t, so that no hash spells a word. */
const ALPHABET = '0123456789abcdfghijklmnpqrsvwxyz';

/** The bytes in Nix's base 32, which begins with the last byte: 52 characters for the 32 bytes of a SHA-256. */
export function nixBase32(bytes: Uint8Array): string {
  let text = '';
  for (let digit = Math.ceil((bytes.length * 8) / 5) - 1; digit >= 0; digit -= 1) {
    const bit = digit * 5;
    const at = Math.floor(bit / 8);
    const pair = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    text += ALPHABET.charAt((pair >> (bit % 8)) & 31);
  }
  return text;
}

/** `builtins.placeholder`: what stands for the path of an output before it is known (Nix: `hashPlaceholder`). */
export function placeholder(outputName: string): string {
  return `/${nixBase32(sha256(`nix-output:${outputName}`))}`;
}

/** The SHA-256 of the text's UTF-8 bytes; 32 bytes. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
