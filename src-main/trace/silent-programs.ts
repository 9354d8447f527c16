/**
 * Programs that ran in a phase and of which the loader said nothing, each with why: what system calls tell was started, less
 * what LD_DEBUG tells of. Process ids are of no help, as strace counts outside of the sandbox and the loader inside: programs are
 * matched by name. A set-user-ID bit, for which glibc passes LD_DEBUG over, is no reason here: in a sandbox of bubblewrap's it
 * has no effect (PR_SET_NO_NEW_PRIVS).
 */
import type { TracedProcess } from './lookups.ts';
import type { StaticFile, StaticRoot } from './static-root.ts';
import type { SyscallTrace } from './syscalls/model.ts';

export type Silence =
  /** There is no loader in it. */
  | { readonly kind: 'static' }
  | { readonly kind: 'other-loader'; readonly loader: string }
  /** It has glibc's loader, which was not told to speak or did not come to it. */
  | { readonly kind: 'unheard' }
  /** The file that ran is not there any more. */
  | { readonly kind: 'gone' };

export interface SilentProgram {
  /** The file that ran: of a script its interpreter. */
  readonly program: string;
  readonly processes: number;
  readonly why: Silence;
}

/** A program that was started so often. */
interface Started {
  readonly program: string;
  readonly kind: Silence;
  processes: number;
}

/** The kernel follows no more interpreters of interpreters (fs/exec.c: exec_binprm). */
const MOST_INTERPRETERS = 5;

/** `ld-linux-x86-64.so.2`, `ld64.so.2`, `ld-2.31.so`; musl's is `ld-musl-x86_64.so.1`. */
const GLIBC_LOADER = /(?:^|\/)ld(?:-linux[^/]*|64|-[\d.]+)?\.so(?:\.\d+)?$/;

/**
 * @param executed what a phase asked of the kernel
 * @param spoke what the loader said in the same phase
 * @param root the files of the phase; null where they cannot be had, and then no static program can be told from another
 * @returns the programs with the most processes first
 */
export async function silentPrograms(
  executed: SyscallTrace,
  spoke: readonly TracedProcess[],
  root: StaticRoot | null,
): Promise<readonly SilentProgram[]> {
  const started = await startedPrograms(executed, root);
  const mute = started.filter(({ kind }) => kind.kind === 'static' || kind.kind === 'other-loader');
  const others = started.filter((one) => !mute.includes(one));
  return [
    ...mute.map(({ program, kind, processes }) => ({ program, processes, why: kind })),
    ...unheard(others, spoke, new Set(started.map(({ program }) => baseName(program)))),
  ].toSorted((one, other) => other.processes - one.processes);
}

/** Why, as a clause. */
export function silenceText(why: Silence): string {
  switch (why.kind) {
    case 'static':
      return 'linked statically, so it has no loader';
    case 'other-loader':
      return `its loader is ${why.loader}, not glibc’s, and knows no LD_DEBUG`;
    case 'unheard':
      return 'its environment was emptied, or it ended before its loader began';
    case 'gone':
      return 'the file is gone, so it cannot be seen how it was linked';
  }
}

/** All but the builder itself, which runs before its phase is told to trace. */
async function startedPrograms(
  { accesses }: SyscallTrace,
  root: StaticRoot | null,
): Promise<readonly Started[]> {
  const programs = new Map<string, Started>();
  for (const access of accesses) {
    const ran = access.kind === 'executed' && access.result === 'ok' && access.program !== null;
    if (!ran) continue;
    const { program, kind } = await whatRan(access.path, root);
    const known = programs.get(program);
    if (known === undefined) programs.set(program, { program, kind, processes: access.count });
    else known.processes += access.count;
  }
  return [...programs.values()];
}

/** The program that the kernel started for a file, and what would keep its loader silent. */
async function whatRan(
  path: string,
  root: StaticRoot | null,
): Promise<{ readonly program: string; readonly kind: Silence }> {
  let program = path;
  for (let depth = 0; depth <= MOST_INTERPRETERS; depth += 1) {
    const file = program.startsWith('/') ? ((await root?.file(program)) ?? null) : null;
    if (file?.kind === 'not-elf' && file.interpreter !== null) program = file.interpreter;
    else return { program, kind: root === null ? { kind: 'unheard' } : silenceOf(file, program) };
  }
  return { program, kind: { kind: 'gone' } };
}

function silenceOf(file: StaticFile | null, program: string): Silence {
  if (file?.kind !== 'elf') return { kind: 'gone' };
  const { interpreter, type } = file.elf;
  // A shared object that was started is a loader, with the program behind it.
  if (interpreter === null && type !== 'shared object') return { kind: 'static' };
  const loader = interpreter ?? program;
  return GLIBC_LOADER.test(loader) ? { kind: 'unheard' } : { kind: 'other-loader', loader };
}

/**
 * Those that were started more often than they spoke. What spoke under a name that nothing was started by may have been any of
 * them (`exec -a`), so many are taken off each.
 *
 * @param names of all that was started
 */
function unheard(
  started: readonly Started[],
  spoke: readonly TracedProcess[],
  names: ReadonlySet<string>,
): readonly SilentProgram[] {
  const heard = new Map<string, number>();
  let nameless = 0;
  for (const { program } of spoke) {
    const name = program === null ? null : baseName(program);
    if (name === null || !names.has(name)) nameless += 1;
    else heard.set(name, (heard.get(name) ?? 0) + 1);
  }
  const byName = new Map<string, SilentProgram>();
  for (const { program, kind, processes } of started) {
    const name = baseName(program);
    const known = byName.get(name) ?? { program, processes: 0, why: kind };
    byName.set(name, { ...known, processes: known.processes + processes });
  }
  return [...byName].flatMap(([name, one]) => {
    const processes = one.processes - (heard.get(name) ?? 0) - nameless;
    return processes > 0 ? [{ ...one, processes }] : [];
  });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
