/** From a listing to entries: types as people know them, and the digest of each regular file. */
import type { Entry } from './change.ts';
import { digestFiles } from './file-digests.ts';
import type { PathEntry } from './layer-changes.ts';
import { entryType, type ListedEntry } from './listed-entry.ts';

/**
 * The entries of listed files, in the listing's order.
 *
 * @param directory the tree that was listed.
 * @throws StrataError `environment` where a file cannot be read.
 */
export async function readEntries(
  directory: string,
  listed: readonly ListedEntry[],
): Promise<readonly PathEntry[]> {
  const files = listed.filter(({ type }) => type === 'file');
  const digests = (await digestFiles(directory, files)).values();
  return listed.map((one) => ({
    path: one.path,
    entry: describe(one, one.type === 'file' ? (digests.next().value ?? '') : one.target),
  }));
}

function describe({ type, size, mode }: ListedEntry, content: string): Entry {
  return { type: entryType(type), size: type === 'directory' ? 0 : size, mode, content };
}
