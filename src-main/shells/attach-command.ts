/** The command that enters a held sandbox from another terminal. */
import { readFileSync, readlinkSync } from 'node:fs';

/** What is to be known of a sandbox to enter it. */
export interface HeldSandbox {
  /** Its first process, the builder's bash, as the host counts. */
  readonly pid: number;
  /** The process that made the sandbox: its user namespace is the parent of the sandbox's. */
  readonly maker: number;
  /** Options of nsenter for the namespaces that are the sandbox's own. */
  readonly namespaces: readonly string[];
}

/**
 * The words of the command: a shell in the sandbox, with the variables of the phase as they were at the failure.
 *
 * The way leads over the user namespace in which the sandbox was made: there alone have root and an ordinary user alike
 * the right to enter the others. `--preserve-credentials`, since nsenter would become an id 0 that does not exist there.
 * `/proc/1/exe` is the builder's own bash, wherever it may be.
 */
export function attachCommand({ pid, maker, namespaces }: HeldSandbox): readonly string[] {
  const enter = (target: number): readonly string[] => [
    ...['nsenter', '--preserve-credentials', '--target', String(target)],
  ];
  return [
    ...[...enter(maker), '--user'],
    ...[...enter(pid), ...namespaces, '--wd'],
    ...['/proc/1/exe', '--noprofile', '--rcfile', '/.strata/attach.bash', '-i'],
  ];
}

/** The names in /proc/PID/ns, and nsenter's options for them. */
const NAMESPACES: readonly (readonly [name: string, option: string])[] = [
  ['user', '--user'],
  ['mnt', '--mount'],
  ['pid', '--pid'],
  ['net', '--net'],
  ['ipc', '--ipc'],
  ['uts', '--uts'],
  ['cgroup', '--cgroup'],
];

/** Looks at a sandbox whose first process has this number. @throws the system's error where it has ended. */
export function inspectHeld(pid: number): HeldSandbox {
  const maker = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  const isOwn = (name: string): boolean =>
    readlinkSync(`/proc/${pid}/ns/${name}`) !== readlinkSync(`/proc/${maker}/ns/${name}`);
  return {
    pid,
    maker,
    namespaces: NAMESPACES.filter(([name]) => isOwn(name)).map(([, option]) => option),
  };
}
