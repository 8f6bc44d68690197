import { describe, expect, it } from 'vitest';
import { backOffMs } from './back-off';

const failed = (retryAfterMs?: number) => ({ code: 'witness_unreachable' as const, retryAfterMs });

describe('leaving a witness alone', () => {
  it('doubles, stays under ten minutes for ever, and differs by chance', () => {
    expect([1, 2, 3, 4].map((attempt) => backOffMs(attempt, failed(), 0))).toEqual([
      2_500, 5_000, 10_000, 20_000,
    ]);
    for (const attempt of [8, 50, 5_000])
      expect(backOffMs(attempt, failed(), 0.999)).toBeLessThanOrEqual(600_000);
    expect(backOffMs(3, failed(), 0)).not.toBe(backOffMs(3, failed(), 0.5));
  });

  it('does as it is asked, up to a day', () => {
    expect(backOffMs(1, failed(90_000), 0)).toBe(90_000);
    expect(backOffMs(1, failed(9e12), 0)).toBe(86_400_000);
    expect(backOffMs(9, failed(1), 0.5)).toBeGreaterThan(400_000);
  });

  it('waits an hour for a person to mend a setting', () => {
    expect(backOffMs(1, { code: 'witness_misconfigured', retryAfterMs: undefined }, 0)).toBe(1_800_000);
  });
});
