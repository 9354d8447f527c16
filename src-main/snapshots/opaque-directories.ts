/**
 * Which directories of an overlay layer are opaque: hide what the same directory has in the layers below. The mark is the
 * extended attribute `user.overlay.opaque`, and Node reads none; `getfattr` does. Without it the kernel itself is asked.
 */
import { isUtf8 } from 'node:buffer';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePath, encodePath } from '../host/byte-path.ts';
import { runTool } from '../host/process.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import { quoteForShell } from '../host/shell-word.ts';
import { AttributeReader } from './attribute-reader.ts';
import { asOwnRoot } from './own-root.ts';

/**
 * The opaque ones among some directories of a layer.
 *
 * @param layer the layer's root; not mounted now.
 * @param directories from the layer's root, each beginning with `/`.
 * @param scratch a directory of ours outside the layer, for {@link opaqueByMounting}.
 * @throws StrataError `environment` where neither way is possible.
 */
export async function opaqueDirectories(
  layer: string,
  directories: readonly string[],
  scratch: string,
): Promise<ReadonlySet<string>> {
  if (directories.length === 0) return new Set();
  try {
    return (
      (await opaqueByReader(layer, directories, scratch)) ??
      (await opaqueByAttribute(layer, directories))
    );
  } catch (error) {
    if (!isMissingTool(error)) throw error;
    return opaqueByMounting(layer, directories, scratch);
  }
}

const OPAQUE = '^user\\.overlay\\.opaque$';
const reader = new AttributeReader(OPAQUE);

/** Reads the attribute without a process of its own; null where that fails. */
async function opaqueByReader(
  layer: string,
  directories: readonly string[],
  scratch: string,
): Promise<ReadonlySet<string> | null> {
  const list = join(scratch, 'directories');
  writeFileSync(list, nulSeparated(directories));
  try {
    const printed = await reader.read(layer, list);
    return printed === null ? null : parseAttributes(printed);
  } finally {
    rmSync(list, { force: true });
  }
}

/** So many bytes of names are handed over as arguments; the kernel takes 128 kB and more. */
const FEW_BYTES = 64_000;

/** Reads the attribute. @throws StrataError `environment` where getfattr is missing. */
export async function opaqueByAttribute(
  layer: string,
  directories: readonly string[],
): Promise<ReadonlySet<string>> {
  const getfattr = ['-h', '-d', '-m', OPAQUE, '--'];
  const listed = nulSeparated(directories);
  // Arguments are text to Node, so names that are not go the way of the many.
  const few = listed.length <= FEW_BYTES && isUtf8(listed);
  const command = few
    ? asOwnRoot('getfattr', [...getfattr, ...directories.map((path) => `.${path}`)])
    : asOwnRoot('xargs', ['-0', '-r', 'getfattr', ...getfattr]);
  const { stdout } = await runTool({
    operation: `reading the attributes of ${layer}`,
    ...(await command),
    cwd: layer,
    ...(few ? {} : { input: listed }),
    env: { ...process.env, LC_ALL: 'C' },
  });
  return parseAttributes(stdout);
}

/**
 * Reads getfattr's text (attr 2.5): `# file: NAME`, then one line for each attribute, then an empty line. In names, control
 * characters and backslashes are written as `\` and three octal digits.
 */
export function parseAttributes(output: Uint8Array): ReadonlySet<string> {
  const opaque = new Set<string>();
  let name = '';
  for (const line of Buffer.from(output).toString('latin1').split('\n')) {
    if (line.startsWith(FILE)) name = line.slice(FILE.length);
    else if (line === 'user.overlay.opaque="y"') opaque.add(`/${unquote(name)}`);
  }
  return opaque;
}

const FILE = '# file: ';

function unquote(name: string): string {
  const bytes = name.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return decodePath(Buffer.from(bytes.replace(/^\.\//, ''), 'latin1'));
}

/**
 * Asks the kernel: below the layer is put a tree with the same directories and a marker in each, and where the marker does
 * not show through, the directory (or one above it) is opaque. Needs user namespaces, and no tool but the shell's.
 */
export async function opaqueByMounting(
  layer: string,
  directories: readonly string[],
  scratch: string,
): Promise<ReadonlySet<string>> {
  const place = join(scratch, 'opaque');
  await mkdir(join(place, 'merged'), { recursive: true });
  try {
    const { stdout } = await runTool({
      operation: `looking for opaque directories in ${layer}`,
      tool: 'unshare',
      args: ['--user', '--map-root-user', '--mount', 'sh', '-c', markerScript(layer)],
      cwd: place,
      input: nulSeparated(directories),
    });
    const shown = new Set(
      stdout
        .toString('latin1')
        .split('\0')
        .map((path) => decodePath(Buffer.from(path, 'latin1'))),
    );
    return new Set(directories.filter((path) => !shown.has(path)));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** A name no build uses. */
const MARKER = '.strata-shows-through-8d1f0c52';

/** The markers live in memory, in the namespace: nothing is left to clear. */
function markerScript(layer: string): string {
  return [
    'set -e',
    'mount -t tmpfs tmpfs merged',
    'mkdir merged/layer merged/below merged/both',
    `mount --bind ${quoteForShell(layer)} merged/layer`,
    'cat >merged/list',
    'cd merged/below',
    `xargs -0 -r sh -c 'for path; do mkdir -p "$path"; : >"$path/${MARKER}"; done' sh <../list`,
    'cd ..',
    'mount -t overlay -o userxattr,lowerdir=layer:below overlay both',
    'cd both',
    `find . -name ${MARKER} -printf '/%P\\0' | sed -z 's|/${MARKER}$||'`,
  ].join('\n');
}

function nulSeparated(directories: readonly string[]): Buffer {
  return Buffer.concat(
    directories.map((path) => Buffer.concat([encodePath(`.${path}`), Buffer.of(0)])),
  );
}

function isMissingTool(error: unknown): boolean {
  if (!(error instanceof StrataError)) return false;
  // xargs ends with 127 where its program is not found (findutils 4.9, "Invoking xargs").
  return isSystemError(error.cause) || error.reason.endsWith('exit status 127');
}
