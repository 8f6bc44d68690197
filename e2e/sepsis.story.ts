import { randomInt } from 'node:crypto';
import type { Page } from '@playwright/test';
import { playAdmission } from './fixtures/admission';
import { expectAccessible } from './fixtures/expect-accessible';
import { expect, test } from './fixtures/story';
import { waitUntilCovered } from './fixtures/tamper';

const CASE = 'SB-2026-118';

/** Fills purpose and case of whichever dialog is open. */
async function giveReason(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Purpose').selectOption({ label: 'Incident in care' });
  await dialog.getByLabel('Case number').fill(CASE);
}

/** Every line of the Verification tab that is not about what this browser or a witness has not seen yet is VALID. */
async function expectAllValid(page: Page, decision: string): Promise<void> {
  await page.goto(`/decisions/${decision}?tab=verification`);
  await expect(page.getByText('computed in this browser')).toBeVisible({ timeout: 30_000 });
  const verdicts = await page
    .locator('[data-check]')
    .evaluateAll((all) =>
      all.map((line) => [line.getAttribute('data-check'), line.getAttribute('data-verdict')] as const),
    );
  expect(verdicts.filter(([, verdict]) => verdict === 'invalid')).toEqual([]);
  const valid = verdicts.flatMap(([id, verdict]) => (verdict === 'valid' ? [id] : []));
  for (const id of ['record.signature', 'record.place', 'chain.link', 'log.inclusion', 'log.checkpoint'])
    expect(valid).toContain(id);
}

test('on the morning of the admission, what data did the AI have, what did it decide, and why?', async ({
  page,
  console: state,
  signInAs,
  openAs,
  database,
}) => {
  test.setTimeout(240_000);
  const mrn = `MRN-${String(randomInt(10_000_000, 99_999_999))}`;
  const digits = mrn.slice(4);
  const { token, decisions, asked, input } = await playAdmission(state, 'south', mrn);
  await waitUntilCovered(database, 'south');
  await signInAs({ role: 'compliance', tenant: 'south' });
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));

  await test.step('from the real identifier to every decision about the patient, the look recorded', async () => {
    await page.goto('/decisions?q=after:2026-06-01 before:2026-09-01');
    await page.getByRole('button', { name: 'I only have the real identifier' }).click();
    const dialog = page.getByRole('dialog', { name: 'Find by a real identifier' });
    await dialog.getByLabel('What it is').selectOption({ label: 'Medical record number' });
    await dialog
      .getByLabel('Identifier', { exact: true })
      .fill(`mrn ${digits.slice(0, 4)} ${digits.slice(4)}`);
    await giveReason(page);
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Look it up and record' }).press('Enter');
    await expect(page).toHaveURL(new RegExp(`subject(:|%3A)${token}`));
    await expect(page.getByText(`${decisions.length} decisions`, { exact: true }).first()).toBeVisible();
  });

  await test.step('the one of 06:42: what it had, hashed here, and why it waited', async () => {
    await page.goto(`/decisions/${asked}`);
    await expect(page.getByText('06:42').first()).toBeVisible();
    await expect(page.getByText('vitals-stale').first()).toBeVisible();
    await page.getByRole('button', { name: /^Read it: Input/ }).click();
    await giveReason(page);
    await page.getByRole('button', { name: 'Record and read' }).click();
    await expect(page.getByText('re-hashed here').last()).toBeVisible();
    await expect(page.getByText('as the signed record says')).toBeVisible();
    await expect(page.getByText(JSON.parse(input).lactate_drawn_at).first()).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('its lineage, and all checks', async () => {
    await page.goto(`/decisions/${asked}?tab=lineage`);
    const tree = page.getByRole('tree', { name: 'Lineage as a list' });
    await expect(tree.getByRole('treeitem').nth(3)).toBeVisible();
    await expectAllValid(page, asked);
  });

  await test.step('a package of everything between June and August', async () => {
    await page.goto(`/decisions?q=subject:${token} after:2026-06-01 before:2026-09-01`);
    await page.getByRole('button', { name: 'Evidence' }).click();
    const dialog = page.getByRole('dialog', { name: 'Evidence package' });
    await dialog.getByLabel('Purpose').selectOption({ label: 'Internal audit' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.evidence\.zip$/);
  });

  await test.step('data protection sees who looked, when, why and at what', async () => {
    const { page: desk } = await openAs({ role: 'data_protection', tenant: 'south' });
    await desk.goto('/vault');
    const row = desk.getByRole('row').filter({ hasText: 'from a medical record number to' }).first();
    await expect(row).toContainText(CASE);
    await expect(row).toContainText('Incident in care');
    await expectAccessible(desk);
  });

  await test.step('the identifier is in no address, no record and no row', async () => {
    const spellings = [
      digits,
      `${digits.slice(0, 4)}%20${digits.slice(4)}`,
      `${digits.slice(0, 4)}+${digits.slice(4)}`,
    ];
    expect(addresses.filter((url) => spellings.some((spelling) => url.includes(spelling)))).toEqual([]);
    expect(page.url()).not.toContain(digits);
    const { rows } = await database.query<{ text: string }>(
      `SELECT convert_from(envelope, 'UTF8')::jsonb ->> 'payload' AS text FROM records WHERE tenant = 'south'`,
    );
    const payloads = rows.map(({ text }) => Buffer.from(text, 'base64').toString('utf8'));
    expect(payloads.filter((payload) => payload.includes(digits))).toEqual([]);
  });
});

test('after its retention, under a hold, and after the erasure: the contents go, the proof stands', async ({
  page,
  console: state,
  signInAs,
  openAs,
  database,
  errors,
}) => {
  test.setTimeout(240_000);
  // The refusal under the hold is a 409, which the browser notes as an error.
  errors.allow(/409/);
  const { token, asked } = await playAdmission(state, 'south', `MRN-${randomInt(10_000_000, 99_999_999)}`);
  await waitUntilCovered(database, 'south');
  await signInAs({ role: 'compliance', tenant: 'south' });
  const { page: desk } = await openAs({ role: 'data_protection', tenant: 'south' });

  await test.step('under a hold an erasure is refused, and says so', async () => {
    await page.goto('/vault?tab=holds');
    await page.getByRole('button', { name: 'Place a hold' }).click();
    const dialog = page.getByRole('dialog', { name: 'Place a legal hold' });
    await dialog.getByLabel('Subject tokens').fill(token);
    await dialog.getByLabel('Case number of the hold').fill(CASE);
    await dialog
      .getByLabel('Reason', { exact: true })
      .selectOption({ label: 'Litigation, pending or expected' });
    await dialog.getByLabel('In your own words').fill('A claim over the admission is expected.');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Place and record' }).click();
    await expect(page.getByText('It keeps').first()).toBeVisible();
    await page.goto('/vault?tab=erasures');
    await askToErase(page, token);
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
      'A legal hold covers this subject',
    );
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('two people release the hold', async () => {
    await page.goto('/vault?tab=holds');
    const item = page.locator('.vlist > li').first();
    await item.getByRole('button', { name: 'Ask to release it' }).click();
    await giveReason(page);
    await page.getByRole('button', { name: 'Ask a second person' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await desk.goto('/vault?tab=requests');
    await desk
      .getByRole('button', { name: /^Grant: Release a legal hold/ })
      .first()
      .click();
    await expect(item).toContainText('released');
  });

  await test.step('past its time the input is gone by schedule, and its digest still proves', async () => {
    await database.query(`SELECT ensure_payload_partition(now() - interval '1 minute')`);
    await database.query(
      `UPDATE payloads SET expires_at = now() - interval '1 minute'
        WHERE tenant = 'south' AND ref IN (SELECT ref FROM payloads WHERE subjects @> ARRAY[$1] AND kind = 'producer_payload')`,
      [token],
    );
    await expect(async () => {
      await page.goto(`/decisions/${asked}`);
      await expect(page.getByText('by the retention schedule').first()).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 60_000 });
    await expectAccessible(page);
    await expectAllValid(page, asked);
  });

  await test.step('erased by two people: the person is gone, the proof stands', async () => {
    await page.goto('/vault?tab=erasures');
    await askToErase(page, token);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await desk.goto('/vault?tab=requests');
    await desk
      .getByRole('button', { name: /^Grant: Erase a subject/ })
      .first()
      .click();
    await expect(page.getByText('Destroyed: 1 data key').first()).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
    await waitUntilCovered(database, 'south');
    await page.goto(`/decisions/${asked}`);
    await expect(page.getByText('The person is gone; the proof stands')).toBeVisible();
    await expectAllValid(page, asked);
  });
});

async function askToErase(page: Page, token: string): Promise<void> {
  await page.getByRole('button', { name: 'Ask to erase a subject' }).click();
  await page.getByRole('dialog').getByLabel('Subject token').fill(token);
  await giveReason(page);
  await page.getByRole('button', { name: 'Ask a second person' }).click();
}
