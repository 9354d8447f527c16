// `npm run bench`: Strata's budgets (section 11 of the design), each measured in turn with what does the same elsewhere.
// What is measured is recorded in test/bench/results.md, each row with the day and the load, unless --quick. Ends with 1 where
// a budget is missed.
//
//   npm run bench -- [--quick] [--no-setup] [ROW…]
import { fileURLToPath } from 'node:url';
import { setUpOrExit } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const given = process.argv.slice(2);

if (!given.includes('--no-setup')) setUpOrExit({ bench: true, test: true });
// Only now: these use packages, or rows that do.
const { buildStale } = await import('./stale-builds.mjs');
const { Workshop } = await import('../test/bench/workshop.mjs');
const { Podman } = await import('../test/bench/podman.mjs');
const { describeMachine, load } = await import('../test/bench/machine.mjs');
const { rowText } = await import('../test/bench/results.mjs');
const { Records } = await import('../test/bench/records.mjs');
const rows = {
  'phase-boundary': (await import('../test/bench/phase-boundary.mjs')).phaseBoundary,
  'clean-build': (await import('../test/bench/clean-build.mjs')).cleanBuild,
  'all-reused': (await import('../test/bench/all-reused.mjs')).allReused,
  'edited-install': (await import('../test/bench/edited-install.mjs')).editedInstall,
  'large-layer-diff': (await import('../test/bench/large-layer-diff.mjs')).largeLayerDiff,
  'ld-debug-parsing': (await import('../test/bench/ld-debug-parsing.mjs')).ldDebugParsing,
  'strace-parsing': (await import('../test/bench/strace-parsing.mjs')).straceParsing,
  'nix-log': (await import('../test/bench/nix-log.mjs')).nixLog,
  'window-start': (await import('../test/bench/window.mjs')).windowStart,
  'log-scrolling': (await import('../test/bench/window.mjs')).logScrolling,
  'tree-scrolling': (await import('../test/bench/window.mjs')).treeScrolling,
  'trace-scrolling': (await import('../test/bench/window.mjs')).traceScrolling,
};

const quick = given.includes('--quick');
const named = given.filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !Object.hasOwn(rows, name));
if (unknown.length > 0) {
  console.error(`There is no row ${unknown.join(', ')}. Rows: ${Object.keys(rows).join(', ')}`);
  process.exit(2);
}

// Ctrl-C ends the command that is being measured; then all is cleared away.
const interruption = new globalThis.AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interruption.abort());

await buildStale();
const workshop = new Workshop(root, { quick, signal: interruption.signal });
let podman = 'not measured';
try {
  podman = Podman.open(workshop);
  process.exitCode = await measureAll();
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  console.error('interrupted');
  process.exitCode = 130;
} finally {
  if (typeof podman !== 'string') podman.close();
  workshop.close();
}

/** Gives the exit status. */
async function measureAll() {
  const machine = describeMachine(workshop.directory);
  for (const line of machine) console.log(line);
  const records = new Records(root);
  const results = [];
  for (const [name, measure] of Object.entries(rows)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const before = load();
    const result = await measure(workshop, { podman });
    console.log(`\n${rowText(result)}`);
    results.push(result);
    const day = new Date().toISOString().slice(0, 10);
    const when = `${day}, load average before ${before}, after ${load()}`;
    if (!quick) records.add(name, { ...result, when });
  }
  if (!quick) {
    await records.write(Object.keys(rows), machine);
    console.log('\nrecorded in test/bench/results.md');
  }
  return results.some(({ met }) => met === false) ? 1 : 0;
}
