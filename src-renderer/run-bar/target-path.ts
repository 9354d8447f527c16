/** The target field's text as a path: what to complete, and where. */

export interface PathBeingTyped {
  /** Ends in a slash, or is empty for the working directory. */
  readonly directory: string;
  readonly start: string;
}

/** Null for what is no path: a flake reference with a `#`, a place on the search path. */
export function pathBeingTyped(text: string): PathBeingTyped | null {
  if (/[#<>]/.test(text) || /^[a-z][a-z0-9+.-]*:/.test(text)) return null;
  const slash = text.lastIndexOf('/');
  return { directory: text.slice(0, slash + 1), start: text.slice(slash + 1) };
}

/** The file in which the attributes of a target are looked up; null where it has none that could be listed. */
export function attributesFile(target: string): string | null {
  return target === '' || target.endsWith('.drv') || target.includes('#') ? null : target;
}

/** What of a directory's entries one may want as a target: folders and Nix files. */
export function isTargetName({ name, directory }: { name: string; directory: boolean }): boolean {
  return directory ? !['node_modules', '.git'].includes(name) : /\.(nix|drv)$/.test(name);
}

/** `/a/b/hello/default.nix` as `hello`; `/a/b/hello.nix` as `hello.nix`. */
export function targetTitle(target: string): string {
  const trimmed = target.replace(/\/(default\.nix)?$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1) || target;
}
