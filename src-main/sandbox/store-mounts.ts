/**
 * Showing many inputs at once. Bubblewrap reads the table of all mounts again after each bind it makes, and takes no more
 * than 9000 arguments: a closure of three thousand paths would cost ten seconds a phase, or be refused. `mount --all`
 * makes as many in one.
 */
import { readFileSync } from 'node:fs';
import type { HostBind } from './policy.ts';

/** From here on `mount --all` is the quicker way (measured with util-linux 2.38 and bubblewrap 0.8: 16 ms against 31). */
const MANY = 64;

/** Flags that a user namespace may not take off a mount it did not make (mount_namespaces(7)): a bind must keep them. */
const LOCKED = ['nosuid', 'nodev', 'noexec'];

/** Splits binds into those for `mount --all` and those for bubblewrap. */
export function splitBinds(
  binds: readonly HostBind[],
  storeDirectory: string,
): { readonly mounted: readonly HostBind[]; readonly left: readonly HostBind[] } {
  const isInput = ({ source, optional }: HostBind): boolean =>
    !optional && source.startsWith(`${storeDirectory}/`);
  const mounted = binds.filter(isInput);
  if (mounted.length < MANY) return { mounted: [], left: binds };
  return { mounted, left: binds.filter((bind) => !isInput(bind)) };
}

/** The lines of fstab(5) that make read-only binds below `root`. */
export function bindTable(binds: readonly HostBind[], root: string): string {
  const flagsOf = lockedFlags(readFileSync('/proc/self/mountinfo', 'utf8'));
  return binds
    .map(({ source, target }) => {
      const options = ['bind', 'ro', ...flagsOf(source)].join(',');
      return `${escape(source)} ${escape(`${root}${target}`)} none ${options} 0 0\n`;
    })
    .join('');
}

/** Of a path, the flags of the mount it is on that a bind must keep; from the text of /proc/PID/mountinfo (proc(5)). */
export function lockedFlags(mountinfo: string): (path: string) => readonly string[] {
  const flags = new Map<string, readonly string[]>();
  for (const line of mountinfo.split('\n')) {
    const [, , , , place, options] = line.split(' ');
    if (place === undefined || options === undefined) continue;
    // Of two mounts at one place the later hides the earlier.
    const given = options.split(',');
    flags.set(
      unescape(place),
      LOCKED.filter((flag) => given.includes(flag)),
    );
  }
  return (path) => {
    for (let place = path; place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
      const found = flags.get(place);
      if (found !== undefined) return found;
    }
    return flags.get('/') ?? [];
  };
}

/** Blanks, backslashes and number signs as both files write them: `\` and three octal digits. */
function escape(path: string): string {
  return path.replace(
    /[\s\\#]/g,
    (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}

function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
