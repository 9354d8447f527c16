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

export class ServedWindow {
  readonly files: CommandLine;
  readonly #server: ChildProcess;
  readonly #browser: Browser;
  readonly #address: string;

  private constructor(files: CommandLine, server: ChildProcess, browser: Browser, address: string) {
    this.files = files;
    this.#server = server;
    this.#browser = browser;
    this.#address = address;
  }

  static async open(): Promise<ServedWindow> {
    const files = new CommandLine();
    const server = files.start('serve');
    if (server.stdout === null || server.stderr === null) throw new Error('no pipes');
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const address = await Promise.race([
      once(createInterface({ input: server.stdout }), 'line').then(([line]) => String(line)),
      once(server, 'exit').then(() => null),
    ]);
    if (address === null) throw new Error(`strata serve ended: ${said}`);
    return new ServedWindow(files, server, await launchChromium(), address);
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
    const seen = new SeenWindow(page);
    await page.addInitScript({ content: TELL_VIOLATIONS });
    await page.goto(
      target === null ? this.#address : `${this.#address}&target=${encodeURIComponent(target)}`,
    );
    return seen;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    if (this.#server.exitCode === null) {
      this.#server.kill('SIGTERM');
      await once(this.#server, 'exit');
    }
    this.files.remove();
  }
}
