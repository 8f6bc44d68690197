import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { expectAccessible } from './fixtures/expect-accessible';
import { expect, test } from './fixtures/story';

const newVkey = (name: string): string =>
  formatNoteKey(noteKeyOf(name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(new Uint8Array(randomBytes(32)))));

test('an administrator adds a witness that is away, reads why it fails, and disables it', async ({
  page,
  signInAs,
  errors,
}) => {
  errors.allow(/status of 400/);
  const name = `away-${Date.now()}`;
  await signInAs({ role: 'admin' });
  await page.goto('/settings/witnesses');
  const own = page.getByRole('row').filter({ hasText: 'demo-witness' }).first();
  await expect(own).toContainText('demo witness');
  await expect(own).toContainText('for every checkpoint');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Add a witness' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9');
  await dialog.getByLabel('Verifier key').fill('not a key');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('vkey');
  await expectAccessible(page);
  await dialog.getByLabel('Verifier key').fill(newVkey('away.example'));
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('none yet');
  // Nobody said that it may be on this machine, so it is not even called.
  await expect(async () => {
    await page.reload();
    await expect(row).toContainText('its address may not be called from here', { timeout: 1_000 });
  }).toPass();
  await row.getByRole('button', { name: `Edit ${name}` }).click();
  await dialog.getByLabel('It may be at an address of this machine').check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(async () => {
    await page.reload();
    await expect(row).toContainText('it does not answer', { timeout: 1_000 });
  }).toPass();
  await row.getByRole('button', { name: `Disable ${name}` }).click();
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click();
  await expect(row).toContainText('disabled');
});

test('a root is pinned by its file after its fingerprint was shown, and trusted no more when it is unpinned', async ({
  page,
  signInAs,
  openAs,
}) => {
  const name = `partner-${Date.now()}.example`;
  await signInAs({ role: 'admin' });
  await page.goto('/settings/witnesses');
  await page.getByRole('button', { name: 'Pin a file' }).click();
  const dialog = page.getByRole('dialog');
  const choose = (file: string, content: string) =>
    dialog
      .getByLabel('File')
      .setInputFiles({ name: file, mimeType: 'text/plain', buffer: Buffer.from(content) });
  await choose('notes.txt', 'hello');
  await dialog.getByRole('button', { name: 'Read the file' }).click();
  await expect(dialog.getByRole('alert')).toContainText('no file of keys');
  await choose('partner.vkey', `${newVkey(name)}\n`);
  await dialog.getByRole('button', { name: 'Read the file' }).click();
  await expect(dialog).toContainText(name);
  const fingerprint = /sha-256:[0-9a-f]{64}/.exec((await dialog.textContent()) ?? '')?.[0] ?? 'none';
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText(fingerprint);
  await expect(row).toContainText('by Administrator of north');

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Trust file' }).click();
  const file = readFileSync(await (await download).path(), 'utf8');
  expect(JSON.parse(file)).toMatchObject({ format: 'countersign/trust/v1' });
  expect(file).toContain(fingerprint);

  const auditor = await openAs({ role: 'auditor', tenant: 'south' });
  await auditor.page.goto('/settings/witnesses');
  const seen = auditor.page.getByRole('row').filter({ hasText: name });
  await expect(seen).toContainText('by an administrator of another organisation');
  await expect(auditor.page.getByRole('button', { name: 'Pin a file' })).toBeHidden();
  await expect(auditor.page.getByRole('button', { name: /^Unpin/ })).toHaveCount(0);

  await row.getByRole('button', { name: `Unpin ${name}` }).click();
  await dialog.getByRole('button', { name: 'Unpin', exact: true }).click();
  await expect(row).toContainText('unpinned');
});

test('the log says who has seen it, on every page and on its own', async ({ page, signInAs }) => {
  await signInAs({ role: 'auditor' });
  await page.goto('/integrity');
  for (const witness of ['demo-witness', 'demo-time-stamping']) {
    const line = page.locator(`[data-witness="${witness}"]`);
    await expect(line).toContainText('VALID');
    await expect(line).toContainText('demo witness');
  }
  await expect(page.locator('header .pill')).toContainText(/witnessed/);
  await expect(page.locator('header .pill')).toContainText(/\d of \d witnesses/);
  await expectAccessible(page);
});
