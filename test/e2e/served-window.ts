/** `strata serve` as a person starts it, on a cache and copies of the examples of its own, and its window in a browser. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { CommandLine } from '../engine/cli/command-line.ts';
import { launchChromium } from './chromium.ts';

/** Told to the console, where what else a page complains of is. */
const TELL_VIOLATIONS = `
  document.addEventListener('securitypolicyviolation', (event) =>
    console.error('content security policy:', event.violatedDirective, event.blockedURI));
`;

/** Longer than anything here takes on a machine that does much else. */
export const PATIENCE_MS = 120_000;

export type PaneName =
  'Derivation editor' | 'Phase timeline' | 'Snapshot browser' | 'Shell' | 'Libraries' | 'Log';

/** A window, and what went wrong in it. */
export class SeenWindow {
  readonly page: Page;
  /** Errors on the console, exceptions, and what the content security policy forbade. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  pane(name: PaneName): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** A phase in the timeline, by the beginning of its name: `installPhase, succeeded`. */
  phase(name: string): Locator {
    return this.pane('Phase timeline').getByRole('button', { name: new RegExp(`^${name}`) });
  }
}

/** Shell scripts by the names that the engine finds them under on its PATH. */
export type Programs = Readonly<Record<string, string>>;

interface Server {
  readonly process: ChildProcess;
  /** Of the window, with the token. */
  readonly address: string;
}

async function serve(files: CommandLine, ...words: readonly string[]): Promise<Server> {
  const process = files.start('serve', ...words);
  if (process.stdout === null || process.stderr === null) throw new Error('no pipes');
  let said = '';
  process.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const address = await Promise.race([
    once(createInterface({ input: process.stdout }), 'line').then(([line]) => String(line)),
    once(process, 'exit').then(() => null),
  ]);
  if (address === null) throw new Error(`strata serve ended: ${said}`);
  return { process, address };
}

export class ServedWindow {
  readonly files: CommandLine;
  readonly #browser: Browser;
  #server: Server;

  private constructor(files: CommandLine, server: Server, browser: Browser) {
    this.files = files;
    this.#server = server;
    this.#browser = browser;
  }

  static async open(programs: Programs = {}): Promise<ServedWindow> {
    const files = new CommandLine();
    for (const [name, script] of Object.entries(programs)) files.writeProgram(name, script);
    return new ServedWindow(files, await serve(files), await launchChromium());
  }

  /** Ends the engine as a crash would: it is asked nothing, and clears nothing away. */
  async kill(): Promise<void> {
    await end(this.#server.process, 'SIGKILL');
  }

  /** Starts it again after {@link kill}, where it was. */
  async startAgain(): Promise<void> {
    const { port } = new URL(this.#server.address);
    this.#server = await serve(this.files, '--port', port);
  }

  /** The path of an example, which the test may change. */
  example(name: string): string {
    return `${this.files.directory}/examples/${name}/default.nix`;
  }

  /** A window of its own, with nothing remembered; `target` is what the address names. */
  async show(
    target: string | null = null,
    options: BrowserContextOptions = {},
  ): Promise<SeenWindow> {
    const context = await this.#browser.newContext({
      viewport: { width: 1500, height: 950 },
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const seen = new SeenWindow(page);
    await page.addInitScript({ content: TELL_VIOLATIONS });
    const { address } = this.#server;
    await page.goto(target === null ? address : `${address}&target=${encodeURIComponent(target)}`);
    return seen;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await end(this.#server.process, 'SIGTERM');
    this.files.remove();
  }
}

async function end(process: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = once(process, 'exit');
  process.kill(signal);
  await ended;
}
