/** The first line of a script, which names the program that the kernel starts for it (execve(2), "Interpreter scripts"). */

/** Linux reads no further (include/uapi/linux/binfmts.h: BINPRM_BUF_SIZE). */
const LONGEST = 256;

/** The interpreter as the line names it; null for what is no script. */
export function scriptInterpreter(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.subarray(0, LONGEST)).toString('latin1');
  return /^#![ \t]*([^ \t\n\0]+)/.exec(text)?.[1] ?? null;
}
