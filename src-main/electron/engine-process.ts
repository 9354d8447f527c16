/**
 * The engine as a process of its own under Electron: plain Node, no window. Main sends it ports; each is a front.
 *
 * When main is gone, its port closes and the process ends with what it runs.
 */
/// <reference types="electron" />
import * as z from 'zod';
import { Engine } from '../engine/engine.ts';
import { WorkbenchService } from '../engine/workbench-service.ts';
import { serve } from '../protocol/dispatcher.ts';
import { portChannel } from './port-channel.ts';

const orderSchema = z.object({ kind: z.enum(['connect', 'end-when-idle', 'stay']) });

/** How often an engine that is to end looks whether its builds have (milliseconds). */
const LOOK_MS = 500;

const { parentPort } = process;
const engine = await Engine.open(process.env, process.cwd());
const service = new WorkbenchService(engine, process.cwd());
let leaving: NodeJS.Timeout | null = null;

parentPort.on('message', ({ data, ports }) => {
  const { kind } = orderSchema.parse(data);
  switch (kind) {
    case 'connect':
      for (const port of ports) serve(portChannel(port), service);
      return;
    case 'end-when-idle':
      leaving ??= setInterval(() => void endIfIdle(), LOOK_MS);
      return;
    case 'stay':
      if (leaving !== null) clearInterval(leaving);
      leaving = null;
      return;
  }
});
process.once('SIGTERM', () => void end());

async function endIfIdle(): Promise<void> {
  const jobs = await service.calls.jobs({}, new AbortController().signal);
  if (leaving !== null && !jobs.some(({ live }) => live)) await end();
}

async function end(): Promise<void> {
  await service.close();
  await engine.close();
  process.exit(0);
}
