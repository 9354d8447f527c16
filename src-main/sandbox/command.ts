/**
 * The command that enters a sandbox: a user and mount namespace in which the snapshot is mounted, and in it bubblewrap,
 * which makes the rest.
 *
 *     unshare --user --map-root-user --mount  bash -c '
 *        mount the overlay at ROOT
 *        exec setarch -R bwrap --args 9 … BUILDER ARGS…'
 *
 * Each step replaces the one before: killing the process that the engine started kills all.
 * The mounts live in the namespace alone: when the last process is gone, so are they.
 */
import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { encodePath } from '../host/byte-path.ts';
import { quoteForShell } from '../host/shell-word.ts';
import { mountScript } from '../snapshots/mount-command.ts';
import type { Mount } from '../snapshots/snapshotter.ts';
import { CONTROL_DIRECTORY } from './base.ts';
import type { HostBind } from './policy.ts';
import { seccompProgram } from './seccomp.ts';
import { bindTable, splitBinds } from './store-mounts.ts';

/** How processes are told apart from ordinary ones by the kernel; see personality(2). */
export type Personality = 'linux32' | 'native';

export interface SandboxProcess {
  /** The program and its arguments, as paths inside. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment; nothing is inherited. */
  readonly env: ReadonlyMap<string, string>;
  readonly directory: string;
}

export interface Sandbox {
  readonly mount: Mount;
  /** The base (base.ts), the lowest layer; for a bind mount it has been laid into the tree already. */
  readonly base: string;
  /** An empty directory of the host to mount the whole at; seen in the sandbox's namespace only. */
  readonly root: string;
  /** Parents before children. */
  readonly binds: readonly HostBind[];
  /** A directory of the host that appears as {@link CONTROL_DIRECTORY}, writable. */
  readonly control: string;
  readonly network: boolean;
  /** The host's filesystem below the layer, read-only: policy `off`. */
  readonly host: { readonly storeDirectory: string } | null;
  readonly storeDirectory: string;
  readonly personality: Personality;
  /** A terminal's process stays in the terminal's session, so that job control works; a build gets one of its own. */
  readonly interactive: boolean;
  /** Host paths below /dev to show beside the short /dev, such as /dev/kvm; passed over where missing. */
  readonly devices: readonly string[];
}

/** The file in the working directory where bubblewrap writes what became of it: `{"child-pid": N, …}` once it has begun. */
export const STATUS_FILE = 'status';

/** What to start, and what has to be in the working directory before. */
export interface EnterCommand {
  readonly argv: readonly [string, ...string[]];
  /** Contents by name. In files, because all of it can be longer than a command line, and hold any bytes. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * The command for a process in a sandbox. Standard input, output and error are the caller's; output is a terminal.
 *
 * @param work a directory of this sandbox on the host; absolute. The command line names it, so that what is left of a dead
 *   run can be found (snapshots/stray-processes.ts).
 * @throws StrataError `environment` where the mount has more layers than one mount call can name.
 */
export function enterCommand(
  sandbox: Sandbox,
  process: SandboxProcess,
  work: string,
): EnterCommand {
  const inputs = splitBinds(sandbox.binds, sandbox.storeDirectory);
  const script = [
    'set -e',
    // Whatever whoever started the engine left open is not the build's; Nix closes it too.
    'for fd in /proc/self/fd/*; do fd=${fd##*/}; (( fd < 3 )) || eval "exec $fd>&-"; done',
    // Nix gives its builders a terminal in raw mode (src/libstore/build/local-derivation-goal.cc, `startBuilder`).
    // Beside the mounts, which take as long.
    ...(sandbox.interactive ? [] : ['stty raw -echo <&1 & terminal=$!']),
    // Nix's own: umask, and no core files (src/libstore/build/local-derivation-goal.cc, `runChild`).
    'umask 022',
    'ulimit -S -c 0',
    ...mountCommands(sandbox),
    ...(inputs.mounted.length === 0
      ? []
      : [`mount --all --fstab ${quoteForShell(join(work, BINDS))}`]),
    ...(sandbox.interactive ? [] : ['wait "$terminal"']),
    // With --die-with-parent the kernel ends bubblewrap when the engine dies; it cannot do so for an engine that died
    // while the mounts were made, so that is looked at last.
    'kill -0 "$STRATA_ENGINE" 2>/dev/null || exit 125',
    bwrapCommand(sandbox, process, work),
  ].join('\n');
  return {
    // A sourced file is read as a whole, before the loop over descriptors closes it.
    argv: ['unshare', ...NAMESPACES, 'bash', '-c', '. "$0"', join(work, ENTER)],
    files: new Map([
      [ENTER, encodePath(`${script}\n`)],
      [BINDS, encodePath(bindTable(inputs.mounted, sandbox.root))],
      [ARGUMENTS, nulEnded(bwrapArguments(sandbox, inputs.left, process))],
      [SECCOMP, seccompProgram()],
    ]),
  };
}

const NAMESPACES = ['--user', '--map-root-user', '--mount'];
const ENTER = 'enter';
const BINDS = 'binds';
const ARGUMENTS = 'arguments';
const SECCOMP = 'seccomp';

function nulEnded(words: readonly string[]): Buffer {
  return encodePath(words.map((word) => `${word}\0`).join(''));
}

/** Replaces the shell by bubblewrap. */
function bwrapCommand(
  { personality, control }: Sandbox,
  process: SandboxProcess,
  work: string,
): string {
  const command = process.argv.map(quoteForShell).join(' ');
  const redirections = [
    `9<${quoteForShell(join(work, ARGUMENTS))}`,
    `8>${quoteForShell(join(work, STATUS_FILE))}`,
    `7<${quoteForShell(join(work, SECCOMP))}`,
  ];
  return [
    `exec ${personalityCommand(personality)} bwrap --args 9 --json-status-fd 8`,
    // Here and not among the others, so that bubblewrap's command line names a directory of this sandbox too.
    `--bind ${quoteForShell(control)} ${CONTROL_DIRECTORY} --`,
    command,
    ...redirections,
  ].join(' ');
}

/** Mounts the tree at `root`; for `off` also the host's store below the layer's. */
function mountCommands(sandbox: Sandbox): string[] {
  const { mount, root, base, host } = sandbox;
  const extra = mount.kind === 'overlay' ? [base] : [];
  const { cwd, script } = mountScript(mount, root, extra);
  const commands = [`cd ${quoteForShell(cwd)}`, script];
  if (host === null || mount.kind !== 'overlay' || mount.upper === null) return commands;
  // The store is often a mount of its own, which an overlay over `/` would not see: it gets an overlay of its own whose
  // layers are the store directories of the layers.
  const store = (layer: string): string => join(layer, host.storeDirectory);
  // Few layers have a store directory, and their short names are links, which a relative name cannot go through.
  const lower = mount.lower
    .map(store)
    .filter(isDirectory)
    .map((path) => realpathSync(path));
  const upper = { directory: store(mount.upper.directory), work: `${mount.upper.work}-store` };
  const inner = mountScript({ kind: 'overlay', lower, upper }, join(root, host.storeDirectory), [
    host.storeDirectory,
  ]);
  commands.push(
    `mkdir -p ${quoteForShell(upper.directory)} ${quoteForShell(upper.work)}`,
    // As the base has it: a directory of another mode would count as changed.
    `chmod 1775 ${quoteForShell(upper.directory)}`,
    `cd ${quoteForShell(inner.cwd)}`,
    inner.script,
  );
  return commands;
}

function bwrapArguments(
  sandbox: Sandbox,
  binds: readonly HostBind[],
  process: SandboxProcess,
): string[] {
  const { mount, root } = sandbox;
  const args = ['--unshare-user', '--uid', '1000', '--gid', '100'];
  args.push('--unshare-pid', '--unshare-uts', '--hostname', 'localhost');
  if (sandbox.host === null) args.push('--unshare-ipc', '--unshare-cgroup-try');
  if (!sandbox.network) args.push('--unshare-net');
  args.push('--die-with-parent', '--seccomp', '7');
  // Nix's builder is process 1 of its namespace as well. A shell with job control is none: it wants a reaper.
  if (sandbox.interactive) args.push('--clearenv');
  else args.push('--as-pid-1', '--new-session', '--clearenv');
  args.push(mount.kind === 'bind' && mount.readOnly ? '--ro-bind' : '--bind', root, '/');
  args.push('--proc', '/proc');
  if (sandbox.host === null) {
    args.push('--dev', '/dev');
    for (const device of sandbox.devices) args.push('--dev-bind-try', device, device);
  } else {
    args.push('--dev-bind', '/dev', '/dev');
  }
  for (const bind of binds) {
    const how = bind.source.startsWith('/dev/') ? '--dev-bind' : '--ro-bind';
    args.push(bind.optional ? `${how}-try` : how, bind.source, bind.target);
  }
  args.push('--chdir', process.directory);
  for (const [name, value] of process.env) args.push('--setenv', name, value);
  return args;
}

/** Nix turns off address randomisation, and gives 32-bit builds on a 64-bit kernel the personality they expect. */
function personalityCommand(personality: Personality): string {
  return personality === 'linux32' ? 'setarch linux32 -R' : 'setarch -R';
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
