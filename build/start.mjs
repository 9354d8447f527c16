// `npm start [-- TARGET]`: sets up what is needed, builds what is older than its sources, and shows the workbench: in
// Electron, else in the system's browser, else at an address it prints. One line says which of them and why.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setUpOrExit } from './setup.mjs';

setUpOrExit();
// These need the packages that the set-up may have installed just now.
const { buildStale } = await import('./stale-builds.mjs');
const { exampleSandbox } = await import('./example-sandbox.mjs');

const root = fileURLToPath(new URL('..', import.meta.url));
const [target] = process.argv.slice(2);
/** A download that takes longer is not waited for (milliseconds). */
const downloadMs = 120_000;
/** A browser that ends sooner was not ended by a person (milliseconds). */
const atOnceMs = 4000;

await buildStale();
const sandbox = exampleSandbox();
if (sandbox.note !== null) console.log(sandbox.note);
const env = { ...process.env, ...sandbox.env };
process.exitCode = await show();

/** Gives the exit status. */
async function show() {
  const isRoot = process.getuid?.() === 0;
  if (!hasDisplay()) return serveAnd(null, 'There is no display, so the workbench is served:');
  const electron = isRoot
    ? { binary: null, why: 'Electron does not start as root' }
    : electronBinary();
  if (electron.binary !== null) {
    console.log('The workbench opens in its own window: Electron is here.');
    const words = [join(root, 'dist/electron/main.mjs'), ...(target === undefined ? [] : [target])];
    return ended(spawn(electron.binary, words, { env, stdio: 'inherit' }));
  }
  const browser = findBrowser();
  if (browser === null) {
    return serveAnd(null, `${electron.why} and no Chromium was found, so the workbench is served:`);
  }
  const unprotected = isRoot
    ? ' (without its sandbox, as it refuses to start as root with it)'
    : '';
  return serveAnd(
    { browser, isRoot },
    `${electron.why}, so the workbench opens in ${browser}${unprotected}:`,
  );
}

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}

/** Electron's own binary, downloaded now where it can be. Its package has the checksum that the download must have. */
function electronBinary() {
  const folder = join(root, 'node_modules/electron');
  const find = () => {
    const name = join(folder, 'path.txt');
    if (!existsSync(name)) return null;
    const binary = join(folder, 'dist', readFileSync(name, 'utf8'));
    return existsSync(binary) ? binary : null;
  };
  const there = find();
  if (there !== null) return { binary: there, why: null };
  console.log('Downloading Electron…');
  spawnSync(process.execPath, [join(folder, 'install.js')], {
    stdio: 'ignore',
    timeout: downloadMs,
  });
  return { binary: find(), why: "Electron's binary cannot be downloaded here" };
}

/** A browser that can show a page as a window of its own; null where there is none. */
function findBrowser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const others = ['brave-browser', 'microsoft-edge'];
  const onPath = [...names, ...others].flatMap((name) =>
    (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name)),
  );
  const onMac = ['Google Chrome', 'Chromium', 'Brave Browser', 'Microsoft Edge'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  );
  return [...onPath, ...onMac].find((file) => existsSync(file)) ?? null;
}

/** Serves the workbench until Ctrl-C; where a browser is opened, until its window is closed and no build goes on. */
async function serveAnd(opened, line) {
  const words = ['serve', ...(target === undefined ? [] : ['--target', target])];
  const server = spawn(process.execPath, [join(root, 'build/strata.mjs'), ...words], {
    env,
    stdio: ['inherit', 'pipe', 'inherit', 'ipc'],
  });
  // Ctrl-C reaches the server too, and it ends by itself; we wait for that.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => server.kill('SIGTERM'));
  createInterface({ input: server.stdout }).once('line', (address) => {
    console.log(`${line}\n${address}`);
    if (opened === null) return;
    const browser = spawn(opened.browser, browserArguments(address, opened.isRoot), {
      stdio: 'ignore',
    });
    // A window without its engine is of no use.
    server.once('exit', () => browser.kill('SIGTERM'));
    const began = performance.now();
    browser.once('exit', () => {
      // Its builds are not stopped with the window: the server says so, and ends after them.
      if (performance.now() - began > atOnceMs) server.send('end-when-idle', () => undefined);
      // It has handed the window to one that ran already, or cannot show any.
      else console.log('Where no window opens, open that address yourself. Ctrl-C ends.');
    });
    browser.once('error', (error) => console.log(`${opened.browser}: ${error.message}`));
  });
  return ended(server);
}

function browserArguments(address, isRoot) {
  // A profile of its own: the window is then a process of its own, whose end we see.
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const profile = join(cache, 'strata', 'browser');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  // The words of a command can be read by every user of the machine, and the address has the token in it.
  const opening = join(profile, 'open.html');
  rmSync(opening, { force: true });
  writeFileSync(opening, redirectTo(address), { mode: 0o600 });
  return [
    `--app=${pathToFileURL(opening)}`,
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
}

function redirectTo(address) {
  const text = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><title>Strata</title><meta http-equiv="refresh" content="0; url=${text}">\n`;
}

async function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 0));
  });
}
