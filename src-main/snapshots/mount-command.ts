/**
 * The shell commands that bring a snapshot's merged tree to a directory. They are for a shell that is root of its own user
 * and mount namespace, `unshare --user --map-root-user --mount sh -c …`: no privilege is needed and nothing outlives it.
 *
 * Mount options are limited to one page, so layers are named relative to a directory near all of them.
 */
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { quoteForShell } from '../host/shell-word.ts';
import { StrataError } from '../protocol/errors.ts';
import type { Mount } from './snapshotter.ts';

/** `data` of mount(2) is cut off at a page, its final NUL included (Linux fs/namespace.c, `copy_mount_options`). */
const LONGEST_OPTIONS = 4095;
/** Linux fs/overlayfs: OVL_MAX_STACK. */
const MOST_LAYERS = 500;

export interface MountCommand {
  /** Where the script must be run. */
  readonly cwd: string;
  /** POSIX shell commands, several lines; they fail as a whole under `set -e`. */
  readonly script: string;
}

/**
 * Gives the commands which mount `mount` at `target`.
 *
 * @param target an existing directory; absolute.
 * @param extraLower more directories below the lowest layer, the uppermost first; absolute. Only for overlay mounts.
 * @throws StrataError `environment` where there are more layers than one mount can have.
 */
export function mountScript(
  mount: Mount,
  target: string,
  extraLower: readonly string[] = [],
): MountCommand {
  if (mount.kind === 'bind') return bindScript(mount.source, target, mount.readOnly);
  const lower = [...mount.lower, ...extraLower];
  const { upper } = mount;
  if (lower.length === 0) {
    if (upper === null) throw new TypeError('an overlay mount without any layer');
    return bindScript(upper.directory, target, false);
  }
  const [single] = lower;
  // Overlay wants two lower layers where there is no upper one: a single layer is the tree already.
  if (upper === null && lower.length === 1 && single !== undefined) {
    return bindScript(single, target, true);
  }
  const cwd = commonDirectory(mount.lower.length > 0 ? mount.lower : lower);
  const from = (path: string): string => relative(cwd, path) || '.';
  const options = [
    // Without it overlay wants privileges of the initial namespace for its attributes (Linux 5.11 and later).
    'userxattr',
    `lowerdir=${lower.map((path) => escapeOption(from(path)).replaceAll(':', '\\:')).join(':')}`,
    ...(upper === null
      ? []
      : [
          `upperdir=${escapeOption(from(upper.directory))}`,
          `workdir=${escapeOption(from(upper.work))}`,
        ]),
  ].join(',');
  if (lower.length > MOST_LAYERS || Buffer.byteLength(options) > LONGEST_OPTIONS) {
    throw tooManyLayers(lower.length);
  }
  return {
    cwd,
    script: [
      // util-linux 2.39 and later hand each option to fsconfig(2), which refuses values of more than 255 bytes.
      'export LIBMOUNT_FORCE_MOUNT2=always',
      `mount -t overlay -o ${quoteForShell(options)} overlay ${quoteForShell(target)}`,
    ].join('\n'),
  };
}

function bindScript(source: string, target: string, readOnly: boolean): MountCommand {
  const bind = `mount --bind ${quoteForShell(source)} ${quoteForShell(target)}`;
  return {
    cwd: dirname(source),
    script: readOnly ? `${bind}\nmount -o remount,bind,ro ${quoteForShell(target)}` : bind,
  };
}

/** The deepest directory that all the paths are below. */
function commonDirectory(paths: readonly string[]): string {
  const [first = sep, ...others] = paths;
  let common = dirname(first);
  const holds = (path: string): boolean => {
    const way = relative(common, path);
    return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  while (common !== sep && !others.every(holds)) common = dirname(common);
  return common;
}

/** Overlay takes a backslash before what would end an option (Linux fs/overlayfs/params.c, `ovl_next_opt`). */
function escapeOption(path: string): string {
  return path.replace(/[\\,]/g, '\\$&');
}

function tooManyLayers(count: number): StrataError {
  return new StrataError({
    code: 'environment',
    operation: 'mounting a snapshot',
    reason: `${count} layers are more than one overlay mount can have`,
    advice: 'start again from an earlier snapshot, or keep the result of a build from scratch',
  });
}
