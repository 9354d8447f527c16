/**
 * The extended attributes that users give to files (attr 2.5's getfattr and setfattr; Node reads and writes none). Those
 * of other kinds need root and mean something else on the next machine; those of overlay are no part of a state.
 */
import { decodePath, encodePath } from '../host/byte-path.ts';
import { runTool } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { ListedEntry } from '../snapshots/listed-entry.ts';
import { asOwnRoot } from '../snapshots/own-root.ts';
import type { Attributes } from './layer-entries.ts';

const OVERLAYS = 'user.overlay.';

/** The attributes of listed files by path; none where getfattr is missing. */
export async function readAttributes(
  directory: string,
  listed: readonly ListedEntry[],
): Promise<Attributes> {
  const names = listed
    .filter(({ type }) => type === 'file' || type === 'directory')
    .map(({ path }) => Buffer.concat([encodePath(`.${path}`), Buffer.of(0)]));
  if (names.length === 0) return new Map();
  const getfattr = ['getfattr', '-h', '-d', '-m', '^user\\.', '-e', 'hex', '--'];
  return unlessMissing<Attributes>(new Map(), async () => {
    const { stdout } = await runTool({
      operation: `reading the attributes of ${directory}`,
      ...(await asOwnRoot('xargs', ['-0', '-r', ...getfattr])),
      cwd: directory,
      input: Buffer.concat(names),
      env: { ...process.env, LC_ALL: 'C' },
    });
    return parseAttributes(stdout);
  });
}

/**
 * Reads getfattr's text: `# file: NAME`, then one line for each attribute, `user.comment=0x6869`, then an empty line. In
 * names control characters and backslashes are written as `\` and three octal digits.
 */
export function parseAttributes(output: Uint8Array): Attributes {
  const found = new Map<string, Map<string, Uint8Array>>();
  let path = '';
  for (const line of Buffer.from(output).toString('latin1').split('\n')) {
    const [, key = '', hex = ''] = /^(user\.[^=]*)=(?:0x([0-9a-f]*))?$/.exec(line) ?? [];
    if (line.startsWith(FILE)) path = `/${unquoted(line.slice(FILE.length)).replace(/^\.\//, '')}`;
    else if (key !== '' && !key.startsWith(OVERLAYS)) {
      const own = found.get(path) ?? new Map<string, Uint8Array>();
      found.set(path, own.set(unquoted(key), Buffer.from(hex, 'hex')));
    }
  }
  return found;
}

/** Gives files attributes; says nothing where setfattr is missing, or the file system has none. */
export async function writeAttributes(directory: string, attributes: Attributes): Promise<void> {
  const text = attributesText(attributes);
  if (text.length === 0) return;
  await unlessMissing(undefined, async () => {
    await runTool({
      operation: `writing the attributes of ${directory}`,
      ...(await asOwnRoot('setfattr', ['-h', '--restore=-'])),
      cwd: directory,
      input: text,
      accept: [0, 1],
      env: { ...process.env, LC_ALL: 'C' },
    });
  });
}

/** The text from which setfattr restores: as {@link parseAttributes} reads it. */
export function attributesText(attributes: Attributes): Buffer {
  const lines = [...attributes]
    .filter(([, own]) => [...own.keys()].some(isUsers))
    .flatMap(([path, own]) => [
      `${FILE}${quoted(`.${path}`)}`,
      ...[...own]
        .filter(([key]) => isUsers(key))
        .map(([key, value]) => `${quoted(key)}=0x${Buffer.from(value).toString('hex')}`),
      '',
    ]);
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
}

function isUsers(key: string): boolean {
  return key.startsWith('user.') && !key.startsWith(OVERLAYS);
}

const FILE = '# file: ';

function unquoted(name: string): string {
  const bytes = name.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return decodePath(Buffer.from(bytes, 'latin1'));
}

function quoted(name: string): string {
  return encodePath(name)
    .toString('latin1')
    .replace(
      /[\0-\x1f\\=\x7f]/g,
      (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
    );
}

async function unlessMissing<Result>(
  instead: Result,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    // xargs ends with 127 where its program is not found (findutils 4.9, "Invoking xargs").
    const isMissing =
      error instanceof StrataError &&
      (isSystemError(error.cause) || error.reason.endsWith('exit status 127'));
    if (isMissing) return instead;
    throw error;
  }
}
