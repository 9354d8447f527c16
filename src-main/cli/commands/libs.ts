/** `strata libs`: which libraries processes looked for, where, and what they found. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { hasFailed, readLibraryTraces } from '../../engine/library-traces.ts';
import type { TracedProcess } from '../../engine/types.ts';
import { StrataError } from '../../protocol/errors.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { processJson, renderLibraries } from '../render/render-libraries.ts';
import { jsonArrayLines } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface LibsWish {
  /** Files, or one run or phase of a run; none for the last run. */
  readonly what: readonly string[];
  /** A process id or a program's name; null for all. */
  readonly process: string | null;
  readonly shown: 'all' | 'missing';
  readonly format: 'text' | 'json';
}

export async function libs(front: Front, wish: LibsWish): Promise<ExitStatus> {
  const { out, err, errStyle } = front;
  const { processes: all, lines, sample } = await traceOf(wish.what);
  const processes = chosen(all, wish);
  if (wish.format === 'json') out.lines(jsonArrayLines(json(processes, wish.shown)));
  else if (processes.length === 0) out.line('every library that was looked for was found');
  else out.lines(renderLibraries(processes, wish.shown, front.style, out.width));
  if (lines > 0) {
    const plural = lines === 1 ? 'line was' : 'lines were';
    err.line(
      `${errStyle.yellow('strata:')} ${lines} ${plural} not understood${sample === null ? '' : `, such as ${JSON.stringify(sample)}`}`,
    );
  }
  return 0;
}

interface Trace {
  readonly processes: readonly TracedProcess[];
  /** Lines that were not understood, and the first of them where it is at hand. */
  readonly lines: number;
  readonly sample: string | null;
}

/** A word that is no file names a run. */
async function traceOf(what: readonly string[]): Promise<Trace> {
  const [word = 'last', ...others] = what;
  if (others.length === 0 && (what.length === 0 || !existsSync(word))) {
    const interruption = Interruption.listen();
    const trace = await withEngine((engine) => engine.libraries(word, interruption.signal));
    return { processes: trace.processes, lines: trace.notUnderstood, sample: null };
  }
  const traces = await readLibraryTraces(what);
  const [sample = null] = traces.flatMap(({ notUnderstood }) => notUnderstood.samples);
  return {
    processes: traces.flatMap(({ processes }) => processes),
    lines: traces.reduce((sum, { notUnderstood }) => sum + notUnderstood.lines, 0),
    sample,
  };
}

function chosen(all: readonly TracedProcess[], wish: LibsWish): readonly TracedProcess[] {
  const named = wish.process === null ? all : all.filter((one) => isNamed(one, wish.process ?? ''));
  if (named.length === 0) throw noProcess(wish.process ?? '', all);
  return wish.shown === 'all' ? named : named.filter(hasFailed);
}

function isNamed({ pid, program }: TracedProcess, name: string): boolean {
  if (String(pid) === name || program === name) return true;
  return program !== null && basename(program) === name;
}

function* json(processes: readonly TracedProcess[], shown: LibsWish['shown']): Generator<object> {
  for (const process of processes) {
    const lookups =
      shown === 'all' ? process.lookups : process.lookups.filter(({ found }) => found === null);
    yield processJson({ ...process, lookups });
  }
}

function noProcess(name: string, all: readonly TracedProcess[]): StrataError {
  const programs = [...new Set(all.map(({ program }) => program))].filter((one) => one !== null);
  const known = programs.slice(0, 10).join(', ');
  return new StrataError({
    code: 'not-found',
    operation: `looking for the process ${name}`,
    reason: 'the trace tells of none with that id or program',
    advice:
      known === ''
        ? `it tells of ${all
            .map(({ pid }) => pid)
            .slice(0, 10)
            .join(', ')}`
        : `its programs are ${known}${programs.length > 10 ? ', …' : ''}`,
    choices: programs,
  });
}
