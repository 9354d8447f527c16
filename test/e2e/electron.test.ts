// The window in Electron itself, started as `npm start` starts it, where Electron's binary is and may run.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { CommandLine, refusal } from '../engine/cli/command-line.ts';
import { PATIENCE_MS, SeenWindow } from './served-window.ts';
import { build } from './window-suite.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = findElectron();
const reason = noElectron() ?? refusal;

let files: CommandLine;
let app: ElectronApplication | null = null;

beforeAll(() => {
  if (reason !== null) return;
  const script = "(await import('./build/stale-builds.mjs')).buildStale()";
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', `await ${script}`], {
    cwd: root,
    stdio: 'inherit',
  });
  expect(status).toBe(0);
});

beforeEach((context) => {
  if (reason !== null) context.skip(reason);
  files = new CommandLine();
});

afterEach(async () => {
  // A shell is open: nobody is there to be asked whether it may be closed.
  await app?.evaluate(({ dialog }) => {
    dialog.showMessageBoxSync = () => 1;
  });
  await app?.close();
  if (reason === null) files.remove();
});

test('an example is built to its failure, and a shell opened there', async () => {
  if (binary === null) throw new Error('no Electron');
  app = await _electron.launch({
    executablePath: binary,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      // Its place on the screen, and that it runs once, are kept there.
      `--user-data-dir=${join(files.directory, 'electron')}`,
      join(root, 'dist/electron/main.mjs'),
    ],
    cwd: root,
    env: Object.fromEntries(
      Object.entries(files.env).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
    timeout: PATIENCE_MS,
  });
  const window = new SeenWindow(await app.firstWindow());
  const { page } = window;
  page.setDefaultTimeout(PATIENCE_MS);
  await page.getByRole('button', { name: /^install-fails/ }).click();
  await build(window, 'installPhase, failed');
  await page.getByRole('button', { name: 'Open shell at the failure' }).click();
  const shell = window.pane('Shell');
  await shell.getByText('/build/src').first().waitFor();
  await page.keyboard.type('echo $((6 * 7))\n');
  await shell.getByText('42', { exact: true }).first().waitFor();
  expect(window.complaints).toStrictEqual([]);
});

/** As build/start.mjs finds it. To require 'electron' would download it. */
function findElectron(): string | null {
  const folder = join(root, 'node_modules/electron');
  const name = join(folder, 'path.txt');
  if (!existsSync(name)) return null;
  const file = join(folder, 'dist', readFileSync(name, 'utf8'));
  return existsSync(file) ? file : null;
}

/** Why Electron cannot be tried on this machine; null where it can. */
function noElectron(): string | null {
  if (binary === null) return "Electron's binary is not there: npm start downloads it";
  const hasDisplay = Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
  if (process.platform !== 'linux' || hasDisplay) return null;
  return 'there is no display for Electron: xvfb-run makes one';
}
