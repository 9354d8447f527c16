/** Names of files as tabs show them. */
import { printable } from '../look/printable.ts';

/** The last part of a path. */
export function baseName(path: string): string {
  return printable(path.slice(path.lastIndexOf('/') + 1));
}

/** The directory of a path. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** What a tab says: the name, and where several open files share it (`default.nix`), their directory too. */
export function tabName(path: string, all: readonly string[]): string {
  const name = baseName(path);
  const shared = all.some((other) => other !== path && baseName(other) === name);
  return shared ? `${baseName(directoryOf(path))}/${name}` : name;
}
