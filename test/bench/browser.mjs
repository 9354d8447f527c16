// The window in a real browser: `strata serve` on a cache of the workshop, and Chromium on it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Why the window cannot be measured here; null where it can. */
export const browserRefusal = findChromium() === null ? 'no Chromium on PATH' : null;

/** Serves the window, starts a browser, and gives `work` a function that opens a page on a target (null for none). */
export async function withWindow(workshop, cache, work) {
  const { argv, options } = workshop.server(cache);
  const server = spawn(argv[0], argv.slice(1), {
    ...options,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const [address] = await once(createInterface({ input: server.stdout }), 'line');
    return await work(async (target = null) => {
      const context = await browser.newContext({ viewport: { width: 1500, height: 950 } });
      const page = await context.newPage();
      const place = target === null ? '' : `&target=${encodeURIComponent(target)}`;
      return { page, open: () => page.goto(`${address}${place}`), close: () => context.close() };
    });
  } finally {
    await browser.close();
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
  }
}

function findChromium() {
  const places = (process.env.PATH ?? '').split(delimiter).filter((place) => place !== '');
  const files = names.flatMap((name) => places.map((place) => join(place, name)));
  return files.find(isProgram) ?? null;
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
