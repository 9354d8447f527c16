/** `--trace ld`, `--trace syscalls:checkPhase,installCheckPhase`: what is traced of a run. */
import { InvalidArgumentError } from 'commander';
import type { TraceKind, Tracer, Tracing } from '../../engine/types.ts';

/** What one `--trace` says; phases null for all that run. */
export interface TraceWish {
  readonly kind: TraceKind;
  readonly phases: readonly string[] | null;
}

/** Reads one `--trace`, for commander to collect. */
export function traceWish(word: string, before: readonly TraceWish[] = []): readonly TraceWish[] {
  const [, kind, list] = /^(ld|syscalls)(?::(.*))?$/.exec(word) ?? [];
  if (kind !== 'ld' && kind !== 'syscalls') {
    throw new InvalidArgumentError('It takes ld or syscalls, and after a colon the phases.');
  }
  const phases = list === undefined ? null : list.split(',').filter((name) => name !== '');
  if (phases?.length === 0) throw new InvalidArgumentError('After the colon it takes phases.');
  return [...before, { kind, phases }];
}

/** All of them together; undefined where nothing is traced. */
export function tracing(
  wishes: readonly TraceWish[],
  ldDebug: string,
  tracer: Tracer | undefined,
): Tracing | undefined {
  if (wishes.length === 0) return undefined;
  const phases = new Map<TraceKind, ReadonlySet<string> | null>();
  for (const { kind, phases: chosen } of wishes) {
    const known = phases.get(kind);
    const all = chosen === null || known === null;
    phases.set(kind, all ? null : new Set([...(known ?? []), ...chosen]));
  }
  return { phases, ldDebug, ...(tracer === undefined ? {} : { tracer }) };
}

/** Categories of LD_DEBUG (`LD_DEBUG=help` lists them): they go into shell code, and are words. */
export function ldDebugCategories(word: string): string {
  if (/^[a-z]+(?:[,:][a-z]+)*$/.test(word)) return word;
  throw new InvalidArgumentError('It takes categories such as libs,files or all.');
}
