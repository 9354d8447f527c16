// Bundles the sources into dist/: one file the command line starts from, so that a start reads one file instead of a
// hundred.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = 'strata.mjs';
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
    // It finds its native part beside itself.
    external: ['node-pty'],
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
    const file = join(dist, name);
    const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (written < before) rmSync(file, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
