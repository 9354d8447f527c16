/**
 * The file that ld.so tries for a library in a directory of its search path, as it spells it. The empty directory is the one
 * that the process is in: an empty part of LD_LIBRARY_PATH or RUNPATH.
 */
export function fileInDirectory(directory: string, library: string): string {
  if (directory === '') return library;
  return directory === '/' ? `/${library}` : `${directory}/${library}`;
}
