/** Saves lanes as a Chrome trace file. */
import { chromeTrace } from './chrome-trace.ts';
import type { Lane } from './lanes.ts';

export function exportTrace(lanes: readonly Lane[], name: string): void {
  const blob = new Blob([JSON.stringify(chromeTrace(lanes))], { type: 'application/json' });
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.trace.json`;
  link.click();
  URL.revokeObjectURL(address);
}
