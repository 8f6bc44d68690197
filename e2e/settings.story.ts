import { generateKeyPairSync } from 'node:crypto';
import { expectAccessible } from './fixtures/expect-accessible';
import { expect, test } from './fixtures/story';

test('an administrator registers a producer, rotates its key and retires the old one', async ({
  page,
  signInAs,
}) => {
  const name = `Refunds ${Date.now()}`;
  const id = `spiffe://north.example/gateway/refunds-${Date.now()}`;
  const pem = (): string =>
    generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString();
  await signInAs({ role: 'admin' });
  await page.goto('/settings');
  await expect(page).toHaveURL(/\/settings\/producers$/);
  const dialog = page.getByRole('dialog');
  // A button that the server drew does nothing until the page's script is there.
  await expect(async () => {
    await page.getByRole('button', { name: 'Register a producer' }).click();
    await expect(dialog).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('SPIFFE ID').fill(id);
  await dialog
    .getByLabel('Ed25519 public key')
    .fill('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----');
  await dialog.getByRole('button', { name: 'Register' }).click();
  await expect(dialog.getByText('That is a private key')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel('Ed25519 public key').fill(pem());
  await dialog.getByRole('button', { name: 'Register' }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText(id);
  await row.getByRole('button', { name: `Add a key to ${name}` }).click();
  await dialog.getByLabel('Ed25519 public key').fill(pem());
  await dialog.getByRole('button', { name: 'Add the key' }).click();
  await expect(row.getByRole('button', { name: /^Retire key/ })).toHaveCount(2);
  await row
    .getByRole('button', { name: /^Retire key/ })
    .first()
    .click();
  await dialog.getByRole('button', { name: 'Retire for good' }).click();
  await expect(row.getByRole('button', { name: /^Retire key/ })).toHaveCount(1);
  await expect(row).toContainText('retired');
  await expectAccessible(page);
});

test('a lowered threshold is called that before it is put in force', async ({ page, signInAs }) => {
  await signInAs({ role: 'admin', tenant: 'south' });
  await page.goto('/settings/policy');
  const editor = page.getByLabel('Policy document (JSON)');
  const text = await editor.inputValue();
  const publish = page.getByRole('button', { name: /^Put version \d+ in force$/ });
  await editor.fill('{ "id": ');
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(editor).toHaveAttribute('aria-invalid', 'true');
  await editor.fill(text.replace('"500"', '"250"'));
  await expect(publish).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.getByText('threshold large-payment lowered from 500 to 250')).toBeVisible();
  await expectAccessible(page);
  await publish.click();
  await expect(page.getByRole('heading', { name: /story-payments, version 2/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Put version 3 in force' })).toBeVisible();
});

test('an administrator sets what a person may approve, and nobody else may change anything', async ({
  page,
  signInAs,
  openAs,
  errors,
}) => {
  errors.allow(/status of 409/);
  await signInAs({ role: 'admin' });
  await page.goto('/settings/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  const email = `new-${Date.now()}@north.example`;
  await dialog.getByLabel('Name').fill('Noor Haddad');
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByLabel('Reviewer', { exact: true }).check();
  await dialog.getByLabel('Administrator').check();
  await dialog.getByLabel('May approve').selectOption('bounded');
  await dialog.getByLabel('Up to these amounts').fill('2500 eur, 900 USD');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel('Administrator').uncheck();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: email });
  await expect(row).toContainText('2,500.00');
  await row.getByRole('button', { name: /^Remove/ }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(row).toHaveCount(0);

  const auditor = await openAs({ role: 'auditor' });
  await auditor.page.goto('/settings/people');
  await expect(auditor.page.getByRole('heading', { name: /Settings of North Bank/ })).toBeVisible();
  await expect(auditor.page.getByRole('button', { name: 'Add a person' })).toHaveCount(0);
  const refused = await auditor.page.request.post('/api/v1/people', {
    headers: { 'sec-fetch-site': 'same-origin' },
    data: { email, name: 'X', roles: ['admin'], authority: null },
  });
  expect(refused.status()).toBe(403);
  const reviewer = await openAs({ role: 'reviewer' });
  await reviewer.page.goto('/settings/people');
  await expect(reviewer.page).toHaveURL(/\/queue/);
});

test('every part of the settings is accessible in the dark and on a phone', async ({ page, signInAs }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAs({ role: 'admin' });
  for (const section of ['producers', 'people', 'policy', 'witnesses', 'connect']) {
    await page.goto(`/settings/${section}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${section} scrolls sideways`).toBeLessThanOrEqual(0);
  }
});
