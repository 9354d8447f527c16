/** What is to be known of a held sandbox to enter it from another terminal. */
import { readlinkSync } from 'node:fs';

export interface HeldSandbox {
  readonly pid: number;
  /** Options of nsenter for the namespaces that are not ours: joining one's own is refused, or needs rights. */
  readonly namespaces: readonly string[];
  /** The builder's bash, as a path inside. */
  readonly bash: string;
}

/** The names in /proc/PID/ns, and nsenter's options for them. */
const NAMESPACES: readonly (readonly [name: string, option: string])[] = [
  ['user', '--user'],
  ['mnt', '--mount'],
  ['pid', '--pid'],
  ['net', '--net'],
  ['ipc', '--ipc'],
  ['uts', '--uts'],
];

/** Looks at the process as long as it lives. */
export function inspectHeld(pid: number): HeldSandbox {
  return {
    pid,
    namespaces: NAMESPACES.filter(([name]) => isApart(pid, name)).map(([, option]) => option),
    bash: link(`/proc/${pid}/exe`) ?? '/bin/bash',
  };
}

/**
 * The command that enters the sandbox. The user namespace comes first and gives the rights to enter the others, so the
 * user who runs the build needs no more; without --preserve-credentials nsenter would ask for an id 0, which is not there.
 */
export function attachCommand({ pid, namespaces, bash }: HeldSandbox): string {
  return `nsenter --target ${pid} ${namespaces.join(' ')} --preserve-credentials --wd -- ${bash} --rcfile /.strata/attach.bash`;
}

function isApart(pid: number, namespace: string): boolean {
  return link(`/proc/${pid}/ns/${namespace}`) !== link(`/proc/self/ns/${namespace}`);
}

/** Null where it cannot be read: the process may have ended. */
function link(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
