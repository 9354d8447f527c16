/** What must not be there any more once an engine has ended, or the next one has started. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './engine-process.ts';

/** Processes, mounts and temporary files of a place, each by a text; none is as it should be. */
export function leftovers(place: Place): readonly string[] {
  return [...processes(place.directory), ...drafts(place), ...names(place.temporary)];
}

/** Those that have a path of the directory in their command line or in a mount. */
function processes(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = readProc(pid, 'cmdline').replaceAll('\0', ' ');
      const mount = readProc(pid, 'mountinfo')
        .split('\n')
        .find((line) => line.includes(directory));
      if (mount !== undefined) return [`mount in process ${pid} (${command}): ${mount}`];
      return command.includes(directory) ? [`process ${pid}: ${command}`] : [];
    });
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function drafts({ root }: Place): string[] {
  const inside = ['active', 'trash'].flatMap((name) =>
    names(join(root, name)).map((entry) => `${name}/${entry}`),
  );
  const beside = ['', 'bases', 'keys', 'runs', ...runs(root), 'snapshots'].flatMap((name) =>
    names(join(root, name))
      .filter((entry) => /^\.new-|\.new$/.test(entry))
      .map((entry) => `${name}/${entry}`),
  );
  return [...inside, ...beside];
}

function runs(root: string): string[] {
  return names(join(root, 'runs'))
    .filter((name) => !name.startsWith('.'))
    .map((name) => join('runs', name));
}

function names(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
