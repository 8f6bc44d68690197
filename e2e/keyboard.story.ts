import type { Page } from '@playwright/test';
import { askPeople, payment, required, uniqueName } from './fixtures/payment';
import { queueRow, REASON_TEXT } from './fixtures/review';
import { expect, test } from './fixtures/story';

/** Something has the focus, and one can see what. */
async function expectFocusSeen(page: Page): Promise<void> {
  const focus = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const shown = (each: Element | null) => {
      if (!each) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    };
    // A radio button hides behind its label and a search box behind its frame: the ring is around those.
    const isSeen = shown(element) || shown(element.closest('label, form, .palette-in, dialog'));
    // Where one types, the caret tells.
    const hasCaret =
      element.matches('input[type="text"], input:not([type]), input[type="search"], textarea') &&
      !getComputedStyle(element).caretColor.endsWith(', 0)');
    return { what: element.outerHTML.slice(0, 120), isSeen: isSeen || hasCaret };
  });
  expect(focus, 'nothing has the focus').not.toBeNull();
  expect(focus?.isSeen, `the focus cannot be seen: ${focus?.what}`).toBe(true);
}

/** Tabs on until `name` has the focus; fails when that takes more than a screen's worth of stops. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const target = page.getByRole('button', { name }).first();
  for (let stop = 0; stop < 12; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    await expectFocusSeen(page);
  }
  throw new Error(`Twelve tab stops did not reach ${name}.`);
}

test('a whole approval by keyboard: list, page, reading, reason, signature', async ({
  page,
  gateway,
  signInAs,
}) => {
  const bank = await gateway();
  const payee = uniqueName('Orbit Audio');
  const asked = await askPeople(bank, payment({ payee }), { expiresInMs: 100_000 });
  await signInAs({ role: 'reviewer' });
  await page.goto('/queue');
  const row = queueRow(page, payee);
  await expect(row).toBeVisible();
  for (let press = 0; press < 30 && (await row.getAttribute('aria-current')) !== 'true'; press++) {
    await page.keyboard.press('j');
    await page.waitForTimeout(50);
  }
  await expect(row).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/queue/${asked.task.id}$`));
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(payee) })).toBeVisible();

  const sections = page.getByRole('navigation', { name: 'Sections' });
  for (const [key, id] of [
    ['1', 'action'],
    ['2', 'why'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.locator(`#${id}`)).toBeFocused();
    const link = sections.locator(`a[href="#${id}"]`);
    await expect(async () => {
      await page.keyboard.press(key);
      await expect(link).not.toContainText('to read', { timeout: 7_000 });
    }).toPass({ timeout: 30_000 });
  }

  await page.keyboard.press('a');
  await expect(page.getByLabel('Reason')).toBeFocused();
  await expectFocusSeen(page);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel('Reason')).not.toHaveValue('');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('In your words')).toBeFocused();
  await page.keyboard.type(REASON_TEXT);
  // What is typed is text, not a shortcut: `a`, `d` and `n` stand in it.
  await expect(page.getByLabel('In your words')).toHaveValue(REASON_TEXT);
  await tabTo(page, /^Review what you sign$/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.sign-box')).toBeFocused();
  await tabTo(page, /^Sign: approve/);
  await page.keyboard.press('Enter');
  await expect(page.locator('#decide')).toBeFocused();
  await expect(page.locator('#decide')).toContainText('A token was issued after the record was written.');
  const task = required(await bank.wait(asked.task.id, { timeoutMs: 5_000 }));
  required(bank.verify(task.approval?.token ?? '', asked.action));
});

test('the sheet of keys and the palette take the focus, and give it back', async ({
  page,
  gateway,
  signInAs,
}) => {
  const asked = await askPeople(await gateway(), payment());
  await signInAs({ role: 'reviewer' });
  await page.goto('/queue');
  const row = queueRow(page, '').first();
  await row.focus();

  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Open the form to approve' })).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true);
  // Behind the sheet no key works.
  const before = page.url();
  await page.keyboard.press('j');
  expect(page.url()).toBe(before);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(row).toBeFocused();

  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: /^Find an id/ });
  await expect(box).toBeFocused();
  await expectFocusSeen(page);
  await page.keyboard.press('Escape');
  await expect(row).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type(asked.task.id);
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/queue/${asked.task.id}$`));
  await page.keyboard.press('Control+k');
  await page.keyboard.type('decisions');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/decisions$/);
  await expect(page.getByLabel('Search decisions')).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search decisions')).toBeFocused();
  await page.keyboard.type(`agent:payments-agent`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=agent/);
});

test('the first stop of every page leads past the frame', async ({ page, signInAs }) => {
  await signInAs({ role: 'auditor' });
  await page.goto('/decisions');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await expectFocusSeen(page);
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});
