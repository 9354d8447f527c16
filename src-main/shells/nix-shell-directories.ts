/** The directories of the nix-shells that are open in one place: what each has for itself (resources/hooks/nix-shell.bash). */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describingFileErrors, makeNamedDirectories } from '../host/durable.ts';
import { processStart } from '../host/process-start.ts';
import { isSystemError } from '../protocol/errors.ts';

/** Makes one for a shell of this process, and removes those whose process has not lived to do so. */
export async function addShellDirectory(kept: string): Promise<string> {
  const all = join(kept, '.strata');
  await makeNamedDirectories(all, `making ${kept}`);
  return describingFileErrors(`making ${kept}`, async () => {
    for (const name of await shellDirectories(kept)) {
      if (!isOwned(name)) await removeShellDirectory(join(all, name));
    }
    return mkdtemp(join(all, `shell-${process.pid}-${processStart(process.pid) ?? ''}-`));
  });
}

export async function removeShellDirectory(own: string): Promise<void> {
  await rm(own, { recursive: true, force: true });
}

/** Whether a shell is open there. */
export async function isShellOpen(kept: string): Promise<boolean> {
  return (await shellDirectories(kept)).some(isOwned);
}

async function shellDirectories(kept: string): Promise<readonly string[]> {
  try {
    const names = await readdir(join(kept, '.strata'));
    return names.filter((name) => name.startsWith('shell-'));
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Whether the process that made it is there: one that was killed removes nothing. */
function isOwned(name: string): boolean {
  const [, pid, start] = name.split('-');
  return processStart(Number(pid)) === start;
}
