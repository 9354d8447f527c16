/** The system calls that say something of files, programs, processes and connections, and where in their arguments. */
import type { FileAccessKind } from './model.ts';

export type CallShape =
  /**
   * Its first path. A descriptor before it is the directory it starts from. What `open` does is told by its flags.
   */
  | { readonly kind: 'path'; readonly access: FileAccessKind | 'open' }
  /** A second name for its first path (rename, link); or a new name with a text (symlink). */
  | { readonly kind: 'name'; readonly of: 'file' | 'text' }
  | { readonly kind: 'execute' }
  | { readonly kind: 'map' }
  | { readonly kind: 'change-directory' }
  /** getcwd. */
  | { readonly kind: 'tell-directory' }
  | { readonly kind: 'change-directory-to-file' }
  | { readonly kind: 'change-root' }
  | { readonly kind: 'make-process' }
  | { readonly kind: 'connect' }
  | { readonly kind: 'send' }
  | { readonly kind: 'close' }
  | { readonly kind: 'duplicate' };

const path = (access: FileAccessKind | 'open'): CallShape => ({ kind: 'path', access });
/** Calls that are not here are read no further than to their name. */
export const CALLS: ReadonlyMap<string, CallShape> = new Map<string, CallShape>([
  ['open', path('open')],
  ['openat', path('open')],
  ['openat2', path('open')],
  ['creat', path('written')],
  ['stat', path('sought')],
  ['stat64', path('sought')],
  ['lstat', path('sought')],
  ['lstat64', path('sought')],
  ['oldstat', path('sought')],
  ['oldlstat', path('sought')],
  ['newfstatat', path('sought')],
  ['fstatat64', path('sought')],
  ['statx', path('sought')],
  ['statfs', path('sought')],
  ['statfs64', path('sought')],
  ['access', path('sought')],
  ['faccessat', path('sought')],
  ['faccessat2', path('sought')],
  ['readlink', path('sought')],
  ['readlinkat', path('sought')],
  ['mkdir', path('created')],
  ['mkdirat', path('created')],
  ['mknod', path('created')],
  ['mknodat', path('created')],
  ['symlink', { kind: 'name', of: 'text' }],
  ['symlinkat', { kind: 'name', of: 'text' }],
  ['link', { kind: 'name', of: 'file' }],
  ['rename', { kind: 'name', of: 'file' }],
  ['renameat', { kind: 'name', of: 'file' }],
  ['renameat2', { kind: 'name', of: 'file' }],
  ['linkat', { kind: 'name', of: 'file' }],
  ['execve', { kind: 'execute' }],
  ['execveat', { kind: 'execute' }],
  ['mmap', { kind: 'map' }],
  ['mmap2', { kind: 'map' }],
  ['getcwd', { kind: 'tell-directory' }],
  ['chdir', { kind: 'change-directory' }],
  ['fchdir', { kind: 'change-directory-to-file' }],
  ['chroot', { kind: 'change-root' }],
  ['pivot_root', { kind: 'change-root' }],
  ['clone', { kind: 'make-process' }],
  ['clone2', { kind: 'make-process' }],
  ['clone3', { kind: 'make-process' }],
  ['fork', { kind: 'make-process' }],
  ['vfork', { kind: 'make-process' }],
  ['connect', { kind: 'connect' }],
  ['sendto', { kind: 'send' }],
  ['sendmsg', { kind: 'send' }],
  ['sendmmsg', { kind: 'send' }],
  ['close', { kind: 'close' }],
  ['dup', { kind: 'duplicate' }],
  ['dup2', { kind: 'duplicate' }],
  ['dup3', { kind: 'duplicate' }],
  ['fcntl', { kind: 'duplicate' }],
  ['fcntl64', { kind: 'duplicate' }],
]);
