import { randomBytes } from 'node:crypto';
import { formatId } from '@/lib/core/id';
import type { NewRecord } from '@/lib/gateway/record-sender';
import { expectAccessible } from './fixtures/expect-accessible';
import { newCustomer, required, uniqueName } from './fixtures/payment';
import { expect, test } from './fixtures/story';

const HOUR_MS = 3_600_000;

/** One decision of an agent, refused or allowed, as a gateway records it. */
function decision(
  about: { agent: string; model: string; version: string; tool: string; refused: boolean; score: string },
  occurredAtMs: number,
  paid?: { id: string; amount: string },
): NewRecord {
  return {
    kind: 'decision',
    id: formatId('dec', occurredAtMs, new Uint8Array(randomBytes(10))),
    occurredAtMs,
    body: {
      identity: {
        agent: { id: about.agent, name: about.agent, version: '1' },
        principal: { type: 'customer', token: newCustomer() },
      },
      model: { provider: 'meridian', name: about.model, version: about.version },
      guardrails: [
        { name: 'payee-match', version: '4', verdict: 'pass', score: about.score, threshold: '0.80' },
      ],
      output: {
        action: {
          name: about.tool,
          tier: 'bounded',
          value: { amount: paid?.amount ?? '12.00', currency: 'EUR' },
        },
        outcome: {
          verdict: about.refused ? 'refuse' : 'allow',
          source: 'gateway',
          reason_code: about.refused ? 'above_threshold' : 'within_authority',
        },
      },
      downstream: paid ? [{ system: 'sepa', type: 'payment', id: paid.id }] : [],
    },
  };
}

test('a vendor’s update is compared before and after, leads to the decisions, and a policy is tried over the past', async ({
  page,
  gateway,
  signInAs,
}) => {
  const agent = uniqueName('payer').replaceAll(' ', '-').toLowerCase();
  const model = `${agent}-model`;
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const sender = await gateway({ tenant: 'south' });
  const base = { agent, model, tool: 'pay' };
  const before = Array.from({ length: 40 }, (_, i) =>
    decision({ ...base, version: '1', refused: i < 2, score: '0.93' }, nowMs - 20 * HOUR_MS + i * 60_000),
  );
  const after = Array.from({ length: 40 }, (_, i) =>
    decision({ ...base, version: '2', refused: i < 20, score: '0.71' }, nowMs - 8 * HOUR_MS + i * 60_000),
  );
  const changeId = formatId('rec', nowMs, new Uint8Array(randomBytes(10)));
  const change: NewRecord = {
    kind: 'change',
    id: changeId,
    occurredAtMs: nowMs - 12 * HOUR_MS,
    body: { target: 'model', name: model, from_version: '1', to_version: '2', summary: 'Vendor update.' },
  };
  for (const sent of await sender.recordMany([...before, change, ...after])) required(sent);

  await signInAs({ role: 'compliance', tenant: 'south' });
  await page.goto(`/changes?change=${changeId}&days=1`);
  const detail = page.getByRole('article', { name: `${model} 2` });
  await expect(detail.getByText('Outcomes drifted')).toBeVisible();
  await expect(detail.getByText(`agents that used it: ${agent}`)).toBeVisible();
  const table = detail.getByRole('table', { name: 'Outcomes before and after' });
  await expect(table.getByRole('link', { name: '20 of 40 refused after' })).toBeVisible();
  await expectAccessible(page);
  await table.getByRole('link', { name: '20 of 40 refused after' }).click();
  await expect(page.getByText('20 decisions', { exact: true }).first()).toBeVisible();

  await page.goto('/settings/policy');
  await page.getByRole('button', { name: 'Simulate over past decisions' }).click();
  await expect(page.getByText(/could not be evaluated|would have/).first()).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page);
});

test('a payment system’s own list shows a payment without a decision and a decision without a payment', async ({
  page,
  gateway,
  signInAs,
}) => {
  const tool = uniqueName('settle').replaceAll(' ', '.').toLowerCase();
  const agent = `${tool}-agent`;
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
  const base = { agent, model: 'm', version: '1', tool, refused: false, score: '0.9' };
  const ids = ['A', 'B', 'C'].map((each) => `E2E-${each}-${randomBytes(4).toString('hex')}`);
  const made = ids.map((id, i) => decision(base, nowMs + i * 60_000, { id, amount: `${100 + i}.00` }));
  for (const sent of await (await gateway({ tenant: 'south' })).recordMany(made)) required(sent);
  const iso = (i: number) => new Date(nowMs + i * 60_000).toISOString();
  const stray = `E2E-X-${randomBytes(4).toString('hex')}`;
  const csv = [
    'end_to_end_id,amount,currency,booked_at,payee',
    `${ids[0]},100.00,EUR,${iso(0)},Jane Doe`,
    `${stray},55.00,EUR,${iso(1)},"=HYPERLINK(""http://x"")"`,
    `${ids[2]},102.00,EUR,${iso(2)},Jane Doe`,
  ].join('\n');

  await signInAs({ role: 'compliance', tenant: 'south' });
  await page.goto('/integrity/completeness');
  await page.getByRole('button', { name: 'Import a list' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel('CSV file')
    .setInputFiles({ name: 'paid.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await dialog.getByLabel('System').fill('sepa');
  await dialog.getByLabel('What it lists').fill('payment');
  await dialog.getByLabel(tool).check();
  await expect(dialog.getByText('3 of 3 rows can be read')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Hold it against the decisions' }).click();
  await expect(dialog).toBeHidden();
  const found = page.getByRole('table', { name: 'What the reconciliation found' });
  await expect(found.getByRole('row').filter({ hasText: stray })).toContainText('Action without decision');
  await expect(found.getByRole('row').filter({ hasText: 'Decision without action' })).toHaveCount(1);
  await expect(found.getByRole('row').filter({ hasText: 'Matched' })).toHaveCount(2);
  await expectAccessible(page);
});
