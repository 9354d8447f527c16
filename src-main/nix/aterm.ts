/**
 * Reading `.drv` files.
 *
 * The format is an ATerm, written by `Derivation::unparse` (Nix 2.8: src/libstore/derivations.cc) and unchanged since the
 * first releases:
 *
 *     Derive([(output,path,hashAlgorithm,hash)…],[(drv,[output…])…],[source…],system,builder,[arg…],[(name,value)…])
 *
 * Derivations that use dynamic derivations are written as `DrvWithVersion("xp-dyn-drv",…)` since Nix 2.18; they are read
 * as long as they depend on no derivation that a build makes.
 */
import { readFile } from 'node:fs/promises';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { decodePath } from '../host/byte-path.ts';
import type { Derivation, DerivationOutput } from './derivation.ts';

/**
 * The derivation in the bytes of a `.drv` file. Takes time in proportion to the bytes, whatever they are.
 *
 * @param where the file's name, for error texts.
 * @throws StrataError `format`, naming the byte at which the text stops being a derivation, or `environment` for a
 *   derivation that only a newer format could express.
 */
export function parseDerivation(bytes: Uint8Array, where: string): Derivation {
  const reader = new AtermReader(bytes, where);
  const dynamic = reader.skip('DrvWithVersion(');
  if (dynamic) {
    const version = reader.string();
    if (version !== 'xp-dyn-drv') reader.unsupported(`has the unknown version ‘${version}’`);
    reader.expect(',');
  } else {
    reader.expect('Derive(');
  }

  const outputs = new Map(reader.list(() => output(reader)));
  if (outputs.size === 0) reader.fail('a derivation must have an output');
  reader.expect(',');
  const inputDerivations = new Map(reader.list(() => inputDerivation(reader, dynamic)));
  reader.expect(',');
  const inputSources = reader.list(() => reader.path());
  reader.expect(',');
  const system = reader.string();
  reader.expect(',');
  const builder = reader.string();
  reader.expect(',');
  const args = reader.list(() => reader.string());
  reader.expect(',');
  const env = new Map(reader.list(() => variable(reader)));
  reader.expect(')');
  reader.expectEnd();
  return { outputs, inputDerivations, inputSources, system, builder, args, env };
}

/**
 * The derivation in a `.drv` file.
 *
 * @throws StrataError `not-found` where there is no such file, `environment` where it cannot be read, and what
 *   {@link parseDerivation} throws.
 */
export async function readDerivation(path: string): Promise<Derivation> {
  let bytes;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new StrataError({
      code: error.code === 'ENOENT' ? 'not-found' : 'environment',
      operation: `reading ${path}`,
      reason: error.message,
      cause: error,
    });
  }
  return parseDerivation(bytes, path);
}

function output(reader: AtermReader): [string, DerivationOutput] {
  reader.expect('(');
  const name = reader.string();
  reader.expect(',');
  const path = reader.string();
  if (path !== '' && !path.startsWith('/')) reader.fail('an output path must be absolute');
  reader.expect(',');
  const hashAlgorithm = reader.string();
  reader.expect(',');
  const hash = reader.string();
  reader.expect(')');
  return [name, { path, hashAlgorithm, hash }];
}

function inputDerivation(reader: AtermReader, dynamic: boolean): [string, readonly string[]] {
  reader.expect('(');
  const path = reader.path();
  reader.expect(',');
  const nested = dynamic && reader.skip('(');
  const names = reader.list(() => reader.string());
  if (nested) {
    reader.expect(',[');
    if (!reader.skip(']')) reader.unsupported(`needs a derivation that ${path} makes`);
    reader.expect(')');
  }
  reader.expect(')');
  return [path, names];
}

function variable(reader: AtermReader): [string, string] {
  reader.expect('(');
  const name = reader.string();
  reader.expect(',');
  const value = reader.string();
  reader.expect(')');
  return [name, value];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** `printString` of derivations.cc escapes these; after any other character a backslash stands for the character alone. */
const ESCAPED: ReadonlyMap<number, number> = new Map([
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

/** A cursor over the bytes; each method takes what it names, or throws with the offset. */
class AtermReader {
  readonly #bytes: Buffer;
  readonly #where: string;
  #at = 0;

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#where = where;
  }

  /** Takes `text` where it is next, and says whether it was. */
  skip(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.#bytes[this.#at + index] !== text.charCodeAt(index)) return false;
    }
    this.#at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.skip(text)) this.fail(`‘${text}’ is expected`);
  }

  expectEnd(): void {
    if (this.#at < this.#bytes.length) this.fail('the derivation ends here, the file does not');
  }

  list<Item>(item: () => Item): Item[] {
    const items: Item[] = [];
    if (this.#bytes[this.#at] !== OPEN) this.fail('‘[’ is expected');
    this.#at += 1;
    if (this.#bytes[this.#at] === CLOSE) {
      this.#at += 1;
      return items;
    }
    for (;;) {
      items.push(item());
      const next = this.#bytes[this.#at];
      if (next !== COMMA && next !== CLOSE) this.fail('‘,’ or ‘]’ is expected');
      this.#at += 1;
      if (next === CLOSE) return items;
    }
  }

  path(): string {
    const at = this.#at;
    const path = this.string();
    if (!path.startsWith('/')) {
      this.#at = at;
      this.fail('an absolute path is expected');
    }
    return path;
  }

  string(): string {
    if (this.#bytes[this.#at] !== QUOTE) this.fail('a string is expected');
    const start = this.#at + 1;
    const end = this.#endOfString(start);
    const text = this.#bytes.subarray(start, end);
    this.#at = end + 1;
    return decodePath(text.includes(BACKSLASH) ? unescape(text) : text);
  }

  fail(what: string): never {
    const end = this.#at >= this.#bytes.length;
    throw new StrataError({
      code: 'format',
      operation: `reading ${this.#where}`,
      reason: `no derivation: at byte ${this.#at}${end ? ', the end of the file,' : ''} ${what}`,
      advice: 'evaluate the expression again; the file is damaged or is no .drv file',
    });
  }

  unsupported(what: string): never {
    throw new StrataError({
      code: 'environment',
      operation: `reading ${this.#where}`,
      reason: `the derivation ${what}`,
      advice: 'build it with nix-build: Strata reads no dynamic derivations',
    });
  }

  #endOfString(start: number): number {
    for (let at = start; at < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at];
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH) at += 1;
    }
    const begin = start - 1;
    this.#at = this.#bytes.length;
    return this.fail(`the string that begins at byte ${begin} has no end`);
  }
}

function unescape(text: Buffer): Buffer {
  const plain = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    let byte = text[at] ?? 0;
    if (byte === BACKSLASH) {
      at += 1;
      const escaped = text[at] ?? 0;
      byte = ESCAPED.get(escaped) ?? escaped;
    }
    plain[length] = byte;
    length += 1;
  }
  return plain.subarray(0, length);
}
