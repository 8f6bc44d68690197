import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatId } from '@/lib/core/id';
import type { NewRecord } from '@/lib/gateway/record-sender';
import { expectAccessible } from './fixtures/expect-accessible';
import { newCustomer, required } from './fixtures/payment';
import { expect, test } from './fixtures/story';

const DAY_MS = 86_400_000;
const AGENT = `search-agent-${randomBytes(4).toString('hex')}`;

/** Forty decisions over twenty days, of an agent of this story's own; every fourth under an older model. */
function decisionAt(n: number, startMs: number): NewRecord {
  const occurredAtMs = startMs + Math.floor(n / 2) * DAY_MS + n * 1_000;
  return {
    kind: 'decision',
    id: formatId('dec', occurredAtMs, new Uint8Array(randomBytes(10))),
    occurredAtMs,
    body: {
      identity: {
        agent: { id: AGENT, name: AGENT, version: '1.0.0' },
        principal: { type: 'customer', token: newCustomer() },
      },
      model: { provider: 'vendor', name: 'north', version: n % 4 === 0 ? '1' : '2' },
      guardrails: [{ name: 'injection', version: '1', verdict: n % 10 === 0 ? 'fail' : 'pass' }],
      output: {
        action: { name: 'claim.settle', tier: 'bounded' },
        outcome: {
          verdict: n % 5 === 0 ? 'refuse' : 'allow',
          source: 'gateway',
          ...(n % 5 === 0 ? { control: 'threshold', rule: 'large-claim' } : {}),
          reason_code: 'story',
        },
      },
    },
  };
}

test('a search is narrowed by facet, by time and by terms, kept, shared and taken out whole', async ({
  page,
  gateway,
  signInAs,
  openAs,
}) => {
  const sender = await gateway({ tenant: 'north' });
  const startMs = (Math.floor(Date.now() / DAY_MS) - 30) * DAY_MS;
  const records = Array.from({ length: 40 }, (_, n) => decisionAt(n, startMs));
  for (const sent of await sender.recordMany(records)) required(sent);

  await signInAs({ role: 'compliance', tenant: 'north' });
  await page.goto(`/decisions?q=agent:${AGENT}`);
  const total = page.getByRole('heading', { name: 'Decisions' }).locator('xpath=following-sibling::span[1]');
  await expect(total).toHaveText('40 decisions');
  await expectAccessible(page);

  // The address is the state of a facet: the box follows it.
  await page.getByRole('checkbox', { name: /refused/ }).click();
  await expect(total).toHaveText('8 decisions');
  await page.getByRole('checkbox', { name: /vendor\/north@1/ }).click();
  await expect(page).toHaveURL(/model/);
  await expect(total).toHaveText('2 decisions');
  await page.getByRole('button', { name: /^Remove model/ }).click();
  await page.getByRole('button', { name: /^Remove outcome/ }).click();

  // Half of the bars, by dragging; the same days by keyboard.
  const bars = page.getByRole('img', { name: /^40 decisions from/ });
  const box = await bars.boundingBox();
  if (!box) throw new Error('no histogram');
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/after.*before/);
  await expect(total).toHaveText('20 decisions');
  await page.getByRole('button', { name: 'All time' }).click();
  await expect(total).toHaveText('40 decisions');
  await page
    .getByLabel('from', { exact: true })
    .fill(new Date(startMs + 10 * DAY_MS).toISOString().slice(0, 10));
  await expect(total).toHaveText('20 decisions');

  await page.getByLabel('Search decisions').fill('guardrail:injection=fail');
  await page.getByLabel('Search decisions').press('Enter');
  await expect(total).toHaveText('2 decisions');
  await page.getByRole('button', { name: 'Saved searches' }).click();
  await page.getByLabel('Keep this search as').fill('Injections that were stopped');
  await page.getByLabel(/Share it with everybody/).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('yours, shared')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'List' }).click();
  await page.getByRole('button', { name: 'NDJSON' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trimEnd()
    .split('\n');
  await expect(page.getByText('2 decisions, handed to your downloads whole.')).toBeVisible();
  expect(lines.map((line) => JSON.parse(line)).at(-1)).toEqual({ end: true, rows: 2 });
  await page.keyboard.press('Escape');

  const auditor = await openAs({ role: 'auditor', tenant: 'north' });
  await auditor.page.goto('/decisions');
  await auditor.page.getByRole('button', { name: 'Saved searches' }).click();
  await auditor.page.getByRole('button', { name: 'Injections that were stopped' }).click();
  await expect(auditor.page).toHaveURL(/guardrail/);
  await expect(auditor.page.getByText('2 shown, and there are no more')).toBeVisible();
});
