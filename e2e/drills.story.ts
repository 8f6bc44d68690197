import type { Page } from '@playwright/test';
import { ownReviewing } from '@/lib/attention/attention-view';
import { escalationDetail } from '@/lib/escalations/escalation-view';
import type { Gateway } from '@/lib/gateway/create-gateway';
import { parseAction } from '@/lib/tokens/action';
import { expectAccessible } from './fixtures/expect-accessible';
import { payment, required, uniqueName } from './fixtures/payment';
import { decide, openReview, queueRow, readRequired } from './fixtures/review';
import { expect, test } from './fixtures/story';

const PAYEE = uniqueName('Alder Supplies');
const EVIDENCE = {
  agentSaid: 'The invoice matches the order and the account has been used before.',
  prompt: { template: 'pay-invoice', version: '7' },
  retrieved: [
    {
      id: 'inv-2207',
      mediaType: 'text/plain',
      title: 'Invoice 2207',
      score: '0.94',
      text: 'Total EUR 18,500.00',
    },
  ],
  guardrails: [{ name: 'injection-scan', version: '3', verdict: 'pass' as const, score: '0.02' }],
};

/** Asks for a payment without a decision record: the organisation's own figures are another story's. */
async function ask(gateway: Gateway, payee: string) {
  const action = payment({ payee });
  const { evaluationId } = required(await gateway.evaluate(action));
  const task = required(await gateway.escalate({ action, evaluationId, evidence: EVIDENCE }));
  return { action, task };
}

const detailOf = async (page: Page, id: string) =>
  escalationDetail.parse(await (await page.request.get(`/api/v1/escalations/${id}`)).json());
const ownOf = async (page: Page) =>
  ownReviewing.parse(await (await page.request.get('/api/v1/attention/own')).json());

/** The tags and classes of what is drawn: equal for cases that nobody can tell apart by looks. */
const shapeOf = (row: ReturnType<typeof queueRow>) =>
  row.evaluate((element) =>
    [element, ...element.querySelectorAll('*')]
      .map((each) => `${each.tagName} ${each.getAttribute('class') ?? ''} ${each.getAttribute('role') ?? ''}`)
      .join('\n'),
  );

async function expectAccessibleEverywhere(page: Page, path: string, title: string): Promise<void> {
  for (const [width, height, colorScheme] of [
    [1440, 900, 'light'],
    [390, 844, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(page.getByLabel('Counting')).toHaveCount(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}

test('a drill looks like any other case, is told as a practice after the verdict, and its token is refused everywhere', async ({
  page,
  gateway,
  signInAs,
  openAs,
  database,
}) => {
  // Planned drills are looked for every 20 seconds, and four pages are looked at in two sizes.
  test.slow();
  const bank = await gateway({ tenant: 'east' });
  await signInAs({ role: 'reviewer', tenant: 'east' });
  const compliance = await openAs({ role: 'compliance', tenant: 'east' });

  await test.step('a case that was right to approve lies in the past', async () => {
    const { action, task } = await ask(bank, PAYEE);
    await openReview(page, task.id);
    await readRequired(page);
    await page.keyboard.press('a');
    await decide(page, 'approve', 'matches-evidence');
    await expect(page.getByText('A token was issued after the record was written.')).toBeVisible();
    const { approval } = required(await bank.wait(task.id, { timeoutMs: 60_000 }));
    const { id: approvalId, token } = approval ?? { id: '', token: '' };
    required(await bank.redeem({ approvalId, token, action }));
    required(await bank.report(approvalId, { state: 'forwarded', downstream: [] }));
    await database.query(
      `UPDATE escalations SET created_at = created_at - interval '1 day', ended_at = ended_at - interval '1 day' WHERE id = $1`,
      [task.id],
    );
  });

  await test.step('compliance has a drill planned; nothing says which case it will be', async () => {
    const officer = compliance.page;
    await officer.goto('/insights');
    await officer.getByRole('link', { name: 'Attention', exact: true }).click();
    await officer.getByLabel('What is in it').selectOption('planted-instruction');
    await officer.getByLabel('It appears within').selectOption('1');
    await officer.getByRole('button', { name: 'Plan it' }).click();
    await expect(officer.getByText('Planned and sealed in the log.')).toBeVisible();
    await database.query(`UPDATE drills SET surfaces_at = now() WHERE tenant = 'east'`);
  });

  const known = uniqueName('Birch Supplies');
  const real = await ask(bank, known);
  const drill = await test.step('in the queue it is drawn like the real one beside it', async () => {
    await page.goto('/queue');
    const rows = [queueRow(page, PAYEE), queueRow(page, known)] as const;
    // Planned drills are looked for every 20 seconds.
    await expect(rows[0]).toBeVisible({ timeout: 60_000 });
    await expect(rows[1]).toBeVisible();
    const [one, other] = await Promise.all(rows.map(shapeOf));
    expect(one).toBe(other);
    const words = async (row: (typeof rows)[number]) =>
      ((await row.textContent()) ?? '')
        .replace(PAYEE, 'payee')
        .replace(known, 'payee')
        .replace(/\d+:\d+/g, 'time');
    expect((await words(rows[0])).replace(/tok_\S+/g, 'tok')).toBe(
      (await words(rows[1])).replace(/tok_\S+/g, 'tok'),
    );
    return (await rows[0].getAttribute('href'))?.split(/[/=]/).at(-1) ?? '';
  });
  const before = await detailOf(page, drill);
  expect(Object.keys(before)).toEqual(Object.keys(await detailOf(page, real.task.id)));
  expect(JSON.stringify(before)).not.toMatch(/drill|drl_|practice/i);
  const own = await ownOf(page);

  await test.step('approved, it is told as a drill at once, with what gave it away', async () => {
    await openReview(page, drill);
    await expect(page.getByText(/drill/i)).toHaveCount(0);
    await readRequired(page);
    await page.keyboard.press('a');
    await decide(page, 'approve', 'matches-evidence');
    const told = page.getByRole('region', { name: 'Drill' });
    await expect(told.getByText('It should have been denied, and it was approved.')).toBeVisible();
    await expect(told.getByText(/ends with an order to the agent/)).toBeVisible();
    await told.getByText('What proves it').click();
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(told).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  });

  const token = (await detailOf(page, drill)).result?.drill?.token ?? '';
  await test.step('its token is refused by gateway, console and verifier', async () => {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      jti: string;
    };
    const action = parseAction(JSON.parse(before.actionJson));
    if (!action.ok) throw new Error(action.code);
    expect(bank.verify(token, action.value)).toMatchObject({
      code: 'token_refused',
      problem: 'signature_invalid',
    });
    expect(await bank.redeem({ approvalId: claims.jti, token, action: action.value })).toMatchObject({
      ok: false,
      problem: 'signature_invalid',
    });
    const desk = compliance.page;
    await desk.goto('/verify');
    const chooser = desk.waitForEvent('filechooser');
    await desk.getByRole('button', { name: 'Choose files' }).click();
    await (await chooser).setFiles({ name: 'drill.jws', mimeType: 'text/plain', buffer: Buffer.from(token) });
    const article = desk.locator('article[data-file="drill.jws"]');
    await expect(article).toHaveAttribute('data-verdict', 'invalid');
    await expect(article.getByText(/A drill’s token, never an approval/)).toBeVisible();
    await expectAccessible(desk);
  });

  await test.step('it counts as a drill and as nothing else', async () => {
    const after = await ownOf(page);
    expect(after).toMatchObject({ verdicts: own.verdicts, approved: own.approved });
    expect(after.drills).toEqual({ ...own.drills, bad: own.drills.bad + 1 });
    for (const table of ['reviews', 'approvals'])
      expect((await database.query(`SELECT 1 FROM ${table} WHERE escalation = $1`, [drill])).rowCount).toBe(
        0,
      );
    await page.goto('/queue');
    await page.locator('.rail .person').click();
    await page.getByRole('menuitem', { name: 'Your reviewing' }).press('Enter');
    await expect(page.getByRole('link', { name: 'Missed' })).toHaveAttribute('href', `/queue/${drill}`);
    await compliance.page.goto('/insights/attention');
    await expect(compliance.page.getByText('n = 1 verdicts').first()).toBeVisible();
  });

  await expectAccessibleEverywhere(page, '/reviewing', 'Your reviewing');
  await expectAccessibleEverywhere(compliance.page, '/insights/attention', 'Attention');
  await expectAccessibleEverywhere(page, '/docs/reviewers', 'Reviewers');
});
