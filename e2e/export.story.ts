import { readFile } from 'node:fs/promises';
import type { Download } from '@playwright/test';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { openEvidencePackage } from '@/lib/evidence/package/open-package';
import { verifyEvidencePackage } from '@/lib/evidence/package/verify-package';
import { expectAccessible } from './fixtures/expect-accessible';
import { askPeople, payment, uniqueName } from './fixtures/payment';
import { expect, test } from './fixtures/story';
import { waitUntilCovered } from './fixtures/tamper';

async function open(download: Download) {
  const bytes = new Uint8Array(await readFile(await download.path()));
  const opened = await openEvidencePackage(bytes);
  if (!opened.ok) throw new Error(opened.code);
  return { bytes, pkg: opened.value };
}

test('an auditor takes one decision away, by keyboard, and it verifies without the console', async ({
  page,
  signInAs,
  gateway,
  database,
}) => {
  const { tenant } = await signInAs({ role: 'auditor' });
  const { decisionId: id } = await askPeople(
    await gateway(),
    payment({ payee: uniqueName('Nova Electronics') }),
  );
  await waitUntilCovered(database, tenant);
  await page.goto(`/decisions/${id}`);
  await page.getByRole('link', { name: 'Export' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Signed records')).toBeVisible();
  // Payloads are not an auditor's to take.
  await expect(page.getByLabel('Include payloads')).toHaveCount(0);
  await expectAccessible(page);

  await page.getByLabel('Purpose').focus();
  await page.keyboard.type('External');
  await page.keyboard.press('Tab');
  await page.keyboard.type('FI 2026');
  await expect(page.getByText('without spaces')).toBeVisible();
  await page.getByLabel('Case reference').fill('FI-2026-118');
  await page.getByLabel('For whom').fill('Statutory auditor');
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  await expect(page.getByText('SHA-256 of the file')).toBeVisible();
  await expectAccessible(page);

  const { bytes, pkg } = await open(download);
  await expect(page.getByText(formatDigest('sha-256', sha256(bytes)).slice(8)).first()).toBeVisible();
  expect(pkg.manifest.export).toMatchObject({
    purpose: 'external-audit',
    caseReference: 'FI-2026-118',
    recipient: 'Statutory auditor',
    scope: { kind: 'decision', decision: id },
  });
  const verified = await verifyEvidencePackage(pkg, pkg.offered.roots, {
    clock: () => performance.now(),
    nowMs: Date.now(),
  });
  expect(verified.checks.filter(({ verdict }) => verdict !== 'valid')).toEqual([]);
  const lines = verified.decisions.flatMap(({ checks }) => checks);
  expect(lines.filter(({ verdict }) => verdict === 'invalid')).toEqual([]);
  expect(lines.find(({ id: line }) => line === 'record.signature')?.verdict).toBe('valid');
});

test('a compliance officer exports what a search finds, and a reviewer is offered neither', async ({
  page,
  signInAs,
  openAs,
  gateway,
}) => {
  await signInAs({ role: 'compliance' });
  const { decisionId: id } = await askPeople(await gateway(), payment({ payee: uniqueName('Kestrel') }));
  await page.goto('/decisions?q=outcome:escalate');
  await page.getByRole('button', { name: 'Evidence' }).click();
  const dialog = page.getByRole('dialog', { name: 'Evidence package' });
  await expect(dialog.getByText('Records and proofs')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel('Purpose').selectOption({ label: 'Internal audit' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Export' }).click(),
  ]);
  const { pkg } = await open(download);
  expect(pkg.manifest.export.scope).toEqual({ kind: 'search', query: 'outcome:escalate' });
  expect(pkg.manifest.decisions.map(({ row }) => row.id)).toContain(id);
  expect(pkg.manifest.decisions.every(({ row }) => row.verdict === 'escalate')).toBe(true);

  const { page: other } = await openAs({ role: 'reviewer' });
  await other.goto('/decisions');
  await expect(other.getByRole('heading', { level: 1, name: 'Decisions' })).toBeVisible();
  await expect(other.getByRole('button', { name: 'Evidence' })).toHaveCount(0);
  await other.goto(`/decisions/${id}?tab=export`);
  await expect(other.getByRole('link', { name: 'Raw' })).toBeVisible();
  await expect(other.getByRole('link', { name: 'Export' })).toHaveCount(0);
});

test('an export that is stopped saves nothing, and says so', async ({ page, signInAs, gateway, errors }) => {
  errors.allow(/Failed to load resource|aborted/i);
  await signInAs({ role: 'auditor' });
  const { decisionId: id } = await askPeople(await gateway(), payment({ payee: uniqueName('Halcyon') }));
  await page.goto(`/decisions/${id}?tab=export`);
  await expect(page.getByText('Signed records')).toBeVisible();
  // The answer is held back, as by a slow network, so that there is something to stop.
  await page.route('**/api/v1/evidence', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await route.continue().catch(() => {});
  });
  await page.getByLabel('Purpose').selectOption({ label: 'Internal audit' });
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('You stopped the export')).toBeVisible();
  await expect(page.getByText('SHA-256 of the file')).toHaveCount(0);
});
