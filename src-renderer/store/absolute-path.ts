/** POSIX paths as the window reckons with them: by their text, since the files are the engine's. */

/**
 * An absolute path without `.`, `..`, doubled slashes and a slash at its end.
 *
 * @param directory where a relative path begins; absolute itself
 */
export function absolutePath(path: string, directory = '/'): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${directory}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
