import type { Page } from '@playwright/test';
import { parseToken } from '@/lib/tokens/token';
import { expectAccessible } from './fixtures/expect-accessible';
import { askPeople, closing, required } from './fixtures/payment';
import { callReview, decide, openReview, readRequired, verdictOf } from './fixtures/review';
import { expect, test } from './fixtures/story';
import { addAuthenticator } from './fixtures/virtual-authenticator';

/** From the account menu by keyboard, then one form. */
async function registerPasskey(page: Page, personName: string, device: string): Promise<void> {
  await page.goto('/queue');
  await page.getByRole('button', { name: personName }).press('Enter');
  await page.getByRole('menuitem', { name: 'Your passkeys' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Your passkeys' })).toBeVisible();
  await page.getByLabel('Name of the device').fill(device);
  await page.getByLabel('Name of the device').press('Enter');
  await expect(page.getByText('Registered and recorded.')).toBeVisible();
  await expect(page.getByRole('cell', { name: new RegExp(`^${device}`) })).toBeVisible();
}

test('two passkeys close an account; the token says so, and the page verifies both', async ({
  page,
  gateway,
  signInAs,
  openAs,
  errors,
}) => {
  errors.allow(/status of 409/);
  const bank = await gateway({ tenant: 'west' });
  const { task, action, decisionId } = await askPeople(bank, closing());

  const senior = await openAs({ role: 'senior_reviewer', tenant: 'west' });
  await openReview(senior.page, task.id);
  await expect(senior.page.getByText('You need a passkey to approve this')).toBeVisible();
  await expectAccessible(senior.page);
  await readRequired(senior.page);
  const bySession = await verdictOf(senior.page, task.id, 'approve');
  expect(await callReview(senior.page, task.id, 'decide', bySession)).toMatchObject({
    status: 409,
    body: { code: 'passkey_required' },
  });

  const first = await signInAs({ role: 'reviewer', tenant: 'west' });
  await addAuthenticator(page);
  await registerPasskey(page, first.name, 'Office laptop');
  await expectAccessible(page);
  await openReview(page, task.id);
  await readRequired(page);
  await decide(page, 'approve', 'matches-evidence');
  await expect(page.getByText('Your verdict is signed and recorded').first()).toBeVisible();

  const second = await openAs({ role: 'reviewer', tenant: 'west', second: true });
  await addAuthenticator(second.page);
  await registerPasskey(second.page, second.person.name, 'Phone');
  await openReview(second.page, task.id);
  await readRequired(second.page);
  await decide(second.page, 'approve', 'matches-evidence');

  const answered = required(await bank.wait(task.id, { timeoutMs: 30_000 }));
  expect(answered.status).toBe('approved');
  const { id: approvalId, token = '' } = answered.approval ?? { id: '', token: '' };
  const parsed = parseToken(token);
  expect(parsed.ok && parsed.value.claims.approvals.map(({ method }) => method)).toEqual([
    'passkey',
    'passkey',
  ]);
  required(await bank.redeem({ approvalId, token, action }));

  const auditor = await openAs({ role: 'auditor', tenant: 'west' });
  await auditor.page.goto(`/decisions/${decisionId}?tab=verification`);
  for (const line of ['Passkey 1 of 2', 'Passkey 2 of 2'])
    await expect(auditor.page.getByRole('listitem').filter({ hasText: line }).first()).toContainText(
      'VALID',
      {
        timeout: 30_000,
      },
    );
});

test('a lost device is ended by an administrator and replaced with a one-time link', async ({
  page,
  signInAs,
  openAs,
}) => {
  const person = await signInAs({ role: 'auditor', tenant: 'west' });
  await addAuthenticator(page);
  await page.goto('/passkeys');
  await page.getByLabel('Name of the device').fill('Lost phone');
  await page.getByRole('button', { name: 'Register a passkey' }).click();
  await expect(page.getByText('Registered and recorded.')).toBeVisible();

  const admin = await openAs({ role: 'admin', tenant: 'west' });
  await admin.page.goto('/settings/people');
  await admin.page.getByRole('button', { name: `1 passkey of ${person.name}` }).click();
  await admin.page.getByRole('button', { name: 'End Lost phone' }).click();
  await admin.page.getByRole('button', { name: 'End it for good' }).click();
  await expect(admin.page.getByText('No passkey is in use.')).toBeVisible();
  await admin.page.getByRole('button', { name: 'Make a one-time link' }).click();
  const address = await admin.page.getByText(/\/passkeys#/).textContent();
  await expectAccessible(admin.page);

  await page.reload();
  await expect(page.getByText('Your passkeys are gone')).toBeVisible();
  await page.goto(/\S+\/passkeys#\S{43}/.exec(address ?? '')?.[0] ?? '');
  await page.reload();
  await page.getByLabel('Name of the device').fill('New phone');
  await page.getByRole('button', { name: 'Register a passkey' }).click();
  await expect(page.getByText('Registered and recorded.')).toBeVisible();
  await expect(page.getByText('Lost, ')).toBeVisible();
});
