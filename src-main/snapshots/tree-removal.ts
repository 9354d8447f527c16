/**
 * Taking a directory away for good. It is renamed to the trash first, so a crash half way leaves no half snapshot, and
 * whatever the trash holds is deleted by the next sweep.
 */
import { rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { draftName } from '../host/draft.ts';
import { runTool } from '../host/process.ts';
import { isSystemError } from '../protocol/errors.ts';
import { ownRoot } from './own-root.ts';

/**
 * Moves a directory to the trash in one step and gives its place there, or undefined where it was gone already.
 *
 * @throws the system's error.
 */
export async function discard(directory: string, trash: string): Promise<string | undefined> {
  const place = join(trash, `${basename(directory)}${draftName()}`);
  try {
    await rename(directory, place);
    return place;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Deletes a tree, whatever permissions a build gave it: overlay's work directory holds a directory of mode 000, and copies
 * from the Nix store cannot be written. No error where it is gone.
 *
 * @throws StrataError `environment` where something in it cannot be deleted.
 */
export async function deleteTree(directory: string): Promise<void> {
  const operation = `deleting ${directory}`;
  const [enter, ...rest] = await ownRoot();
  if (enter !== undefined) {
    await runTool({ operation, tool: enter, args: [...rest, 'rm', '-rf', '--', directory] });
    return;
  }
  if (process.getuid?.() !== 0) {
    // Without root's rights the owner gives them to itself; what chmod cannot reach, rm reports.
    await runTool({
      operation,
      tool: 'chmod',
      args: ['-R', 'u+rwX', '--', directory],
      accept: [0, 1],
    });
  }
  await runTool({ operation, tool: 'rm', args: ['-rf', '--', directory] });
}

/**
 * {@link deleteTree} for a tree of a few files that this process may delete as a rule: it then starts no other one, nor
 * hands each file to another thread, which would take longer than the deletion.
 */
export async function deleteSmallTree(directory: string): Promise<void> {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    await deleteTree(directory);
  }
}
