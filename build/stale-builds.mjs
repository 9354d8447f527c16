// The builds in dist/ that are older than their sources, built again: what `npm start` and `strata serve` begin with.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, bundleElectron, bundleWindow } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const always = ['package-lock.json', 'build/bundle.mjs'];

/** Each build by the file that it writes last, with what it is made of. */
const builds = [
  { made: 'dist/strata.mjs', of: ['src-main'], build: bundle },
  {
    made: 'dist/window/index.html',
    of: ['src-renderer', 'src-main/protocol', 'vite.config.ts'],
    build: bundleWindow,
  },
  { made: 'dist/electron/main.mjs', of: ['src-main'], build: bundleElectron },
];

/** Of the builds named by their files, or of all. Throws the error of the bundler, which names file and line. */
export async function buildStale(wanted = builds.map(({ made }) => made)) {
  for (const { made, of, build } of builds.filter((each) => wanted.includes(each.made))) {
    const time = statSync(join(root, made), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if ([...always, ...of].some((source) => newest(join(root, source)) > time)) await build();
  }
}

/** When the file, or anything below the directory, was last changed; directories count, as a deleted file shows there. */
function newest(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const inside = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(status.mtimeMs, ...inside);
}
