/**
 * Files that were there and could not be started, as what they name to be started with was not: the kernel says ENOENT of the
 * file itself (execve(2): "the file pathname or a script or ELF interpreter does not exist"), and never the name that is missing.
 */
import type { StaticRoot } from './static-root.ts';
import type { SyscallTrace } from './syscalls/model.ts';

export interface MissingInterpreter {
  /** What a script names in its first line, or the loader that a program names. */
  readonly interpreter: string;
  /** Which of the two. */
  readonly of: 'script' | 'program';
  /** The file that could not be started. */
  readonly file: string;
}

/** @param root the files of the phase, as it left them */
export async function missingInterpreters(
  { accesses }: SyscallTrace,
  root: StaticRoot,
): Promise<readonly MissingInterpreter[]> {
  const started = new Set(
    accesses.flatMap((access) =>
      access.kind === 'executed' && access.result === 'ENOENT' && access.path.startsWith('/')
        ? [access.path]
        : [],
    ),
  );
  const missing: MissingInterpreter[] = [];
  for (const path of started) {
    const named = await namedBy(path, root);
    if (named?.interpreter.startsWith('/') !== true) continue;
    if ((await root.file(named.interpreter)) === null) missing.push({ ...named, file: path });
  }
  return missing;
}

async function namedBy(
  path: string,
  root: StaticRoot,
): Promise<Omit<MissingInterpreter, 'file'> | null> {
  const file = await root.file(path);
  if (file?.kind === 'not-elf' && file.interpreter !== null)
    return { interpreter: file.interpreter, of: 'script' };
  if (file?.kind === 'elf' && file.elf.interpreter !== null)
    return { interpreter: file.elf.interpreter, of: 'program' };
  return null;
}
