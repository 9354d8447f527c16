/** A command that sees the merged tree of a mount at a directory, and nobody else does. */
import { quoteForShell } from '../host/shell-word.ts';
import { mountScript } from './mount-command.ts';
import type { Mount } from './snapshotter.ts';

/**
 * The words of `argv`, run where `mount` is at `directory` (absolute; made where missing). The working directory is the
 * caller's.
 */
export function viewCommand(
  mount: Mount,
  directory: string,
  argv: readonly string[],
): readonly [string, ...string[]] {
  const { cwd, script } = mountScript(mount, directory);
  const commands = [
    'set -e',
    `mkdir -p ${quoteForShell(directory)}`,
    'here=$PWD',
    `cd ${quoteForShell(cwd)}`,
    script,
    'cd "$here"',
    'exec "$@"',
  ].join('\n');
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', commands, 'sh', ...argv];
}
