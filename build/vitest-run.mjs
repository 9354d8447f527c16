// One run of vitest: shown as it goes, and counted from the report it leaves. Without a report the run has crashed and
// counts as a failure, whatever its exit status.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';

/**
 * `args` are vitest's own; `reportFile` must be writable for the process; `options` go to it (cwd, env, uid, gid, signal).
 * Gives `{ passed, failures: [text], skips: [{ name, reason }] }`.
 */
export async function runVitest(args, { reportFile, cwd, env, ...options }) {
  const { status, output } = await runProgram(
    process.execPath,
    [
      join(cwd, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      `--reporter=${join(cwd, 'build/vitest-counter.mjs')}`,
      ...args,
    ],
    { ...options, cwd, env: { ...env, STRATA_TEST_REPORT: reportFile }, shown: true },
  );
  return interpretReport(readReport(reportFile), status, output);
}

/** Adds a failure where vitest says it failed and the report names none. */
function interpretReport(report, status, output = '') {
  if (report === null) {
    const how = status === null ? output : `exit status ${status}`;
    return { passed: 0, failures: [`vitest crashed and left no report: ${how}`], skips: [] };
  }
  if (report.unfinished.length > 0) {
    const files = report.unfinished.map((file) => `${file}: did not end`);
    return { ...report, failures: [...report.failures, ...files] };
  }
  if (status !== 0 && report.failures.length === 0) {
    const how = status === null ? output : `with exit status ${status}`;
    const why =
      report.passed + report.skips.length === 0
        ? 'no test file matches'
        : 'no test failed: a hook, a coverage limit or a crash';
    return { ...report, failures: [`vitest ended ${how}; ${why}`] };
  }
  return report;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Missing or cut short is the same: vitest did not get to its end.
    return null;
  }
}
