import { describe, expect, it } from 'vitest';
import { exampleDetail } from '@/components/reviews/example-detail.test-data';
import { matchesFilter } from './matches-filter';
import { NO_FILTER } from './queue-filter';

const row = exampleDetail().row;
const nowMs = Date.parse('2026-11-20T08:36:00.000Z');
const lease = { person: 'per_1', name: 'Priya Raman', until: row.expiresAt, mine: false };

describe('matchesFilter', () => {
  it.each<[string, Parameters<typeof matchesFilter>[1], Partial<typeof row>, boolean]>([
    ['no filter', NO_FILTER, {}, true],
    ['own', { ...NO_FILTER, view: 'mine' }, { lease: { ...lease, mine: true } }, true],
    ['held by another is not own', { ...NO_FILTER, view: 'mine' }, { lease }, false],
    ['held by another is not unclaimed', { ...NO_FILTER, view: 'unclaimed' }, { lease }, false],
    ['14 min left is not expiring', { ...NO_FILTER, view: 'expiring' }, {}, false],
    [
      '4 min left is expiring',
      { ...NO_FILTER, view: 'expiring' },
      { expiresAt: '2026-11-20T08:40:00.000Z' },
      true,
    ],
    ['other tier', { ...NO_FILTER, tier: 'unbounded' }, {}, false],
    ['other control', { ...NO_FILTER, control: 'budget' }, {}, false],
    ['other agent', { ...NO_FILTER, agent: 'kyc-agent' }, {}, false],
    ['all at once', { view: 'unclaimed', tier: 'bounded', control: 'threshold', agent: row.agent }, {}, true],
  ])('%s', (_, filter, change, expected) =>
    expect(matchesFilter({ ...row, ...change }, filter, nowMs)).toBe(expected),
  );
});
