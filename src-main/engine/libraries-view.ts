/** Traced processes as the protocol carries them: lists of lookups that processes share are told once. */
import type { CallResult } from '../protocol/methods.ts';
import type { Lookup, TracedProcess } from '../trace/lookups.ts';

export function librariesView(
  traced: readonly string[],
  processes: readonly TracedProcess[],
  notUnderstood: number,
): CallResult<'libraries'> {
  const places = new Map<readonly Lookup[], number>();
  for (const { lookups } of processes) {
    if (!places.has(lookups)) places.set(lookups, places.size);
  }
  return {
    traced: [...traced],
    processes: processes.map(({ pid, program, parent, phase, lookups, errors }) => ({
      pid,
      program,
      parent,
      phase,
      lookups: places.get(lookups) ?? 0,
      errors: errors.map((error) => ({ ...error })),
    })),
    lists: Array.from(places.keys(), (list) =>
      list.map((lookup) => ({
        ...lookup,
        searched: lookup.searched.map((one) => ({ ...one })),
        tried: lookup.tried.map((one) => ({ ...one })),
      })),
    ),
    notUnderstood,
  };
}
