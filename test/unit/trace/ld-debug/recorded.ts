/** The recorded LD_DEBUG texts beside the checkout, and what tests do with them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { LdDebugReader } from '../../../../src-main/trace/ld-debug/ld-debug-reader.ts';
import type { LdDebugTrace } from '../../../../src-main/trace/ld-debug/ld-debug-reader.ts';
import type { Lookup, TracedProcess } from '../../../../src-main/trace/lookups.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../../../shared/fixtures/ld-debug');

export const isRecorded = existsSync(FIXTURES);
/** For the title of what is skipped. */
export const reason = isRecorded ? '' : ` (skipped: no recorded LD_DEBUG texts in ${FIXTURES})`;

export const VERSIONS = ['2.36', '2.41', '2.43'] as const;
export type Version = (typeof VERSIONS)[number];

/** The bytes of the fixtures whose name is NAME.PID or NAME, in the order of the process ids. */
export function recorded(version: Version, name: string): readonly Buffer[] {
  const directory = resolve(FIXTURES, `glibc-${version}`);
  return readdirSync(directory)
    .filter((file) => file === name || file.replace(/\.\d+$/, '') === name)
    .sort()
    .map((file) => readFileSync(resolve(directory, file)));
}

export function read(...chunks: readonly (Buffer | string)[]): LdDebugTrace {
  const reader = new LdDebugReader();
  for (const chunk of chunks) reader.write(Buffer.from(chunk as Buffer));
  return reader.end();
}

/** One process of a text that holds one. */
export function onlyProcess(...chunks: readonly (Buffer | string)[]): TracedProcess {
  const { processes } = read(...chunks);
  const [process] = processes;
  if (process === undefined || processes.length > 1)
    throw new Error(`${processes.length} processes`);
  return process;
}

/** `startup libb.so of ./prog: /l2/libb.so`. */
export function outline({ lookups }: Pick<TracedProcess, 'lookups'>): readonly string[] {
  return lookups.map(lookupLine);
}

function lookupLine({ kind, library, requestedBy, found }: Lookup): string {
  return `${kind} ${library} of ${requestedBy ?? '?'}: ${found ?? 'not found'}`;
}

/** Each line of the text as ld.so says it in a process; `>` begins one that a program prints. */
export function ldDebug(pid: number, text: string): string {
  const tag = `${String(pid).padStart(10)}:\t`;
  const lines = text.replace(/^\n|\n *$/g, '').split('\n');
  return lines.map((line) => `${line.startsWith('>') ? line.slice(1) : tag + line}\n`).join('');
}
