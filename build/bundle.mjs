// Bundles the sources into dist/: one file the command line starts from, so that a start reads one file instead of a
// hundred.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds dist/strata.mjs; throws esbuild's own error, which names file and line. */
export async function bundle() {
  await build({
    absWorkingDir: root,
    entryPoints: { strata: 'src-main/cli/main.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'warning',
    // commander is CommonJS and asks for node:events through require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
