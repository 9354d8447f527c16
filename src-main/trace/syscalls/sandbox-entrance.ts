/**
 * Where in strace's text of a phase the phase begins. strace runs outside of the sandbox, so that its text begins with the way
 * in (sandbox/command.ts): programs of the machine that look for each other on its PATH, and bubblewrap, which mounts. What
 * they looked for is no part of the build, and the machine's paths do not exist in it.
 */

export interface SandboxEntrance {
  /** Where the line stands in which bubblewrap's child becomes the builder (bytes). */
  readonly offset: number;
  /** A line of strace's to be read before: in which directory that child is. Empty where the text does not say. */
  readonly directory: string;
}

/**
 * The child of bubblewrap ends in its own root (bubblewrap.c: `pivot_root (".", ".")`), and executes once. Numbers of few digits
 * are followed by more blanks (strace.c: `%-5u `).
 */
const PIVOTED = /^(\d+) +[\d.]+ pivot_root\(/gm;

/** @param beginning of the text; null where it does not reach to the entrance, or there is none */
export function sandboxEntrance(beginning: Buffer): SandboxEntrance | null {
  const text = beginning.toString('latin1');
  PIVOTED.lastIndex = 0;
  const pid = PIVOTED.exec(text)?.[1];
  if (pid === undefined) return null;
  const from = PIVOTED.lastIndex;
  const executed = new RegExp(`^${pid} +[\\d.]+ execve\\(`, 'gm');
  executed.lastIndex = from;
  const line = executed.exec(text);
  if (line === null) return null;
  const between = text.slice(from, line.index);
  const changed = [
    ...between.matchAll(new RegExp(`^${pid} +[\\d.]+ chdir\\("(?:[^"\\\\\\n]|\\\\.)*"`, 'gm')),
  ].at(-1);
  return {
    offset: line.index,
    directory: changed === undefined ? '' : `${changed[0]}) = 0\n`,
  };
}
