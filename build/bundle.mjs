// Bundles the sources into dist/: one file the command line starts from, so that a start reads one file instead of a
// hundred; and the window into dist/window.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = 'strata.mjs';
const page = 'index.html';
const compress = promisify(gzip);
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Builds dist/strata.mjs; throws esbuild's own error, which names file and line.
 *
 * Safe while others build or run: everything is written aside and renamed into place, the entry last. Its modification
 * time is the moment the build began, so that a source saved during the build counts as newer.
 */
export async function bundle() {
  const began = new Date();
  const dist = join(root, 'dist');
  mkdirSync(dist, { recursive: true });
  const aside = mkdtempSync(join(dist, '.new-'));
  try {
    await bundleInto(aside);
    utimesSync(join(aside, entry), began, began);
    const chunks = readdirSync(aside).filter((name) => name !== entry);
    for (const name of [...chunks, entry]) renameSync(join(aside, name), join(dist, name));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  removeOld(dist, began.getTime() - dayMs);
}

async function bundleInto(outdir) {
  await build({
    absWorkingDir: root,
    entryPoints: { strata: 'src-main/cli/main.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'warning',
    // It finds its native part beside itself; and what ws would use where it is there.
    external: ['node-pty', 'bufferutil', 'utf-8-validate'],
    // commander is CommonJS and asks for node:events through require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}

/**
 * Chunks are named after their contents and pile up. One that was not written for a day is no longer needed by this
 * build or by a strata that started before it and has yet to import it.
 */
function removeOld(dist, before) {
  for (const name of readdirSync(dist)) {
    // The built window and Electron's part are other builds'.
    if (name === 'window' || name === 'electron') continue;
    const file = join(dist, name);
    const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (written < before) rmSync(file, { recursive: true, force: true });
  }
}

/**
 * Builds the window into dist/window, with a compressed copy beside each text: the server sends what it finds. Throws vite's
 * own error. Vite is loaded only here: the command line needs none.
 *
 * Written aside and moved into place, the page last: a window that is open goes on finding the parts it has yet to load.
 * The page's modification time is the moment the build began, as of {@link bundle}.
 */
export async function bundleWindow() {
  const { build: buildWindow } = await import('vite');
  const began = new Date();
  // Vite keeps a NODE_ENV that is set, such as vitest's, and any but this one brings React's development build.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  const place = join(root, 'dist/window');
  mkdirSync(place, { recursive: true });
  const aside = mkdtempSync(join(root, 'dist/.new-'));
  try {
    await buildWindow({
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: aside },
    });
    await compressTexts(aside);
    utimesSync(join(aside, page), began, began);
    const entries = readdirSync(aside, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(aside, join(entry.parentPath, entry.name)))
      .sort((one, other) => Number(one.startsWith(page)) - Number(other.startsWith(page)));
    for (const file of files) {
      mkdirSync(dirname(join(place, file)), { recursive: true });
      renameSync(join(aside, file), join(place, file));
    }
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    rmSync(aside, { recursive: true, force: true });
  }
  removeOld(join(place, 'assets'), began.getTime() - dayMs);
}

/**
 * Builds what Electron starts into dist/electron: main, preload (a sandboxed one must be one CommonJS file), and the engine's
 * process. Throws esbuild's own error.
 */
export async function bundleElectron() {
  const shared = {
    absWorkingDir: root,
    outdir: 'dist/electron',
    bundle: true,
    platform: 'node',
    target: 'node22',
    sourcemap: 'linked',
    logLevel: 'warning',
    external: ['electron', 'node-pty', 'bufferutil', 'utf-8-validate'],
  };
  await Promise.all([
    build({
      ...shared,
      entryPoints: ['src-main/electron/main.ts', 'src-main/electron/engine-process.ts'],
      format: 'esm',
      outExtension: { '.js': '.mjs' },
    }),
    build({
      ...shared,
      entryPoints: ['src-main/electron/preload.ts'],
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
    }),
  ]);
}

/** Smaller ones travel as fast as they are. */
const worthCompressing = 1024;

async function compressTexts(directory) {
  const texts = readdirSync(directory, { recursive: true })
    .filter((name) => /\.(js|css|html|svg|json)$/.test(name))
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).size >= worthCompressing);
  await Promise.all(
    texts.map(async (file) => {
      const text = await readFile(file);
      await writeFile(`${file}.gz`, await compress(text, { level: constants.Z_BEST_COMPRESSION }));
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle();
  await bundleWindow();
  await bundleElectron();
}
