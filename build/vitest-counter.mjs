// A reporter of vitest that writes what it counted to the file STRATA_TEST_REPORT names, with the reasons of skipped
// tests and every error that belongs to no test. Vitest's own JSON report has neither. The file is written anew at the
// end of every test file, so that a run that hangs and is stopped tells what it hung in.
import { writeFileSync } from 'node:fs';

export default class Counter {
  #report = { passed: 0, failures: [], skips: [], unfinished: [] };
  #open = new Set();

  onTestModuleStart(module) {
    this.#open.add(module.relativeModuleId);
    this.#write();
  }

  onTestModuleEnd(module) {
    const report = this.#report;
    this.#open.delete(module.relativeModuleId);
    addErrors(report, module.moduleId, module.errors());
    for (const suite of module.children.allSuites()) {
      addErrors(report, suite.fullName, suite.errors());
    }
    for (const test of module.children.allTests()) addTest(report, test);
    this.#write();
  }

  onTestRunEnd(modules, unhandledErrors) {
    addErrors(this.#report, 'outside of any test', unhandledErrors);
    this.#write();
  }

  #write() {
    const report = { ...this.#report, unfinished: [...this.#open] };
    writeFileSync(process.env.STRATA_TEST_REPORT, JSON.stringify(report));
  }
}

function addTest(report, test) {
  const result = test.result();
  if (result.state === 'passed') report.passed += 1;
  else if (result.state === 'skipped') {
    report.skips.push({ name: test.fullName, reason: result.note ?? null });
  } else report.failures.push(`${test.module.relativeModuleId} > ${test.fullName}`);
}

/** A file that cannot be loaded, a failing hook and a stray rejection count as one failure each. */
function addErrors(report, where, errors) {
  for (const error of errors) report.failures.push(`${where}: ${error.message}`);
}
