import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/expect-accessible';
import { askPeople, ON_TOP, payment, required, uniqueName } from './fixtures/payment';
import {
  callReview,
  decide,
  fillVerdict,
  openReview,
  queueRow,
  reviewButton,
  signButton,
  verdictOf,
} from './fixtures/review';
import { expect, test } from './fixtures/story';

/** The last section, which tells how it ended. */
const ending = (page: Page) => page.locator('#decide');

test('a denial needs no reading, and the gateway is told its reason code and nothing else', async ({
  page,
  gateway,
  signInAs,
}) => {
  const bank = await gateway();
  const asked = await askPeople(bank, payment());
  const waiting = bank.wait(asked.task.id, { timeoutMs: 60_000 });
  await signInAs({ role: 'reviewer' });
  await openReview(page, asked.task.id);
  await page.keyboard.press('d');
  await fillVerdict(page, 'deny', 'looks-manipulated', '............');
  await reviewButton(page).click();
  await expect(page.getByText('in at least 12 letters that say something')).toBeVisible();
  await expect(signButton(page)).toHaveCount(0);
  await decide(page, 'deny', 'looks-manipulated', 'The payee was changed inside the retrieved mail.');
  await expect(ending(page)).toContainText('The gateway has been told; nothing may be done.');
  await expect(ending(page)).toContainText('The payee was changed inside the retrieved mail.');
  await expect(page.locator('.token')).toHaveCount(0);
  await expectAccessible(page);
  const task = required(await waiting);
  expect(task).toMatchObject({ status: 'denied', denialReason: 'looks-manipulated', approval: null });
  expect(JSON.stringify(task)).not.toContain('retrieved mail');
});

test('an escalation that runs out while somebody reads it has expired, and is nobody’s denial', async ({
  page,
  gateway,
  signInAs,
}) => {
  const bank = await gateway();
  const asked = await askPeople(bank, payment(), { expiresInMs: 9_000 });
  const waiting = bank.wait(asked.task.id, { timeoutMs: 60_000 });
  await signInAs({ role: 'reviewer' });
  await openReview(page, asked.task.id);
  await page.keyboard.press('d');
  await fillVerdict(page, 'deny', 'not-verified');
  await expect(page.locator('.notices').getByText('Expired', { exact: true })).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.getByText('That is recorded as expired, not as a denial.').first()).toBeVisible();
  await expect(ending(page)).toContainText('Recorded as expired, not as a denial. No token exists.');
  await expect(ending(page)).not.toContainText('Denied');
  await expect(signButton(page)).toHaveCount(0);
  await expectAccessible(page);
  expect(required(await waiting)).toMatchObject({ status: 'expired', denialReason: null, approval: null });

  const late = await callReview(page, asked.task.id, 'decide', await verdictOf(page, asked.task.id, 'deny'));
  expect(late).toMatchObject({ status: 409, body: { code: 'late_verdict' } });
});

test('a gateway that withdraws its request ends the review that is open', async ({
  page,
  gateway,
  signInAs,
}) => {
  const bank = await gateway();
  const asked = await askPeople(bank, payment());
  await signInAs({ role: 'reviewer' });
  await openReview(page, asked.task.id);
  required(await bank.cancel(asked.task.id));
  await expect(page.getByText('Cancelled by the gateway')).toBeVisible();
  await expect(ending(page)).toContainText('Withdrawn by the gateway. No token exists.');
  await expect(page.getByRole('radio')).toHaveCount(0);
  await expectAccessible(page);
  expect(await bank.cancel(asked.task.id)).toMatchObject({ ok: false, status: 409 });
});

test('what the second reviewer decides is told in place to the first, in the queue and on the page', async ({
  page,
  gateway,
  signInAs,
  openAs,
}) => {
  const bank = await gateway();
  const payee = uniqueName('Orbit Audio');
  const asked = await askPeople(bank, payment({ payee }), ON_TOP);
  await signInAs({ role: 'reviewer' });
  await page.goto('/queue');
  await expect(queueRow(page, payee)).toContainText('Unclaimed');
  const watching = await openAs({ role: 'senior_reviewer' });
  await openReview(watching.page, asked.task.id);
  const second = await openAs({ role: 'reviewer', second: true });
  await openReview(second.page, asked.task.id);
  await second.page.keyboard.press('d');
  await expect(queueRow(page, payee)).toContainText(second.person.name);
  await expect(watching.page.getByText(`${second.person.name} is deciding this`)).toBeVisible();
  await decide(second.page, 'deny', 'wrong-details');
  await expect(queueRow(page, payee)).toContainText('Denied');
  await expect(queueRow(page, payee)).toContainText(`by ${second.person.name}`);
  await expect(ending(watching.page)).toContainText(`Denied by ${second.person.name}`);
  await expect(watching.page.getByRole('radio')).toHaveCount(0);
  await expectAccessible(page);
});

test('two reviewers decide in the same instant: one wins, the other is told', async ({ gateway, openAs }) => {
  const bank = await gateway();
  const asked = await askPeople(bank, payment());
  const people = [await openAs({ role: 'reviewer' }), await openAs({ role: 'reviewer', second: true })];
  for (const { page } of people) await openReview(page, asked.task.id);
  const bodies = await Promise.all(people.map(({ page }) => verdictOf(page, asked.task.id, 'deny')));
  const answers = await Promise.all(
    people.map(({ page }, at) => callReview(page, asked.task.id, 'decide', bodies[at])),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(answers).toContainEqual({
    status: 409,
    body: expect.objectContaining({ code: 'escalation_ended' }),
  });
  const winner = people[answers.findIndex(({ status }) => status === 200)];
  for (const { page } of people) {
    await expect(ending(page)).toContainText(`Denied by ${winner?.person.name}`);
    await expect(page.getByRole('list', { name: 'Verdicts' }).getByRole('listitem')).toHaveCount(1);
  }
});
