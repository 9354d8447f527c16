/** `strata serve`: the workbench for a browser on this machine, until it is stopped. */
import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { WorkbenchService } from '../../engine/workbench-service.ts';
import { startServer } from '../../server/server.ts';
import { windowDirectory } from '../../server/window-directory.ts';
import type { ExitStatus, Front } from '../front.ts';
import { Interruption, aborted } from '../interruption.ts';
import { withEngine } from './opened-engine.ts';

/** The order of build/start.mjs, as it sends it. */
const END_WHEN_IDLE = 'end-when-idle';

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
      await Promise.race([aborted(signal), leftAlone(service, front, signal)]);
    } finally {
      await server.close();
      await service.close();
    }
    return 0;
  });
}

/**
 * Resolves once the program that started us has told over its IPC channel that its window is closed, and no build goes on:
 * what `npm start` says of the browser. The window's builds are not stopped with it.
 */
async function leftAlone(
  service: WorkbenchService,
  front: Front,
  signal: AbortSignal,
): Promise<void> {
  await ordered(END_WHEN_IDLE, signal);
  if (!service.isIdle && !signal.aborted) {
    front.err.line('the window is closed; a build still runs, and Ctrl-C stops it');
    front.err.flush();
  }
  await service.idle();
}

/** Resolves when the order comes, or the signal fires. */
async function ordered(order: string, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      process.off('message', take);
      resolve();
    };
    const take = (message: unknown): void => {
      if (message === order) done();
    };
    process.on('message', take);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** A file of the working directory as an absolute path; a flake reference as it is. */
function absolute(target: string): string {
  return existsSync(target) ? resolve(target) : target;
}
