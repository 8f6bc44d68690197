import { randomBytes } from 'node:crypto';
import { formatId } from '@/lib/core/id';
import type { Gateway } from '@/lib/gateway/create-gateway';
import type { Action } from '@/lib/tokens/action';
import { expectAccessible } from './fixtures/expect-accessible';
import { decisionBodyOf, payment, required } from './fixtures/payment';
import { callReview, decide, openReview, readRequired, signButton, verdictOf } from './fixtures/review';
import { expect, test } from './fixtures/story';

const newDecision = () => formatId('dec', Date.now(), new Uint8Array(randomBytes(10)));

/** Asks people for an action whose decision continues another one. */
async function askContinuing(gateway: Gateway, action: Action, parent: string): Promise<string> {
  const evaluation = required(await gateway.evaluate(action));
  const body = decisionBodyOf(action, evaluation) as { identity: Record<string, unknown> };
  body.identity.parents = [parent];
  const id = newDecision();
  required(await gateway.record({ kind: 'decision', id, body: body as never }));
  const { evaluationId } = evaluation;
  const task = required(await gateway.escalate({ action, evaluationId, decisionId: id }));
  return task.id;
}

test('a hole in the lineage stops the approval; compliance answers for it, and it can be given', async ({
  page,
  gateway,
  signInAs,
  openAs,
  errors,
}) => {
  // The verdict that is refused, and the closing that is.
  errors.allow(/409 \(Conflict\)/);
  const parent = newDecision();
  const task = await askContinuing(await gateway({ tenant: 'south' }), payment(), parent);
  await signInAs({ role: 'reviewer', tenant: 'south' });
  await openReview(page, task);
  await readRequired(page);
  await test.step('the verdict is refused in words, and nothing is recorded', async () => {
    await decide(page, 'approve', 'matches-evidence');
    await expect(page.getByText('A parent decision is missing')).toBeVisible();
  });

  const compliance = await openAs({ role: 'compliance', tenant: 'south' });
  const condition = compliance.page.locator('.conditions > li').filter({ hasText: parent });
  await test.step('the pill and the integrity page say so', async () => {
    await compliance.page.goto('/integrity');
    await expect(condition).toContainText('A parent decision is missing');
    await expect(condition).toContainText('MISSING');
    await expect(compliance.page.locator('header .pill')).toHaveClass(/\binvalid\b/);
    await expectAccessible(compliance.page);
  });

  await test.step('checked again it is still so; clearing it is refused, accepting it is recorded', async () => {
    await condition.getByRole('button', { name: 'Check again' }).click();
    await expect(condition.getByRole('status')).toContainText('still so');
    await condition.getByRole('button', { name: /^Close it: / }).click();
    const dialog = compliance.page.getByRole('dialog');
    await dialog.getByLabel('Reason').selectOption('source-elsewhere');
    await dialog
      .getByLabel('In your own words')
      .fill('The branch keeps the paper file 4471 of this decision.');
    await dialog.getByRole('button', { name: 'Close and record' }).click();
    await expect(dialog.getByRole('alert')).toContainText('still missing');
    await expectAccessible(compliance.page);
    await dialog.getByLabel('How').selectOption('accepted');
    await dialog.getByRole('button', { name: 'Close and record' }).click();
    await expect(condition).toHaveCount(0);
    await compliance.page.getByText('closed lately').click();
    await expect(compliance.page.locator('.cclosed')).toContainText('accepted as it is by');
  });

  await test.step('the same reviewer signs, and the token is there', async () => {
    await openReview(page, task);
    await readRequired(page);
    await decide(page, 'approve', 'matches-evidence');
    await expect(signButton(page)).toHaveCount(0);
    await expect(page.locator('.token')).toBeVisible();
  });
});

test('evidence that contradicts itself is refused past the page as well, and cannot be accepted', async ({
  page,
  gateway,
  signInAs,
  openAs,
}) => {
  const machine = await gateway({ tenant: 'south' });
  const action = payment();
  const evaluation = required(await machine.evaluate(action));
  const body = decisionBodyOf(action, evaluation) as { output: { outcome: Record<string, unknown> } };
  body.output.outcome.verdict = 'allow';
  const decisionId = newDecision();
  required(await machine.record({ kind: 'decision', id: decisionId, body: body as never }));
  const { id } = required(
    await machine.escalate({ action, evaluationId: evaluation.evaluationId, decisionId }),
  );
  await signInAs({ role: 'reviewer', tenant: 'south' });
  await openReview(page, id);
  await readRequired(page);
  expect(await callReview(page, id, 'decide', await verdictOf(page, id, 'approve'))).toMatchObject({
    status: 409,
    body: { code: 'evidence_inconsistent' },
  });
  const compliance = await openAs({ role: 'compliance', tenant: 'south' });
  await compliance.page.goto('/integrity');
  const condition = compliance.page.locator('.conditions > li').filter({ hasText: 'contradicts itself' });
  await condition.getByRole('button', { name: /^Close it: / }).click();
  const ways = compliance.page.getByLabel('How').getByRole('option');
  expect(await ways.allTextContents()).toEqual([
    'Cleared: the check passes again',
    'Given up: nothing can be executed on it any more',
  ]);
  await compliance.page.getByRole('button', { name: 'Leave it open' }).click();

  await test.step('denied, it is given up with its action', async () => {
    expect(await callReview(page, id, 'decide', await verdictOf(page, id, 'deny'))).toMatchObject({
      status: 200,
    });
    await condition.getByRole('button', { name: /^Close it: / }).click();
    const dialog = compliance.page.getByRole('dialog');
    await dialog.getByLabel('How').selectOption('abandoned');
    await dialog.getByLabel('Reason').selectOption('action-given-up');
    await dialog.getByLabel('In your own words').fill('The gateway mixed up two answers; it was denied.');
    await dialog.getByRole('button', { name: 'Close and record' }).click();
    await expect(condition).toHaveCount(0);
  });
});

test('an administrator exchanges the journal’s key; the old one stays published', async ({
  page,
  signInAs,
}) => {
  await signInAs({ role: 'admin', tenant: 'south' });
  await page.goto('/settings/keys');
  await expect(page.getByRole('heading', { name: 'This console’s keys' })).toBeVisible();
  await expectAccessible(page);
  const rows = page.getByRole('row').filter({ hasText: 'signs what the console itself did' });
  await expect(rows).toHaveCount(1);
  await page.getByRole('button', { name: 'Exchange the key: Journal' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Exchange for good' }).click();
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: 'retired' })).toHaveCount(1);
  const proof = (await (await page.request.get('/api/v1/proof')).json()) as {
    keys: { purpose: string; retiredAt: string | null }[];
  };
  const journal = proof.keys.filter(({ purpose }) => purpose === 'journal');
  expect(journal.map(({ retiredAt }) => retiredAt !== null)).toEqual([true, false]);
});
