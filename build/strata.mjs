#!/usr/bin/env node
// The package's command. In a checkout it bundles the sources first where the last bundle is older than they are; an
// installed package has no sources and ships its bundle. The program is imported, not started as a child, so signals,
// standard streams and exit codes are its own.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundled = `${root}dist/strata.mjs`;

if (isStale()) await rebuild();
if (process.argv[2] === 'serve') await rebuildWindow();
await import('../dist/strata.mjs');

function isStale() {
  if (!existsSync(`${root}src-main`)) return false;
  const built = statSync(bundled, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return true;
  // The lock file stands for the libraries that are bundled too.
  const others = ['package-lock.json', 'build/bundle.mjs'].map((name) => `${root}${name}`);
  return (
    others.some((file) => changedSince(file, built)) || treeChangedSince(`${root}src-main`, built)
  );
}

/** Directories count too: a deleted file shows in its directory alone. */
function treeChangedSince(directory, time) {
  return (
    changedSince(directory, time) ||
    readdirSync(directory, { withFileTypes: true }).some((entry) => {
      const path = `${directory}/${entry.name}`;
      return entry.isDirectory() ? treeChangedSince(path, time) : changedSince(path, time);
    })
  );
}

/** The inode's change time tells of a file copied over with an old modification time (`cp -p`, rsync) as well. */
function changedSince(path, time) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Math.max(stat.mtimeMs, stat.ctimeMs) > time;
}

async function rebuild() {
  await building(async () => {
    const { bundle } = await import('./bundle.mjs');
    await bundle();
  });
}

/** What `strata serve` shows. */
async function rebuildWindow() {
  if (!existsSync(`${root}src-renderer`)) return;
  await building(async () => {
    const { buildStale } = await import('./stale-builds.mjs');
    await buildStale(['dist/window/index.html']);
  });
}

async function building(build) {
  try {
    await build();
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') {
      fail(`its libraries are not installed in ${root}node_modules`, 'run npm install there');
    }
    // esbuild has printed what is wrong in which file.
    if (Array.isArray(error.errors)) fail('its sources have errors, see above', 'correct them');
    if (['EACCES', 'EROFS', 'EPERM'].includes(error.code)) {
      fail(
        `its sources are newer than its bundle and ${root}dist cannot be written (${error.code})`,
        'run `npm run build` as the owner of the checkout',
      );
    }
    throw error;
  }
}

function fail(reason, advice) {
  process.stderr.write(`strata: cannot build Strata: ${reason}\n${advice}\n`);
  // 2 is the exit status for the environment, as for every command of Strata.
  process.exit(2);
}
