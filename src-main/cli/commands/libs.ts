/** `strata libs`: which libraries processes looked for, or the files of a snapshot would look for, and what is found. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { hasFailed, readLibraryTraces } from '../../engine/library-traces.ts';
import type { Engine } from '../../engine/engine.ts';
import { NO_SILENCES } from '../../engine/run-silences.ts';
import type { LibraryCheck, Silences, TracedProcess } from '../../engine/types.ts';
import { StrataError } from '../../protocol/errors.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { parseSnapshotPath } from '../options/snapshot-path.ts';
import { checkJson, findingsOf, renderLibraryCheck } from '../render/render-library-check.ts';
import { processJson, renderLibraries } from '../render/render-libraries.ts';
import { renderSilences } from '../render/render-silences.ts';
import { jsonArrayLines } from '../terminal/json-text.ts';
import { withEngine } from './opened-engine.ts';

export interface LibsWish {
  /** Files, or one run, phase of a run, or SNAPSHOT:PATH; none for the last run. */
  readonly what: readonly string[];
  /** A process id or a program's name; null for all. */
  readonly process: string | null;
  readonly shown: 'all' | 'missing';
  readonly format: 'text' | 'json';
}

export async function libs(front: Front, wish: LibsWish): Promise<ExitStatus> {
  const { out, err, errStyle } = front;
  const named = await resolutionsOf(wish.what);
  if (named.kind === 'check') return checked(front, wish, named.check);
  const { processes: all, lines, sample, silent } = named;
  const processes = chosen(all, wish);
  if (wish.format === 'json') out.lines(jsonArrayLines(json(processes, wish.shown)));
  else if (processes.length === 0) out.line('every library that was looked for was found');
  else out.lines(renderLibraries(processes, wish.shown, front.style, out.width));
  if (wish.format === 'text' && wish.process === null) {
    out.lines(renderSilences(silent, front.strata, front.style));
  }
  if (lines > 0) {
    const plural = lines === 1 ? 'line was' : 'lines were';
    err.line(
      `${errStyle.yellow('strata:')} ${lines} ${plural} not understood${sample === null ? '' : `, such as ${JSON.stringify(sample)}`}`,
    );
  }
  return 0;
}

interface Trace {
  readonly kind: 'trace';
  readonly processes: readonly TracedProcess[];
  readonly silent: Silences;
  /** Lines that were not understood, and the first of them where it is at hand. */
  readonly lines: number;
  readonly sample: string | null;
}

/** A word that is no file names a run, or a path of a snapshot. */
async function resolutionsOf(
  what: readonly string[],
): Promise<Trace | { readonly kind: 'check'; readonly check: LibraryCheck }> {
  const [word = 'last', ...others] = what;
  if (others.length === 0 && (what.length === 0 || !existsSync(word))) {
    const { signal } = Interruption.listen();
    return withEngine(async (engine) => {
      const path = await snapshotPath(engine, word);
      if (path !== null) {
        return { kind: 'check', check: await engine.checkLibraries(path, signal) };
      }
      const trace = await engine.libraries(word, signal);
      const { processes, notUnderstood } = trace;
      const silent = await engine.silences(trace, signal);
      return { kind: 'trace', processes, silent, lines: notUnderstood, sample: null };
    });
  }
  const traces = await readLibraryTraces(what);
  const [sample = null] = traces.flatMap(({ notUnderstood }) => notUnderstood.samples);
  return {
    kind: 'trace',
    processes: traces.flatMap(({ processes }) => processes),
    silent: NO_SILENCES,
    lines: traces.reduce((sum, { notUnderstood }) => sum + notUnderstood.lines, 0),
    sample,
  };
}

/** `RUN:PHASE` is a trace, though it looks like a snapshot and a path; `k3x:out` is none where k3x is a snapshot. */
async function snapshotPath(
  engine: Engine,
  word: string,
): Promise<{ readonly reference: string; readonly path: string } | null> {
  const parsed = parseSnapshotPath(word);
  if (parsed === null) return null;
  const { snapshot: reference, path } = parsed;
  const isPath =
    word.includes('/') ||
    reference.includes(':') ||
    (!(await engine.isSnapshot(word)) && (await engine.isSnapshot(reference)));
  return isPath ? { reference, path } : null;
}

function checked(front: Front, wish: LibsWish, check: LibraryCheck): ExitStatus {
  const { out, style } = front;
  const { process: name, shown } = wish;
  const files =
    name === null
      ? check.files
      : check.files.filter(({ program }) => program === name || basename(program) === name);
  if (name !== null && files.length === 0) throw noFile(name, check.files);
  const chosenCheck = { files, findings: findingsOf(check.findings, files) };
  if (wish.format === 'json') out.lines(jsonArrayLines(checkJson(chosenCheck, shown)));
  else out.lines(renderLibraryCheck(chosenCheck, shown, style, out.width));
  return 0;
}

function noFile(name: string, files: LibraryCheck['files']): StrataError {
  const programs = files.map(({ program }) => program);
  return new StrataError({
    code: 'not-found',
    operation: `looking for the program ${name}`,
    reason: 'none of the files that were checked is called so',
    advice: `they are ${programs.slice(0, 10).join(', ')}${programs.length > 10 ? ', …' : ''}`,
    choices: programs,
  });
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
