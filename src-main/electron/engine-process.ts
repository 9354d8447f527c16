/**
 * The engine as a process of its own under Electron: plain Node, no window. Main sends it ports; each is a front.
 *
 * Main lets it close its shells and stop its builds before it quits. Where main dies, Chromium ends this process at once with
 * it; what it leaves is swept at the next start.
 */
/// <reference types="electron" />
import * as z from 'zod';
import { Engine } from '../engine/engine.ts';
import { WorkbenchService } from '../engine/workbench-service.ts';
import { serve } from '../protocol/dispatcher.ts';
import { portChannel } from './port-channel.ts';

const orderSchema = z.object({ kind: z.enum(['connect', 'end-when-idle', 'stay', 'end']) });

const { parentPort } = process;
const engine = await Engine.open(process.env, process.cwd());
const service = new WorkbenchService(engine, process.cwd());
/** Fires where the engine is to stay after all. */
let leaving: AbortController | null = null;
let ending: Promise<void> | null = null;

parentPort.on('message', ({ data, ports }) => {
  const { kind } = orderSchema.parse(data);
  switch (kind) {
    case 'connect':
      for (const port of ports) serve(portChannel(port), service);
      return;
    case 'end-when-idle':
      leaving ??= new AbortController();
      void endOnceIdle(leaving.signal);
      return;
    case 'stay':
      leaving?.abort();
      leaving = null;
      return;
    case 'end':
      void end();
      return;
  }
});
process.once('SIGTERM', () => void end());
// Ctrl-C in a terminal reaches main too, which asks what is to be asked and then lets us end.
process.on('SIGINT', () => undefined);

async function endOnceIdle(stays: AbortSignal): Promise<void> {
  await service.idle();
  if (!stays.aborted) await end();
}

async function end(): Promise<void> {
  ending ??= close();
  await ending;
}

async function close(): Promise<void> {
  await service.close();
  await engine.close();
  process.exit(0);
}
