/** `strata log`: what a phase printed, or all phases of a run. */
import { pipeline } from 'node:stream/promises';
import type { RecordedLog } from '../../engine/types.ts';
import type { ExitStatus, Front } from '../front.ts';
import { renderLogLine, renderPhaseStart } from '../render/render-phase.ts';
import { withEngine } from './opened-engine.ts';

/** To a pipe or a file every byte goes as it was; on a terminal nothing in a log can act on it, as when it was built. */
export async function log(front: Front, reference: string): Promise<ExitStatus> {
  await withEngine(async (engine) => {
    const logs = await engine.logs(reference);
    if (front.out.isTerminal) await show(logs, front);
    else await pipeline(bytesOf(logs), process.stdout, { end: false });
  });
  return 0;
}

async function* bytesOf(logs: readonly RecordedLog[]): AsyncGenerator<string | Buffer> {
  for (const { bytes } of logs) yield* bytes();
}

async function show(logs: readonly RecordedLog[], { out, style }: Front): Promise<void> {
  for (const { phase, lines } of logs) {
    let isHeaded = false;
    for await (const line of lines()) {
      if (!isHeaded) out.line(renderPhaseStart(phase, style));
      isHeaded = true;
      out.line(renderLogLine(line, style));
    }
  }
}
