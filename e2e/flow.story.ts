import { expectAccessible } from './fixtures/expect-accessible';
import { askPeople, ON_TOP, payment, required, uniqueName } from './fixtures/payment';
import { decide, openReview, queueRow, REASON_TEXT, readRequired } from './fixtures/review';
import { expect, test } from './fixtures/story';

test('a reviewer narrows a payment: the gateway follows exactly, and a retry of the original is refused', async ({
  page,
  errors,
  gateway,
  signInAs,
}) => {
  // Widening is refused, and the browser says so of every refusal.
  errors.allow(/status of 400 .*\/narrow/);
  const bank = await gateway();
  const action = payment();
  const asked = await askPeople(bank, action);
  const waiting = bank.wait(asked.task.id, { timeoutMs: 60_000 });
  await signInAs({ role: 'reviewer' });
  await openReview(page, asked.task.id);
  await expect(page.getByRole('button', { name: 'Narrow' })).not.toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Narrow this request' });
  const amount = dialog.getByLabel('Less than 18500.00');
  await amount.fill('99999.00');
  await dialog.getByRole('button', { name: 'Make the narrower request' }).click();
  await expect(dialog.getByRole('alert')).toContainText('/action/properties/amount');
  await amount.fill('900.00');
  await expect(dialog.getByRole('list', { name: 'What was narrowed' })).toContainText('900.00');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Make the narrower request' }).click();
  await expect(page.getByText('Narrowed by a reviewer from')).toBeVisible();
  await expect(page.getByRole('list', { name: 'What was narrowed' })).toContainText('18500.00');

  const { superseded } = required(await waiting);
  if (!superseded?.action) throw new Error('The gateway was not told what it was narrowed to.');
  expect(superseded.action.action.properties?.amount).toBe('900.00');
  const retry = await askPeople(bank, action).catch((error: Error) => error.message);
  expect(retry).toContain('request_superseded');
  const followed = await askPeople(bank, superseded.action);
  expect(followed.task.id).toBe(superseded.taskId);
  await page.goto(`/queue/${asked.task.id}`);
  await expect(page.getByText('A reviewer narrowed it into a new request')).toBeVisible();
});

test('a question is asked, answered by the gateway, and decided on what was answered', async ({
  page,
  gateway,
  signInAs,
}) => {
  const bank = await gateway();
  const asked = await askPeople(bank, payment());
  await signInAs({ role: 'reviewer' });
  await openReview(page, asked.task.id);
  await page.keyboard.press('q');
  const dialog = page.getByRole('dialog', { name: 'Ask the agent’s owner' });
  await dialog.getByLabel('Question').fill('Which invoice is this for?');
  await dialog.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByText('Not answered yet. The clock runs on.')).toBeVisible();
  const [question] = required(await bank.wait(asked.task.id, { timeoutMs: 0 })).questions;
  expect(question?.question).toBe('Which invoice is this for?');
  required(
    await bank.answer(asked.task.id, {
      questionId: question?.id ?? '',
      answer: '<b>Invoice 4471</b>, attached to the order.',
    }),
  );
  await page.getByRole('button', { name: 'Load what is there now' }).click();
  await expect(page.getByText('<b>Invoice 4471</b>, attached to the order.')).toBeVisible();
  await readRequired(page);
  await decide(page, 'approve', 'matches-evidence');
  await expect(page.locator('#decide')).toContainText('A token was issued');
  await expectAccessible(page);
});

test('two are marked and denied together: one ends meanwhile and fails alone', async ({
  page,
  gateway,
  signInAs,
}) => {
  const bank = await gateway();
  const payees = [uniqueName('Delta Parts'), uniqueName('Sigma Tools')] as const;
  const first = await askPeople(bank, payment({ payee: payees[0] }), ON_TOP);
  const second = await askPeople(bank, payment({ payee: payees[1] }), ON_TOP);
  await signInAs({ role: 'reviewer' });
  await page.goto('/queue');
  // Drawn by the script that also listens to keys.
  await expect(page.getByText('No escalation chosen')).toBeVisible();
  await queueRow(page, payees[0]).click();
  await expect(queueRow(page, payees[0])).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('x');
  await expect(page.getByText('1 marked')).toBeVisible();
  // A key acts on what was chosen last, also before the page has drawn the choice.
  await queueRow(page, payees[1]).click();
  await page.keyboard.press('x');
  await expect(page.getByText('2 marked')).toBeVisible();
  await expect(queueRow(page, payees[1])).toHaveAccessibleName(/^Marked\./);
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Decide 2 together' });
  const items = dialog.getByRole('list', { name: 'What is decided' }).getByRole('listitem');
  await expect(items).toHaveCount(2);
  required(await bank.cancel(second.task.id));
  await dialog.getByRole('radio', { name: /^Deny/ }).check({ force: true });
  await dialog.getByLabel('Reason').selectOption('not-verified');
  await dialog.getByLabel('In your words').fill(REASON_TEXT);
  await dialog.getByRole('button', { name: 'Deny each of these 2' }).click();
  await expect(dialog.getByRole('status')).toHaveText('1 of 2 decided.');
  await expect(items.filter({ hasText: payees[0] })).toContainText('Denied');
  await expect(items.filter({ hasText: payees[1] })).toContainText('Not decided This has ended');
  await expectAccessible(page);
  expect(required(await bank.wait(first.task.id, { timeoutMs: 0 })).status).toBe('denied');
});
