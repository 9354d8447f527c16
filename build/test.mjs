// `npm test`: set-up, static checks, then every test, as root also those of the engine as an ordinary user. The last line
// is `N passed, N failed` (`, N skipped`), summed over all of them.
//
//   npm test -- [--no-setup] [--only-checks] [VITEST'S ARGUMENTS]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetUpError } from './set-up-error.mjs';
import { setUp } from './setup.mjs';
import { runStaticChecks } from './static-checks.mjs';
import { testAsOrdinaryUser } from './test-as-ordinary-user.mjs';
import { countsLine, sum } from './test-counts.mjs';
import { runVitest } from './vitest-run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const ourOptions = new Set(['--no-setup', '--only-checks']);
const given = process.argv.slice(2);
const vitestArgs = given.filter((argument) => !ourOptions.has(argument));

// Ctrl-C must not leave behind what the run as an ordinary user makes: it ends the programs, and all is cleared away.
const interruption = new globalThis.AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interruption.abort());
// What hangs is stopped and named: all of it takes a fifth of this on two cores.
setTimeout(() => interruption.abort(), 50 * 60_000).unref();

process.exitCode = await main();

async function main() {
  if (!given.includes('--no-setup')) {
    try {
      setUp({ test: true });
    } catch (error) {
      if (!(error instanceof SetUpError)) throw error;
      console.log(`${error.message}\n\nThe set-up failed, so nothing was tested.`);
      console.log(countsLine({ passed: 0, failed: 1 }));
      return 2;
    }
  }
  heading('Static checks');
  const checks = await runStaticChecks(interruption.signal);
  const runs = given.includes('--only-checks') ? [] : await runTests();
  printAll(
    'Skipped',
    runs.flatMap(({ skips, label }) =>
      skips.map(({ name, reason }) => `${label}${name}${reason === null ? '' : `: ${reason}`}`),
    ),
  );
  printAll(
    'Failed',
    runs.flatMap(({ failures, label }) => failures.map((failure) => `${label}${failure}`)),
  );
  const counts = sum([
    checks,
    ...runs.map(({ passed, failures, skips }) => ({
      passed,
      failed: failures.length,
      skipped: skips.length,
    })),
  ]);
  console.log(`\n${countsLine(counts)}`);
  return counts.failed > 0 ? 1 : 0;
}

async function runTests() {
  heading('Tests');
  const runs = [{ label: '', ...(await testAsOurselves()) }];
  if (process.getuid?.() === 0 && !interruption.signal.aborted) {
    heading('Tests of the engine, as an ordinary user');
    runs.push({
      label: 'as an ordinary user: ',
      ...(await testAsOrdinaryUser(root, vitestArgs, interruption.signal)),
    });
  }
  return runs;
}

async function testAsOurselves() {
  const directory = mkdtempSync(join(tmpdir(), 'strata-test-report-'));
  try {
    const reportFile = join(directory, 'report.json');
    return await runVitest(vitestArgs, {
      reportFile,
      signal: interruption.signal,
      cwd: root,
      env: process.env,
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function heading(text) {
  console.log(`\n${text}`);
}

function printAll(title, lines) {
  if (lines.length === 0) return;
  heading(title);
  for (const line of lines) console.log(`  ${line}`);
}
