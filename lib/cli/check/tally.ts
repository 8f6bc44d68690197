import { z } from 'zod';

/** How many checks passed, failed, and were not made. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** The sum of several tallies. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: sum.skipped + tally.skipped,
    }),
    NOTHING,
  );
}

/** A step that either holds or not. */
export function tallyOfStep(held: boolean): Tally {
  return held ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

// A run that ended badly without naming a failed test (a broken setup, an unhandled error) is one failure.
function withExitCode(tally: Tally, exitCode: number): Tally {
  return exitCode !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

const vitestReport = z.object({
  numPassedTests: z.number().int(),
  numFailedTests: z.number().int(),
  numPendingTests: z.number().int(),
  numTodoTests: z.number().int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/** vitest's JSON report; a file that could not even be loaded counts as one failure. */
export function tallyOfVitest(report: unknown, exitCode: number): Tally {
  const found = vitestReport.safeParse(report);
  if (!found.success) return tallyOfStep(false);
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = found.data;
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return withExitCode(
    {
      passed: numPassedTests,
      failed: numFailedTests + unloaded.length,
      skipped: numPendingTests + numTodoTests,
    },
    exitCode,
  );
}

const playwrightReport = z.object({
  stats: z.object({
    expected: z.number().int(),
    unexpected: z.number().int(),
    flaky: z.number().int(),
    skipped: z.number().int(),
  }),
});

/** Playwright's JSON report; a test that passed only when tried again counts as failed. */
export function tallyOfPlaywright(report: unknown, exitCode: number): Tally {
  const found = playwrightReport.safeParse(report);
  if (!found.success) return tallyOfStep(false);
  const { expected, unexpected, flaky, skipped } = found.data.stats;
  return withExitCode({ passed: expected, failed: unexpected + flaky, skipped }, exitCode);
}

/** The one line that a run of `check` ends with. */
export function formatTally(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
}
