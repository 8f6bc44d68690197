import type { Page } from '@playwright/test';
import { expectAccessible } from './fixtures/expect-accessible';
import { askPeople, closing, newCustomer, payment, required } from './fixtures/payment';
import {
  callReview,
  decide,
  fillVerdict,
  openReview,
  readRequired,
  reviewButton,
  signButton,
  verdictOf,
} from './fixtures/review';
import { expect, test } from './fixtures/story';

/** The page gives no way to decide and says why; nor does the API, whose code is the same. */
async function expectMayNot(page: Page, escalationId: string, code: string, words: string): Promise<void> {
  await page.goto(`/queue/${escalationId}`);
  await expect(page.locator('.notices').getByText(words)).toBeVisible();
  await expect(page.locator('#decide').getByText(words)).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(0);
  await page.keyboard.press('a');
  await expect(page.getByRole('radio')).toHaveCount(0);
  await expect(reviewButton(page)).toHaveCount(0);
  for (const verdict of ['approve', 'deny'] as const) {
    const answer = await callReview(
      page,
      escalationId,
      'decide',
      await verdictOf(page, escalationId, verdict),
    );
    expect(answer).toMatchObject({ status: 403, body: { code } });
  }
  expect(await callReview(page, escalationId, 'claim')).toMatchObject({ status: 403, body: { code } });
}

test('an amount above the reviewer’s authority is left to somebody with a higher limit', async ({
  page,
  gateway,
  signInAs,
  openAs,
}) => {
  const { task } = await askPeople(await gateway(), payment({ amount: '150000.00' }));
  await signInAs({ role: 'reviewer' });
  await expectMayNot(page, task.id, 'insufficient_authority', 'This is above your authority');
  await expectAccessible(page);
  const senior = await openAs({ role: 'senior_reviewer' });
  await openReview(senior.page, task.id);
  await expect(senior.page.getByRole('radio', { name: /^Approve/ })).toBeEnabled();
});

test('an action that needs a senior reviewer is not a reviewer’s', async ({ page, gateway, signInAs }) => {
  const { task } = await askPeople(await gateway(), payment({ amount: '300000.00' }));
  await signInAs({ role: 'reviewer' });
  await page.goto(`/queue/${task.id}`);
  await expect(page.getByText('needs 1 senior reviewer')).toBeVisible();
  await expectMayNot(page, task.id, 'role_required', 'You may read this but not decide it');
});

test('nobody decides what they asked for as a customer', async ({ page, gateway, signInAs }) => {
  const bank = await gateway();
  const reviewer = await signInAs({ role: 'reviewer', second: true });
  const own = await askPeople(bank, payment({ customer: reviewer.ownToken ?? '' }));
  await expectMayNot(page, own.task.id, 'self_approval', 'You asked for this yourself');
  await expectAccessible(page);
  const another = await askPeople(bank, payment());
  await openReview(page, another.task.id);
  await expect(page.getByRole('radio', { name: /^Approve/ })).toBeEnabled();
});

test('those who configure, examine or investigate decide nothing', async ({ gateway, openAs }) => {
  const { task } = await askPeople(await gateway(), payment());
  for (const role of ['auditor', 'compliance'] as const) {
    const { page } = await openAs({ role });
    await expectMayNot(page, task.id, 'role_required', 'You may read this but not decide it');
  }
  const admin = await openAs({ role: 'admin' });
  await admin.page.goto(`/queue/${task.id}`);
  await expect(admin.page).toHaveURL(/\/settings/);
  await expect(admin.page.getByRole('navigation', { name: 'Main' }).getByText('Queue')).toHaveCount(0);
  const read = await admin.page.request.get(`/api/v1/escalations/${task.id}`);
  expect({ status: read.status(), body: await read.json() }).toMatchObject({
    status: 403,
    body: { code: 'role_required' },
  });
  const auditor = await openAs({ role: 'auditor' });
  const body = await verdictOf(auditor.page, task.id, 'approve');
  for (const call of ['open', 'claim', 'heartbeat', 'decide'] as const) {
    expect(await callReview(admin.page, task.id, call, body), call).toMatchObject({
      status: 403,
      body: { code: 'role_required' },
    });
  }
});

test('what another organisation is asked does not exist here', async ({
  page,
  gateway,
  signInAs,
  errors,
}) => {
  errors.allow(/status of 404/);
  const { task } = await askPeople(await gateway({ tenant: 'south' }), payment());
  await signInAs({ role: 'reviewer' });
  await page.goto(`/queue/${task.id}`);
  await expect(page.getByText('Nothing is here')).toBeVisible();
  await expectAccessible(page);
  expect(await callReview(page, task.id, 'claim')).toMatchObject({
    status: 404,
    body: { code: 'escalation_unknown' },
  });
});

test('what somebody else holds can be read but not decided, until they put it back', async ({
  page,
  gateway,
  signInAs,
  openAs,
}) => {
  const { task } = await askPeople(await gateway(), payment());
  const holder = await openAs({ role: 'reviewer', second: true });
  await openReview(holder.page, task.id);
  await holder.page.keyboard.press('c');
  await expect(holder.page.getByText('claimed by you')).toBeVisible();
  await signInAs({ role: 'reviewer' });
  await openReview(page, task.id);
  await expect(page.getByText(`${holder.person.name} is deciding this`)).toBeVisible();
  await fillVerdict(page, 'deny', 'not-verified');
  await expect(page.locator('.missing-list')).toContainText(`${holder.person.name} is deciding it`);
  await expect(reviewButton(page)).toHaveAttribute('aria-disabled', 'true');
  expect(await callReview(page, task.id, 'decide', await verdictOf(page, task.id, 'deny'))).toMatchObject({
    status: 409,
    body: { code: 'lease_held' },
  });
  expect(await callReview(page, task.id, 'claim')).toMatchObject({
    status: 409,
    body: { code: 'lease_held' },
  });
  await holder.page.keyboard.press('c');
  await expect(page.getByText(`${holder.person.name} is deciding this`)).toHaveCount(0);
  await decide(page, 'deny', 'not-verified');
  await expect(page.locator('#decide')).toContainText('The gateway has been told; nothing may be done.');
});

test('two people are two people: the second decides without seeing the first, and one alone is not enough', async ({
  gateway,
  openAs,
}) => {
  const bank = await gateway();
  const { task, action } = await askPeople(bank, closing());
  const first = await openAs({ role: 'reviewer' });
  const second = await openAs({ role: 'reviewer', second: true });
  // High enough for all required sections at once: this story is not about reading.
  for (const { page } of [first, second]) await page.setViewportSize({ width: 1440, height: 2400 });
  await openReview(first.page, task.id);
  await readRequired(first.page);
  await decide(first.page, 'approve', 'within-mandate');
  await expect(first.page.locator('#decide')).toContainText('1 of 2 given');
  await expect(first.page.locator('.token')).toHaveCount(0);
  expect(
    await callReview(first.page, task.id, 'decide', {
      ...(await verdictOf(first.page, task.id, 'approve')),
      reasonText: 'Signed a second time by the same person.',
    }),
  ).toMatchObject({ status: 409, body: { code: 'already_decided' } });
  expect(required(await bank.wait(task.id, { timeoutMs: 0 }))).toMatchObject({
    status: 'pending',
    approvals: 1,
    needed: 2,
    approval: null,
  });

  const seen: string[] = [];
  second.page.on('response', async (response) => {
    if (response.url().includes(task.id)) seen.push(await response.text().catch(() => ''));
  });
  await openReview(second.page, task.id);
  await readRequired(second.page);
  // The one name is the beginning of the other, and one's own stands on the page.
  const shown = `${await second.page.locator('main').textContent()}${seen.join('\n')}`;
  expect(shown).toContain(second.person.name);
  expect(shown.replaceAll(second.person.name, '')).not.toContain(first.person.name);
  expect(shown).not.toContain(first.person.id);
  expect(seen.join('\n')).not.toContain('within-mandate');
  await decide(second.page, 'approve', 'verified-with-party');
  await expect(second.page.locator('#decide')).toContainText(
    'A token was issued after the record was written.',
  );
  const approved = required(await bank.wait(task.id, { timeoutMs: 5_000 }));
  const claims = required(bank.verify(approved.approval?.token ?? '', action));
  expect(new Set(claims.approvals.map(({ reviewer }) => reviewer)).size).toBe(2);
  await expect(signButton(first.page)).toHaveCount(0);
  await expect(first.page.getByRole('list', { name: 'Verdicts' }).getByRole('listitem')).toHaveCount(2);
});

test('a second account of the customer decides nothing, once compliance has said whose it is', async ({
  gateway,
  openAs,
}) => {
  const customer = newCustomer();
  const bank = await gateway({ tenant: 'vale' });
  const { task } = await askPeople(bank, payment({ customer }));
  const officer = await openAs({ role: 'compliance', tenant: 'vale' });
  const second = await openAs({ role: 'reviewer', second: true, tenant: 'vale' });
  const senior = await openAs({ role: 'senior_reviewer', tenant: 'vale' });
  for (const [kind, value] of [
    ['subject', customer],
    ['person', second.person.id],
  ] as const) {
    await officer.page.goto(`/settings/people/${senior.person.id}`);
    await officer.page.getByRole('button', { name: 'Add a link' }).click();
    const dialog = officer.page.getByRole('dialog');
    await dialog.getByLabel('What is theirs').selectOption(kind);
    if (kind === 'person') await dialog.getByLabel('The other account').selectOption(value);
    else await dialog.getByLabel('Its id').fill(value);
    await dialog.getByRole('button', { name: 'Link', exact: true }).click();
    await expect(dialog).toBeHidden();
  }
  await expect(officer.page.getByText(second.person.name)).toBeVisible();
  await expectAccessible(officer.page);
  await expectMayNot(second.page, task.id, 'self_approval', 'You asked for this yourself');

  await officer.page.getByRole('button', { name: `End the link to ${second.person.name}` }).click();
  const dialog = officer.page.getByRole('dialog');
  await dialog.getByLabel('In your words').fill('Another person of that name; checked with both.');
  await dialog.getByRole('button', { name: 'End it' }).click();
  await expect(officer.page.getByText('it was never so')).toBeVisible();
  // What waits stays closed to them; what is asked from now on is open.
  await expectMayNot(second.page, task.id, 'self_approval', 'You asked for this yourself');
  const later = await askPeople(bank, payment({ customer }));
  await openReview(second.page, later.task.id);
  await expect(second.page.getByRole('radio', { name: /^Approve/ })).toBeEnabled();
});

test('lent authority decides in its owner’s name until it is ended', async ({ gateway, openAs }) => {
  const { task } = await askPeople(await gateway({ tenant: 'vale' }), payment({ amount: '300000.00' }));
  const senior = await openAs({ role: 'senior_reviewer', tenant: 'vale' });
  const reviewer = await openAs({ role: 'reviewer', tenant: 'vale' });
  await expectMayNot(reviewer.page, task.id, 'role_required', 'You may read this but not decide it');
  await senior.page.goto('/settings/authority');
  await senior.page.getByRole('button', { name: 'Lend authority' }).click();
  const dialog = senior.page.getByRole('dialog');
  await dialog.getByLabel('To', { exact: true }).selectOption(reviewer.person.id);
  const local = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  await dialog.getByLabel('From').fill(local(Date.now() - 86_400_000));
  await dialog.getByLabel('Until').fill(local(Date.now() + 3 * 86_400_000));
  await dialog.getByLabel('In your words').fill('Away until Thursday noon.');
  await expectAccessible(senior.page);
  await dialog.getByRole('button', { name: 'Lend it' }).click();
  await expect(senior.page.getByText('in force', { exact: true })).toBeVisible();
  await openReview(reviewer.page, task.id);
  await expect(reviewer.page.getByText('with authority lent to you by')).toBeVisible();
  await readRequired(reviewer.page);
  await decide(reviewer.page, 'approve', 'within-mandate');
  await expect(reviewer.page.getByRole('list', { name: 'Verdicts' })).toContainText(
    `with authority lent by ${senior.person.name}`,
  );
  await senior.page.getByRole('button', { name: /^End what/ }).click();
  await senior.page.getByRole('button', { name: 'End it' }).click();
  await expect(senior.page.getByText('ended early')).toBeVisible();
});

test('two people break the glass; every page says so, it lifts a limit, and compliance reviews it', async ({
  gateway,
  openAs,
}) => {
  const bank = await gateway({ tenant: 'vale' });
  const { task, action } = await askPeople(bank, payment({ amount: '150000.00' }));
  const officer = await openAs({ role: 'compliance', tenant: 'vale' });
  const senior = await openAs({ role: 'senior_reviewer', tenant: 'vale' });
  await senior.page.goto('/settings/break-glass');
  await senior.page.getByRole('button', { name: 'Ask for break-glass' }).click();
  const dialog = senior.page.getByRole('dialog');
  await dialog.getByLabel('Reason').selectOption('outage');
  await dialog.getByLabel('In your words').fill('The payment network is down.');
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(senior.page.getByText('waits for a second person')).toBeVisible();
  await expect(senior.page.getByRole('button', { name: 'Confirm and open' })).toHaveCount(0);
  await officer.page.goto('/settings/break-glass');
  await officer.page.getByRole('button', { name: 'Confirm and open' }).click();
  await expect(officer.page.getByText('Break-glass is open')).toBeVisible();
  await expectAccessible(officer.page);
  await senior.page.goto('/queue');
  await expect(senior.page.getByText('Break-glass is open')).toBeVisible();

  const reviewer = await openAs({ role: 'reviewer', tenant: 'vale' });
  await openReview(reviewer.page, task.id);
  await expect(reviewer.page.getByText('You decide only because')).toBeVisible();
  await expectAccessible(reviewer.page);
  await readRequired(reviewer.page);
  await decide(reviewer.page, 'approve', 'within-mandate');
  const approved = required(await bank.wait(task.id, { timeoutMs: 30_000 }));
  const claims = required(bank.verify(approved.approval?.token ?? '', action));
  expect(claims.approvals).toMatchObject([{ role: 'reviewer', break_glass: expect.any(String) }]);

  await officer.page.getByRole('button', { name: 'Close now' }).click();
  await expect(officer.page.getByText('review due')).toBeVisible();
  // Who confirmed it does not review it.
  await expect(officer.page.getByRole('button', { name: 'Review', exact: true })).toHaveCount(0);
  await expect(senior.page.getByText('Break-glass is open')).toBeHidden();

  const apart = await openAs({ role: 'compliance', second: true, tenant: 'vale' });
  await apart.page.goto('/settings/break-glass');
  await apart.page.getByRole('button', { name: 'Review', exact: true }).click();
  const finding = apart.page.getByRole('dialog');
  await finding.getByLabel('Finding').selectOption('justified-with-measures');
  await finding.getByLabel('What you found').fill('The outage was real; a second network is being ordered.');
  await expectAccessible(apart.page);
  await finding.getByRole('button', { name: 'Record the finding' }).click();
  const row = apart.page.getByRole('row').filter({ hasText: 'The payment network is down.' });
  await expect(row).toContainText('reviewed');
  await expect(row).toContainText('Justified, with measures to take');
  await expect(row).toContainText(task.id.slice(-4));
});
