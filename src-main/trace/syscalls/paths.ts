/** Paths as processes spell them, made absolute where it can be known. */

/**
 * The path from the root, without empty parts and `.`. The `..` at its beginning are followed, as a directory that the
 * kernel names has no symbolic link in it; later ones are left: what comes before them may be one.
 *
 * @param base the directory it starts from; null where nobody knows it
 */
export function absolutePath(base: string | null, path: string): string {
  if (path.startsWith('/')) return tidy(path);
  if (!base?.startsWith('/')) return path;
  let directory = tidy(base);
  let rest = path;
  for (;;) {
    if (rest === '.' || rest === '') return directory;
    if (rest === '..') return parentOf(directory);
    if (rest.startsWith('./')) rest = rest.slice(2);
    else if (rest.startsWith('/')) rest = rest.slice(1);
    else if (rest.startsWith('../')) {
      directory = parentOf(directory);
      rest = rest.slice(3);
    } else break;
  }
  return tidy(directory === '/' ? `/${rest}` : `${directory}/${rest}`);
}

function parentOf(directory: string): string {
  return directory.slice(0, directory.lastIndexOf('/')) || '/';
}

/** Without `//`, `/./` and a slash at the end. */
function tidy(path: string): string {
  if (!/\/(?:\/|\.\/|\.?$)/.test(path)) return path;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}
