// Adding up what several suites counted.

/** Each count is `{ passed, failed, skipped }`; a missing number is none. */
export function sum(counts) {
  return counts.reduce(
    (total, { passed = 0, failed = 0, skipped = 0 }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The last line of the test command: programs read it, so its form is fixed. */
export function countsLine({ passed, failed, skipped = 0 }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
