import { randomBytes } from 'node:crypto';
import { formatId } from '@/lib/core/id';
import type { NewRecord } from '@/lib/gateway/record-sender';
import { expectAccessible } from './fixtures/expect-accessible';
import { newCustomer, required } from './fixtures/payment';
import { expect, test } from './fixtures/story';

/** By day before today: how many of each outcome. 120 decisions in ten days, 18 escalated, 12 refused, 6 deferred. */
const DAYS = Array.from({ length: 10 }, (_, before) => ({
  before,
  outcomes: [
    ...Array<'allow'>(before < 4 ? 9 : 8).fill('allow'),
    ...Array<'escalate'>(before < 8 ? 2 : 1).fill('escalate'),
    ...Array<'refuse'>(before < 2 ? 2 : 1).fill('refuse'),
    ...Array<'defer'>(before < 6 ? 1 : 0).fill('defer'),
  ],
}));
const COUNTS = { of: 0, allow: 0, escalate: 0, refuse: 0, defer: 0 };
for (const { outcomes } of DAYS)
  for (const outcome of outcomes) {
    COUNTS.of++;
    COUNTS[outcome]++;
  }

function decisionAt(outcome: 'allow' | 'escalate' | 'refuse' | 'defer', occurredAtMs: number): NewRecord {
  return {
    kind: 'decision',
    id: formatId('dec', occurredAtMs, new Uint8Array(randomBytes(10))),
    occurredAtMs,
    body: {
      identity: {
        agent: { id: 'claims-agent', name: 'claims-agent', version: '1.0.0' },
        principal: { type: 'customer', token: newCustomer() },
      },
      output: {
        action: { name: 'claim.settle', tier: 'bounded', value: { amount: '120.00', currency: 'EUR' } },
        outcome: {
          verdict: outcome,
          source: 'gateway',
          ...(outcome === 'allow' ? {} : { control: 'threshold', rule: 'large-claim' }),
          reason_code: outcome === 'allow' ? 'within_perimeter' : 'above_threshold',
        },
      },
    },
  };
}

test('the chart, its table and the search behind them tell the same numbers', async ({
  page,
  gateway,
  signInAs,
}) => {
  const insurer = await gateway({ tenant: 'east' });
  const noonMs = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const records = DAYS.toReversed().flatMap(({ before, outcomes }) =>
    outcomes.map((outcome, at) => decisionAt(outcome, noonMs - before * 86_400_000 + at * 1_000)),
  );
  for (const sent of await insurer.recordMany(records)) required(sent);

  await signInAs({ role: 'compliance', tenant: 'east' });
  await page.goto('/insights?days=30');
  await expect(page.getByText(`n = ${COUNTS.of} decisions`)).toBeVisible();
  const chart = page.getByRole('img', { name: new RegExp(`^Shares of ${COUNTS.of} decisions`) });
  await expect(chart).toBeVisible();
  const share = (n: number) => `${((100 * n) / COUNTS.of).toFixed(n * 10 < COUNTS.of ? 2 : 1)}%`;
  await expect(chart).toHaveAccessibleName(new RegExp(`escalated ${share(COUNTS.escalate)} overall`));
  await expect(chart).toHaveAccessibleName(new RegExp(`refused ${share(COUNTS.refuse)} overall`));
  await expect(chart).toHaveAccessibleName(new RegExp(`deferred ${share(COUNTS.defer)} overall`));
  const drawn = await chart.locator('text').allTextContents();
  await expectAccessible(page);

  await page
    .getByRole('group', { name: 'Show as', exact: true })
    .getByRole('button', { name: 'Table' })
    .click();
  const table = page.getByRole('table', { name: /^Shares of the 7 days up to each day/ });
  await expect(table).toBeVisible();
  const today = await table.getByRole('row').nth(1).getByRole('cell').allTextContents();
  const week = DAYS.slice(0, 7).flatMap(({ outcomes }) => outcomes);
  expect(today.join(' ')).toContain(String(week.length));
  for (const outcome of ['escalate', 'refuse', 'defer'] as const) {
    const n = week.filter((each) => each === outcome).length;
    const words = `${((100 * n) / week.length).toFixed(n * 10 < week.length ? 2 : 1)}%`;
    expect(today.join(' '), `${outcome} in the table`).toContain(words);
    expect(drawn.join(' '), `${outcome} in the chart`).toContain(words);
  }
  await expectAccessible(page);

  for (const [outcome, n] of [
    ['escalate', COUNTS.escalate],
    ['refuse', COUNTS.refuse],
    ['defer', COUNTS.defer],
  ] as const) {
    await page.goto('/insights?days=30');
    await page
      .getByRole('link', { name: `${n} of ${COUNTS.of}` })
      .first()
      .click();
    await expect(page).toHaveURL(new RegExp(`outcome%3A${outcome}|outcome:${outcome}`));
    await expect(page.getByText(`${n} decisions`, { exact: true }).first()).toBeVisible();
    await expect(page.getByText(`${n} shown, and there are no more`)).toBeVisible();
  }

  await page.goto('/insights?days=30&agent=claims-agent');
  await page.getByLabel('Control', { exact: true }).selectOption('threshold');
  await expect(page.getByText('Only what the control threshold decided counts')).toBeVisible();
  await page
    .getByRole('link', { name: `${COUNTS.escalate} of ${COUNTS.of}` })
    .first()
    .click();
  await expect(page).toHaveURL(/control(%3A|:)threshold/);
  await expect(page.getByText(`${COUNTS.escalate} decisions`, { exact: true }).first()).toBeVisible();
  await page.goto('/insights?days=30&control=budget');
  await expect(page.getByRole('link', { name: `0 of ${COUNTS.of}` })).toHaveCount(3);

  await page.goto('/insights?days=30');
  await page.getByRole('table', { name: 'By agent' }).getByRole('link', { name: 'claims-agent' }).click();
  await expect(page.getByText(`${COUNTS.of} decisions`, { exact: true }).first()).toBeVisible();
});
