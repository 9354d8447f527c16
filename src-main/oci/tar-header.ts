/**
 * The bytes of tar headers: POSIX ustar, with an extended header (pax) before it where a name is long or not plain ASCII,
 * a file is large, or there are extended attributes (POSIX.1-2017, "pax", "pax Interchange Format").
 *
 * All times are one second after the epoch, as Nix has them in its store: the same files give the same bytes.
 */
import { encodePath } from '../host/byte-path.ts';
import { StrataError } from '../protocol/errors.ts';
import type { TarEntry, TarType } from './tar-entry.ts';

export const BLOCK = 512;

const TIME = 1;

export const TYPE_FLAGS: Readonly<Record<TarType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
};

/** Before the names of extended attributes, as GNU tar, bsdtar and Go have it. */
export const ATTRIBUTE_PREFIX = 'SCHILY.xattr.';

/** Eleven octal digits. */
const LARGEST_SIZE = 0o77777777777;

/** What stands before an entry's contents. */
export function encodeHeader(entry: TarEntry): Buffer {
  const name = encodePath(entry.type === 'directory' ? `${entry.path}/` : entry.path);
  const target = encodePath(entry.target);
  const extended: (readonly [string, Uint8Array])[] = [];
  if (!fits(name)) extended.push(['path', name]);
  if (!fits(target)) extended.push(['linkpath', target]);
  if (entry.size > LARGEST_SIZE) extended.push(['size', Buffer.from(String(entry.size))]);
  const attributes = [...entry.attributes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of attributes) extended.push([`${ATTRIBUTE_PREFIX}${key}`, value]);
  const own = ustar(entry, TYPE_FLAGS[entry.type], {
    name,
    target,
    size: Math.min(entry.size, LARGEST_SIZE),
  });
  if (extended.length === 0) return own;
  const records = Buffer.concat(extended.map(([key, value]) => paxRecord(key, value)));
  const header = ustar(entry, 'x', {
    name: Buffer.from('pax-header'),
    target: Buffer.alloc(0),
    size: records.length,
  });
  return Buffer.concat([header, records, padding(records.length), own]);
}

/** What follows contents of so many bytes. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** The end of an archive. */
export const END = Buffer.alloc(2 * BLOCK);

function fits(name: Buffer): boolean {
  return name.length <= 100 && name.every((byte) => byte < 0x80);
}

function ustar(
  { mode, owner }: TarEntry,
  flag: string,
  { name, target, size }: { readonly name: Buffer; readonly target: Buffer; readonly size: number },
): Buffer {
  const header = Buffer.alloc(BLOCK);
  name.copy(header, 0, 0, 100);
  header.write(octal(mode, 7), 100);
  header.write(octal(owner.user, 7), 108);
  header.write(octal(owner.group, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(TIME, 11), 136);
  header.write(' '.repeat(8), 148);
  header.write(flag, 156);
  target.copy(header, 157, 0, 100);
  header.write('ustar\u000000', 257);
  header.write(octal(0, 7), 329);
  header.write(octal(0, 7), 337);
  header.write(`${octal(checksum(header), 6)}\0 `, 148);
  return header;
}

/** The sum of a header's bytes, the checksum's own counted as blanks. */
export function checksum(header: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 32 : (header[at] ?? 0);
  return sum;
}

function octal(value: number, digits: number): string {
  const text = value.toString(8).padStart(digits, '0');
  if (text.length <= digits) return text;
  throw new StrataError({
    code: 'format',
    operation: 'writing a tar archive',
    reason: `the number ${value} does not fit its header`,
  });
}

/** `LENGTH KEY=VALUE\n`, where LENGTH counts its own digits too. */
function paxRecord(key: string, value: Uint8Array): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (rest.length + String(length).length !== length) {
    length = rest.length + String(length).length;
  }
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
