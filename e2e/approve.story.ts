import { expectAccessible } from './fixtures/expect-accessible';
import { askPeople, newCustomer, ON_TOP, payment, required, uniqueName } from './fixtures/payment';
import { holdBeats, queueRow, REASON_TEXT, readRequired, reviewButton, signButton } from './fixtures/review';
import { expect, test } from './fixtures/story';
import { changeOneByte, waitUntilCovered } from './fixtures/tamper';

const EVIDENCE = {
  agentSaid: 'The invoice matches the order and the account has been used before.',
  prompt: { template: 'pay-invoice', version: '7' },
  retrieved: [{ id: 'inv-2207', title: 'Invoice 2207', score: '0.94', text: 'Total EUR 18,500.00' }],
  guardrails: [{ name: 'injection-scan', version: '3', verdict: 'pass' as const, score: '0.02' }],
};

test('an escalated payment is approved by a person, redeemed once, found and verified, until one byte of it is changed', async ({
  page,
  console: state,
  gateway,
  openAs,
  database,
}) => {
  const bank = await gateway();
  const other = await gateway({ other: true });
  const customer = newCustomer();
  const payee = uniqueName('Nova Electronics');
  const action = payment({ payee, customer });

  await test.step('a reviewer signs in through the form', async () => {
    const reviewer = state.people.find(({ role, tenant }) => role === 'reviewer' && tenant === 'north');
    await page.goto('/queue');
    await page.getByLabel('E-mail').fill(reviewer?.email ?? '');
    await page.getByLabel('Password').fill(state.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Queue' })).toBeVisible();
    await expect(queueRow(page, payee)).toHaveCount(0);
  });

  const asked = await askPeople(bank, action, { ...ON_TOP, evidence: EVIDENCE });
  expect(asked.evaluation).toMatchObject({ verdict: 'escalate', control: 'threshold', tier: 'bounded' });
  const waiting = bank.wait(asked.task.id, { timeoutMs: 120_000 });

  const letBeat = await holdBeats(page);

  await test.step('it arrives in the open queue, and is opened from there', async () => {
    const row = queueRow(page, payee);
    await expect(row).toBeVisible();
    await expect(row).toContainText('€18,500.00');
    await expect(row).toContainText('large payment');
    await row.click();
    const pane = page.getByRole('region', { name: 'Review' });
    await expect(pane.getByRole('heading', { level: 2, name: new RegExp(payee) })).toBeVisible();
    await expectAccessible(page);
    await pane.getByRole('link', { name: 'Open', exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`/queue/${asked.task.id}$`));
    await expect(page.getByRole('heading', { level: 1, name: new RegExp(payee) })).toBeVisible();
  });

  await test.step('approving is locked, with what is missing, until the evidence has been read', async () => {
    await page.keyboard.press('a');
    const missing = page.locator('.missing-list');
    await expect(missing).toContainText('Read “What will happen”');
    await expect(missing).toContainText('Read “Why you are asked”');
    await page.getByLabel('Reason').selectOption('verified-with-party');
    await page.getByLabel('In your words').fill(REASON_TEXT);
    await expect(reviewButton(page)).toHaveAttribute('aria-disabled', 'true');
    await reviewButton(page).click({ force: true });
    await expect(signButton(page)).toHaveCount(0);
    await letBeat();
    await readRequired(page);
    await expect(missing).toBeEmpty();
    await expectAccessible(page);
  });

  await test.step('the reviewer sees exactly what is signed, and signs it', async () => {
    await reviewButton(page).click();
    await expect(page.locator('#decide .digest', { hasText: asked.evaluation.actionDigest })).toBeVisible();
    await signButton(page).click();
    await expect(
      page.locator('#decide').getByText('A token was issued after the record was written.'),
    ).toBeVisible();
    await expect(page.getByText('not yet redeemed')).toBeVisible();
    await expectAccessible(page);
  });

  const task = required(await waiting);
  const { id: approvalId, token } = task.approval ?? { id: '', token: '' };

  await test.step('the gateway verifies offline; another amount, another gateway and a second time are refused', async () => {
    expect(task.status).toBe('approved');
    const claims = required(bank.verify(token, action));
    expect(claims.approvals).toHaveLength(1);
    expect(claims.approvals[0]).toMatchObject({ verdict: 'approve', coverage: ['action', 'why'] });
    expect(claims.approvals[0]?.active_ms).toBeGreaterThanOrEqual(1_000);
    const properties = { ...action.action.properties, amount: '98500.00' };
    const changed = { ...action, action: { ...action.action, properties } };
    expect(bank.verify(token, changed)).toMatchObject({ code: 'token_refused', problem: 'action_mismatch' });
    expect(other.verify(token, action)).toMatchObject({
      code: 'token_refused',
      problem: 'audience_mismatch',
    });
    expect(await bank.redeem({ approvalId, token, action: changed })).toMatchObject({
      problem: 'action_mismatch',
    });
    expect(await other.redeem({ approvalId, token, action })).toMatchObject({ ok: false, code: 'refused' });
    expect(required(await bank.redeem({ approvalId, token, action }))).toMatchObject({
      approvalId,
      actionDigest: asked.evaluation.actionDigest,
    });
    expect(await bank.redeem({ approvalId, token, action })).toMatchObject({ problem: 'already_redeemed' });
    required(
      await bank.report(approvalId, {
        state: 'forwarded',
        downstream: [{ system: 'core-banking', type: 'payment', id: 'pay-889120' }],
      }),
    );
  });

  await test.step('the open review page tells the redemption by itself', async () => {
    await expect(page.locator('.token')).toContainText(/redeemed .*, forwarded/);
  });

  const compliance = await openAs({ role: 'compliance' });
  await waitUntilCovered(database, 'north');
  await test.step('compliance finds it by subject token, and every check is VALID', async () => {
    await compliance.page.goto('/decisions');
    const box = compliance.page.getByLabel('Search decisions');
    await box.fill(`subject:${customer}`);
    await box.press('Enter');
    await expect(compliance.page.getByText('1 decision', { exact: true }).first()).toBeVisible();
    await expectAccessible(compliance.page);
    await compliance.page.getByRole('list', { name: 'Decisions, newest first' }).getByRole('link').click();
    await expect(compliance.page).toHaveURL(new RegExp(`/decisions/${asked.decisionId}`));
    await compliance.page.getByRole('link', { name: 'Verification' }).click();
    await expect(compliance.page.getByText('computed in this browser')).toBeVisible();
    const lines = compliance.page.locator('[data-check]');
    const verdicts = await lines.evaluateAll((all) =>
      Object.fromEntries(
        all.map((line) => [line.getAttribute('data-check'), line.getAttribute('data-verdict')]),
      ),
    );
    expect(verdicts).toMatchObject({
      'record.signature': 'valid',
      'record.place': 'valid',
      'chain.link': 'valid',
      'log.inclusion': 'valid',
      'log.checkpoint': 'valid',
      'review.chain.link': 'valid',
      'review.inclusion': 'valid',
      'review.statement': 'valid',
      'token.signature': 'valid',
    });
    const unchecked = Object.keys(verdicts).filter(
      (id) => verdicts[id] !== 'valid' && !id.startsWith('witness'),
    );
    // A browser that has seen no checkpoint before has nothing to be consistent with; a session is no passkey.
    expect(unchecked.sort()).toEqual(['log.consistency', 'review.passkey']);
    // The witnesses stamp each checkpoint a moment after it was published.
    await expect(async () => {
      await compliance.page.reload();
      for (const id of ['witness.demo-witness', 'witness.demo-time-stamping', 'witnesses']) {
        const line = compliance.page.locator(`[data-check="${id}"]`);
        await expect(line).toHaveAttribute('data-verdict', 'valid', { timeout: 5_000 });
      }
    }).toPass({ timeout: 30_000 });
    await expect(compliance.page.locator('[data-check="witness.demo-time-stamping"]')).toContainText(
      'RFC 3161 time stamp',
    );
    await expectAccessible(compliance.page);
  });

  await test.step('one byte changed in the database: the page names the record and the check, the pill is red', async () => {
    const changed = await changeOneByte(database, asked.decisionId);
    try {
      await compliance.page.reload();
      const signature = compliance.page.locator('[data-check="record.signature"]');
      await expect(signature).toHaveAttribute('data-verdict', 'invalid');
      await expect(signature).toContainText(`Record ${changed.position}`);
      await expect(signature).toContainText(changed.stream);
      await expect(signature).toContainText('signature_invalid');
      const chain = compliance.page.locator('[data-check="chain.link"]');
      await expect(chain).toHaveAttribute('data-verdict', 'invalid');
      await expect(chain).toContainText(`Record ${changed.position}`);
      await expect(compliance.page.getByText('computed in this browser')).toBeVisible();
      const pill = compliance.page.locator('header .pill');
      await expect(pill).toHaveClass(/\binvalid\b/);
      await expect(pill).toContainText('INVALID');
      await expectAccessible(compliance.page);
    } finally {
      await changed.undo();
    }
  });

  await test.step('the byte put back, the same browser finds it whole again', async () => {
    await compliance.page.reload();
    await expect(compliance.page.getByText('computed in this browser')).toBeVisible();
    await expect(compliance.page.locator('[data-verdict="invalid"]')).toHaveCount(0);
    const consistency = compliance.page.locator('[data-check="log.consistency"]');
    await expect(consistency).toHaveAttribute('data-verdict', 'valid');
    await expect(compliance.page.locator('header .pill')).not.toHaveClass(/\binvalid\b/);
  });
});
