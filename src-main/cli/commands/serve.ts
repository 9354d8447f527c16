/** `strata serve`: the workbench for a browser on this machine, until it is stopped. */
import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { WorkbenchService } from '../../engine/workbench-service.ts';
import { startServer } from '../../server/server.ts';
import { windowDirectory } from '../../server/window-directory.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption } from '../interruption.ts';
import { withEngine } from './opened-engine.ts';

export interface ServeOptions {
  /** Null for any that is free. */
  readonly port: number | null;
  /** What the window opens first. */
  readonly target: string | null;
}

export async function serve(front: Front, { port, target }: ServeOptions): Promise<ExitStatus> {
  const { signal } = Interruption.listen();
  return withEngine(async (engine) => {
    const service = new WorkbenchService(engine, process.cwd());
    const server = await startServer({ service, root: windowDirectory(), port });
    try {
      // Programs read this line: it comes first, and is the address alone.
      front.out.line(server.address(target === null ? null : absolute(target)));
      front.out.flush();
      front.err.line('open this address in a browser on this machine; Ctrl-C ends');
      front.err.flush();
      await aborted(signal);
    } finally {
      await server.close();
      await service.close();
    }
    return 0;
  });
}

/** A file of the working directory as an absolute path; a flake reference as it is. */
function absolute(target: string): string {
  return existsSync(target) ? resolve(target) : target;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
