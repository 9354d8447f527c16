/** Paths of a snapshot as people write them: whole, or beginning with the name of an output, as in `out/bin/hello`. */
import type { RunRecord } from '../phases/run-record.ts';

/** The whole path: a first name that is an output's stands for its scratch path; any other begins at the root. */
export function pathInOutputs(run: RunRecord | null, path: string): string {
  if (path.startsWith('/')) return path;
  const [first = '', ...rest] = path.split('/');
  const output = run?.outputs[first];
  return output === undefined ? `/${path}` : [output, ...rest].join('/');
}
