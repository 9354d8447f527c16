// The workbench as `strata serve` has it, on a cache of its own, and fronts that speak to it over real WebSockets.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { Engine } from '../../../src-main/engine/engine.ts';
import { WorkbenchService } from '../../../src-main/engine/workbench-service.ts';
import { Client } from '../../../src-main/protocol/client.ts';
import { noWish, type JobEvent, type Wish } from '../../../src-main/protocol/methods.ts';
import type { Channel } from '../../../src-main/protocol/wire.ts';
import { startServer, type RunningServer } from '../../../src-main/server/server.ts';
import { nixEnv } from '../real-nix.ts';

// The engine asks Nix through this process's environment.
process.env['NIX_CONFIG'] = nixEnv['NIX_CONFIG'];

const resources = fileURLToPath(new URL('../../../resources', import.meta.url));

export class ServedWorkbench {
  readonly directory: string;
  readonly server: RunningServer;
  readonly #engine: Engine;
  readonly service: WorkbenchService;

  private constructor(
    directory: string,
    engine: Engine,
    service: WorkbenchService,
    server: RunningServer,
  ) {
    this.directory = directory;
    this.#engine = engine;
    this.service = service;
    this.server = server;
  }

  static async open(): Promise<ServedWorkbench> {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'strata-serve-')));
    const root = join(directory, 'window');
    mkdirSync(join(root, 'assets'), { recursive: true });
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>Strata</title>');
    writeFileSync(join(root, 'assets/index-0a1B2c3d.js'), 'export {};');
    writeFileSync(join(directory, 'secret'), 'secret');
    cpSync(resources, join(directory, 'resources'), { recursive: true });
    const env = {
      ...process.env,
      XDG_CACHE_HOME: join(directory, 'cache'),
      XDG_DATA_HOME: join(directory, 'data'),
    };
    const engine = await Engine.open(env, directory);
    const service = new WorkbenchService(engine, directory);
    const server = await startServer({ service, root, port: 0 });
    return new ServedWorkbench(directory, engine, service, server);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.service.close();
    await this.#engine.close();
    spawnSync('chmod', ['-R', 'u+rwX', this.directory]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The file of an example, in a copy that a test may change. */
  example(name: string): string {
    return join(this.directory, 'resources/examples', name, 'default.nix');
  }

  write(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }

  socket(
    options: { token?: string; origin?: string; host?: string; path?: string } = {},
  ): WebSocket {
    const { port, token } = this.server;
    const own = `127.0.0.1:${port}`;
    return new WebSocket(
      `ws://${own}${options.path ?? '/engine'}`,
      ['strata', `strata-token.${options.token ?? token}`],
      { origin: options.origin ?? `http://${own}`, headers: { host: options.host ?? own } },
    );
  }

  async connect(): Promise<Client> {
    const socket = this.socket();
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return new Client(channel(socket));
  }
}

function channel(socket: WebSocket): Channel {
  return {
    send: (text) => socket.send(text),
    onMessage: (listener) => {
      socket.on('message', (data: Buffer) => listener(data.toString('utf8')));
    },
    onClose: (listener) => {
      socket.once('close', listener);
    },
    close: () => socket.close(),
  };
}

export function wish(target: string, parts: Partial<Wish> = {}): Wish {
  return { ...noWish, target, ...parts };
}

/** The events of a job to its end. */
export async function follow(client: Client, job: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  await client.listen('job', { job }, (event) => {
    events.push(event);
  });
  return events;
}

export async function build(
  client: Client,
  wanted: Wish,
): Promise<{ readonly run: string; readonly events: readonly JobEvent[] }> {
  const { job } = await client.call('start', { wish: wanted });
  const events = await follow(client, job);
  const planned = events.find((event) => event.event === 'planned');
  return { run: planned?.run ?? '', events };
}
