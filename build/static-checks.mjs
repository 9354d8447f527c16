// The checks that run nothing of Strata: format, types, lint, unused code, and which folder imports which.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.mjs';

const root = new URL('..', import.meta.url);
/** Git keeps no empty folder, and dependency-cruiser refuses one that is not there. */
const sources = ['src-main', 'src-renderer'].filter((folder) => existsSync(new URL(folder, root)));

const checks = [
  { name: 'types (tsc)', command: ['tsc', '--noEmit'], repair: null },
  {
    name: 'types of the window (tsc)',
    command: ['tsc', '--noEmit', '-p', 'src-renderer'],
    repair: null,
  },
  {
    // Apart: the tests bring Node's types with them, which the window's own files must do without.
    name: "types of the window's tests (tsc)",
    command: ['tsc', '--noEmit', '-p', 'test/unit/renderer'],
    repair: null,
  },
  {
    name: 'lint (eslint)',
    command: ['eslint', '--max-warnings', '0', '.'],
    repair: 'npx eslint --fix .',
  },
  { name: 'format (prettier)', command: ['prettier', '--check', '.'], repair: 'npm run format' },
  {
    name: 'unused code (knip)',
    command: ['knip', '--no-progress', '--no-config-hints'],
    repair: null,
  },
  {
    name: 'layers (dependency-cruiser)',
    command: ['depcruise', '--output-type', 'err', ...sources],
    repair: null,
  },
];

/** Enough for two cores, and for a machine of 4 GB: each of them holds the whole program in memory. */
const atOnce = 2;

/**
 * Runs them all and prints a line for each, with its output where it fails. Gives `{ passed, failed }`; those that `signal`
 * cuts short have failed.
 */
export async function runStaticChecks(signal) {
  const waiting = [...checks];
  const results = [];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      results.push(await runCheck(check, signal));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

async function runCheck({ name, command: [tool, ...args], repair }, signal) {
  const started = performance.now();
  const { status, output } = await runProgram(
    `${fileURLToPath(root)}node_modules/.bin/${tool}`,
    args,
    {
      cwd: root,
      signal,
    },
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const passed = status === 0;
  console.log(`${passed ? '✓' : '✗'} ${name}, ${seconds} s`);
  if (!passed) {
    console.log(output.replace(/^/gm, '    '));
    if (repair !== null) console.log(`    try: ${repair}`);
  }
  return passed;
}
