/** Saves lanes as a Chrome trace file. */
import { download } from '../look/download.ts';
import { chromeTrace } from './chrome-trace.ts';
import type { Lane } from './lanes.ts';

/** Has the browser save the lanes as `name.trace.json`. */
export function exportTrace(lanes: readonly Lane[], name: string): void {
  const trace = JSON.stringify(chromeTrace(lanes));
  download(new Blob([trace], { type: 'application/json' }), `${name}.trace.json`);
}
