// The machine that was measured on, in general terms: what a figure depends on, and nothing that tells one machine of a
// kind from another.
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg, release, totalmem } from 'node:os';

/** Lines of text. `directory` is where the work is done. */
export function describeMachine(directory) {
  const user = process.getuid?.() === 0 ? 'root' : 'an ordinary user';
  const version = (command, ...args) => firstLine(command, args) ?? `${command} is not installed`;
  return [
    `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, Linux ${release().replace(/-.*$/, '')}, ${firstLine('findmnt', ['-n', '-o', 'FSTYPE', '-T', directory]) ?? 'an unknown file system'}, as ${user}`,
    `Node ${process.versions.node}, ${version('nix', '--version')}, ${version('podman', '--version')}, ${version('bwrap', '--version')}`,
  ];
}

/** How busy the machine is: processes that run or wait for the disk, on average over a minute. */
export function load() {
  return loadavg()[0].toFixed(1);
}

function firstLine(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n')[0] : null;
}
