import { describe, expect, it } from 'vitest';
import { addTallies, formatTally, tallyOfPlaywright, tallyOfStep, tallyOfVitest } from './tally';

const vitest = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [{ status: 'passed', assertionResults: [{}] }],
};
const playwright = { stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 1 } };

describe('tallies', () => {
  it('adds up to the line that a run ends with', () => {
    const sum = addTallies([tallyOfStep(true), tallyOfVitest(vitest, 0), tallyOfPlaywright(playwright, 0)]);
    expect(formatTally(sum)).toBe('12 passed, 0 failed, 4 skipped');
  });

  it.each([
    [
      'a test file that could not be loaded',
      { ...vitest, testResults: [{ status: 'failed', assertionResults: [] }] },
      1,
    ],
    ['an unhandled error outside every test', vitest, 1],
    ['a report that is not one', { tests: 'all fine' }, 0],
    ['no report at all', undefined, 0],
  ])('counts %s as one failure', (_name, report, exitCode) => {
    expect(tallyOfVitest(report, exitCode).failed).toBe(1);
  });

  it.each([
    ['a test that passed only when tried again', { stats: { ...playwright.stats, flaky: 1 } }, 0],
    ['a global setup that broke', playwright, 1],
    ['a report that is not one', {}, 0],
  ])('counts %s as one failure', (_name, report, exitCode) => {
    expect(tallyOfPlaywright(report, exitCode).failed).toBe(1);
  });
});
