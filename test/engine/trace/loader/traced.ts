/** A program run under the real loader: what LD_DEBUG said, as the model has it, and what was mapped in the end. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readLibraryTraces } from '../../../../src-main/engine/library-traces.ts';
import { LdDebugReader } from '../../../../src-main/trace/ld-debug/ld-debug-reader.ts';
import type { LdDebugTrace } from '../../../../src-main/trace/ld-debug/ld-debug-reader.ts';
import type { TracedProcess } from '../../../../src-main/trace/lookups.ts';

export interface Started {
  readonly directory: string;
  /** From the directory, in which it is started. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Files that were mapped into a program in a process, when it came to its end. */
export interface Mapped {
  readonly pid: number;
  readonly program: string;
  readonly files: readonly string[];
}

export interface Traced {
  readonly processes: readonly TracedProcess[];
  readonly notUnderstood: readonly string[];
  readonly mapped: readonly Mapped[];
}

/** Where the loader's text goes: to a file for each process, or to standard error among what programs print. */
export type Written = 'files' | 'standard-error';

export async function traced(
  { directory, command, env }: Started,
  categories: string,
  written: Written,
): Promise<Traced> {
  const traces = join(directory, '.traces');
  const maps = join(directory, '.maps');
  for (const place of [traces, maps]) {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(place);
  }
  const [program = '', ...args] = command;
  const { error, stderr } = spawnSync(resolve(directory, program), args, {
    cwd: directory,
    env: {
      ...env,
      MAPS: maps,
      LD_DEBUG: categories,
      ...(written === 'files' ? { LD_DEBUG_OUTPUT: join(traces, 'ld') } : {}),
    },
  });
  if (error !== undefined) throw error;
  const read =
    written === 'standard-error' ? [ofText(stderr)] : await readLibraryTraces(filesIn(traces));
  return {
    processes: read.flatMap(({ processes }) => processes),
    notUnderstood: read.flatMap(({ notUnderstood }) => notUnderstood.samples),
    mapped: filesIn(maps).flatMap((file) => mappedFiles(file)),
  };
}

function ofText(text: Buffer): LdDebugTrace {
  const reader = new LdDebugReader();
  reader.write(text);
  return reader.end();
}

/** Names that end in process ids, in their order. */
function filesIn(directory: string): readonly string[] {
  const pid = (name: string): number => Number(/\d+$/.exec(name)?.[0]);
  const names = readdirSync(directory).sort((a, b) => pid(a) - pid(b));
  return names.map((name) => join(directory, name));
}

/** A line of proc_pid_maps(5) ends in its file, if it has one. */
function mappedFiles(told: string): readonly Mapped[] {
  const pid = Number(/\d+$/.exec(told)?.[0]);
  return readFileSync(told, 'utf8')
    .split(/^program (?=.*\n)/m)
    .slice(1)
    .map((text) => {
      const [program = '', ...lines] = text.split('\n');
      const files = lines.flatMap((line) => /^(?:\S+ +){5}(\/.*)$/.exec(line)?.[1] ?? []);
      return { pid, program, files: [...new Set(files)] };
    });
}

/** What a process found, by the files that are mapped when a link leads to one. */
export function foundFiles({ lookups }: TracedProcess, directory: string): readonly string[] {
  const found = lookups.flatMap((lookup) => lookup.found ?? []);
  return [...new Set(found.map((path) => realpathSync(resolve(directory, path))))].sort();
}

/** What is mapped beside the program itself and the loader. */
export function libraryFiles(program: string, files: readonly string[]): readonly string[] {
  const own = realpathSync(program);
  return files.filter((file) => file !== own && !/\/ld-[^/]*\.so[^/]*$/.test(file)).sort();
}
