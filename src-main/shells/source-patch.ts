/** What a shell changed in a package's sources, as a patch for `patches`: the words of `diff -u`, file by file. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { encodePath, printablePath } from '../host/byte-path.ts';
import { runTool } from '../host/process.ts';
import { valueText } from '../phases/declarations.ts';
import type { ShellState } from '../phases/shell-state.ts';
import { StrataError, isSystemError } from '../protocol/errors.ts';
import type { Change, Entry } from '../snapshots/change.ts';
import type { ActiveSnapshot, Mount, Snapshotter } from '../snapshots/snapshotter.ts';

export interface PatchRequest {
  readonly snapshotter: Snapshotter;
  /** The snapshot with the files before. */
  readonly parent: string;
  readonly state: ShellState;
  /** The layer with the files after; nothing writes to it any more. */
  readonly active: ActiveSnapshot;
  readonly changes: readonly Change[];
}

/** @throws StrataError `usage` where nothing changed that a patch can say. */
export async function sourcePatch(request: PatchRequest): Promise<string> {
  const root = sourceRoot(request.state);
  const within = request.changes.filter(({ path }) => isInSources(request.state, path));
  const directory = await mkdtemp(join(tmpdir(), 'strata-patch-'));
  try {
    const files: string[] = [];
    const unsaid: string[] = [];
    for (const change of within) {
      const name = change.path.slice(root.length + 1);
      const said = await fileDiff(request, change, name, directory);
      if (said.kind === 'diff') files.push(said.text);
      else if (said.kind === 'unsaid') unsaid.push(`${said.what}: ${printablePath(name)}`);
    }
    if (files.length === 0) throw nothingToSay(root, unsaid);
    const notes =
      unsaid.length === 0
        ? ''
        : `Changed as well, and not in this patch:\n${unsaid.map((line) => `  ${line}\n`).join('')}\n`;
    return `${notes}${files.join('')}`;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Whether a path is one that a patch of the sources speaks of. */
export function isInSources(state: ShellState, path: string): boolean {
  return path.startsWith(`${sourceRoot(state)}/`);
}

/** Where a patch is applied: the variable of the stdenv, or else the first directory below /build that the shell is in. */
function sourceRoot(state: ShellState): string {
  const named = valueText(state.variables.get('sourceRoot'));
  if (named !== '' && !named.includes('\n')) {
    const root = posix.resolve('/build', named);
    if (root !== '/') return root;
  }
  return /^\/build\/[^/]+/.exec(state.directory)?.[0] ?? '/build';
}

type Said =
  | { readonly kind: 'diff'; readonly text: string }
  | { readonly kind: 'unsaid'; readonly what: string }
  | { readonly kind: 'nothing' };

async function fileDiff(
  { snapshotter, parent, active }: PatchRequest,
  change: Change,
  name: string,
  directory: string,
): Promise<Said> {
  const before = change.kind === 'added' ? null : change.old;
  const after = change.kind === 'removed' ? null : change.entry;
  const kinds = [before, after].flatMap((entry) => (entry === null ? [] : [entry.type]));
  if (kinds.every((kind) => kind === 'directory')) return { kind: 'nothing' };
  if (!kinds.every((kind) => kind === 'file')) return { kind: 'unsaid', what: describe(after) };
  if (/[\n\t\udc80-\udcff]/.test(name)) return { kind: 'unsaid', what: 'file of an odd name' };
  const [old, fresh] = [join(directory, 'old'), join(directory, 'new')];
  await writeFile(old, before === null ? '' : await snapshotter.readFile(parent, change.path));
  try {
    const file = Buffer.concat([Buffer.from(treeOf(active.mount)), encodePath(change.path)]);
    await writeFile(fresh, after === null ? '' : await readFile(file));
  } catch (error) {
    if (isSystemError(error)) return { kind: 'unsaid', what: 'unreadable file' };
    throw error;
  }
  const { stdout, exitCode } = await runTool({
    operation: `comparing ${name}`,
    tool: 'diff',
    args: [
      '-u',
      '--label',
      before === null ? '/dev/null' : `a/${name}`,
      '--label',
      after === null ? '/dev/null' : `b/${name}`,
      old,
      fresh,
    ],
    env: { ...process.env, LC_ALL: 'C' },
    // 1: they differ. 2 with words on standard output: they are binary.
    accept: [0, 1, 2],
  });
  const text = stdout.toString('utf8');
  if (text.startsWith('Binary files ')) return { kind: 'unsaid', what: 'binary file' };
  if (exitCode === 0 || text === '') return emptyOrMode(before, after);
  // Not UTF-8: said in this text it would be another patch.
  if (!Buffer.from(text).equals(stdout)) return { kind: 'unsaid', what: 'file that is not UTF-8' };
  return { kind: 'diff', text: `diff -ruN a/${name} b/${name}\n${text}` };
}

function emptyOrMode(before: Entry | null, after: Entry | null): Said {
  if (before === null || after === null) return { kind: 'unsaid', what: 'empty file' };
  return { kind: 'unsaid', what: `mode ${after.mode.toString(8)}` };
}

function describe(entry: Entry | null): string {
  return entry === null ? 'removed' : entry.type === 'file' ? 'another kind of file' : entry.type;
}

/** The directory that holds what the layer changed. */
function treeOf(mount: Mount): string {
  if (mount.kind === 'bind') return mount.source;
  if (mount.upper === null) throw new TypeError('a view takes no writes');
  return mount.upper.directory;
}

function nothingToSay(root: string, unsaid: readonly string[]): StrataError {
  return new StrataError({
    code: 'usage',
    operation: 'making a patch of the changes',
    reason:
      unsaid.length === 0
        ? `nothing changed below ${root}`
        : `what changed below ${root} is no text: ${unsaid.join(', ')}`,
    advice: 'keep the changes as a snapshot instead, or discard them',
  });
}
