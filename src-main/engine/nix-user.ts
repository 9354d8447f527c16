/** Who this process is to Nix. */
import { access, constants, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { NixUser } from '../nix/permitted-options.ts';

export async function thisUser(): Promise<NixUser> {
  const [groups, ownsStore] = await Promise.all([
    groupNames(new Set(process.getgroups?.() ?? [])),
    access('/nix/var/nix/db', constants.W_OK).then(
      () => true,
      () => process.getuid?.() === 0,
    ),
  ]);
  return { name: userName(), groups, ownsStore };
}

/** A container's user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? ''}`;
  }
}

async function groupNames(ids: ReadonlySet<number>): Promise<readonly string[]> {
  const lines = (await readFile('/etc/group', 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , id] = line.split(':');
    return name !== undefined && ids.has(Number(id)) ? [name] : [];
  });
}
