/** Programs on PATH. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** Those of some programs that are on a search path, in the order given. */
export async function programsOnPath<Name extends string>(
  names: readonly Name[],
  path: string | undefined,
): Promise<Name[]> {
  const directories = (path ?? '').split(delimiter).filter((directory) => directory !== '');
  const found = await Promise.all(
    names.map(async (name) => {
      const places = await Promise.all(
        directories.map((directory) => isExecutable(join(directory, name))),
      );
      return places.includes(true) ? [name] : [];
    }),
  );
  return found.flat();
}

/** Where a program is on a search path; null where it is not. */
export async function findProgram(name: string, path: string | undefined): Promise<string | null> {
  for (const directory of (path ?? '').split(delimiter)) {
    if (directory === '') continue;
    const file = resolve(directory, name);
    if (await isExecutable(file)) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
