import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './fixtures/expect-accessible';
import { openOwnStream } from './fixtures/own-stream';
import { AGENT, payment, recordDecision } from './fixtures/payment';
import { forkLog, readLog, serveLog, shrinkLog } from './fixtures/serve-log';
import { test } from './fixtures/story';
import { changeOneByte, waitUntilCovered } from './fixtures/tamper';

const TENANT = 'south';
/** A line, a stream's verdict or the pill that says INVALID. */
const INVALID = '[data-verdict="invalid"], .w.invalid, .pill.invalid';
const logLine = (page: Page, id: string) =>
  page.getByRole('list', { name: 'Checks of the log' }).locator(`[data-check="${id}"]`);
const verdictOf = (page: Page, stream: string) =>
  page
    .locator('.streams li')
    .filter({ has: page.getByText(stream, { exact: true }) })
    .locator('.sname');
const again = (page: Page) => page.getByRole('button', { name: 'Verify everything in this browser' });

/** Runs over everything and waits for the end; whatever was found is on the page. */
async function verifyEverything(page: Page): Promise<void> {
  await again(page).click();
  await expect(again(page)).toBeVisible({ timeout: 40_000 });
  await expect(page.locator('.iverify .vtools')).toContainText(/ in \d/);
}

test('everything is verified in this browser: paused, gone on with, remembered, and only what is new', async ({
  page,
  console: state,
  signInAs,
  database,
}) => {
  await signInAs({ role: 'auditor', tenant: TENANT });
  const long = openOwnStream(state, TENANT);
  await long.send(Array.from({ length: 2_600 }, (_, i) => i + 1));
  await waitUntilCovered(database, TENANT);
  await page.goto('/integrity');
  await expect(page.getByText(long.stream, { exact: true }).first()).toBeVisible({ timeout: 15_000 });
  await expectAccessible(page);

  await test.step('paused: nothing is counted on, and Go on ends it VALID', async () => {
    await page.context().route('**/api/v1/streams/records?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.continue();
    });
    await again(page).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    const counted = page.locator('.iverify .vtools .num');
    await expect(counted).toContainText('paused');
    // What was under way when the button was pressed may still be counted; then nothing is, however long one looks.
    await expect(async () => {
      const standing = await counted.textContent();
      await page.waitForTimeout(1_500);
      expect(await counted.textContent()).toBe(standing);
    }).toPass();
    await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
    await expectAccessible(page);
    await page.context().unroute('**/api/v1/streams/records?*');
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(again(page)).toBeVisible({ timeout: 40_000 });
    await expect(logLine(page, 'log.checkpoint')).toHaveAttribute('data-verdict', 'valid');
    await expect(logLine(page, 'log.root')).toHaveAttribute('data-verdict', 'valid');
    await expect(logLine(page, 'log.consistency')).toHaveAttribute('data-verdict', 'not-checked');
    await expect(verdictOf(page, long.stream)).toContainText('VALID');
    await expect(page.getByText(/[1-9][\d,]* VALID/).first()).toBeVisible();
    await expect(page.locator(INVALID)).toHaveCount(0);
    await expectAccessible(page);
  });

  await test.step('another page of the console does not end it, and a reload remembers it', async () => {
    await page.getByRole('link', { name: 'Decisions' }).first().click();
    await expect(page).toHaveURL(/\/decisions/);
    await page.getByRole('link', { name: 'Integrity' }).first().click();
    await expect(verdictOf(page, long.stream)).toContainText('VALID');
    await long.send([2_601, 2_602]);
    await waitUntilCovered(database, TENANT);
    await page.reload();
    await page.getByRole('button', { name: /Only what is new since/ }).click();
    await expect(again(page)).toBeVisible({ timeout: 40_000 });
    await expect(logLine(page, 'log.consistency')).toHaveAttribute('data-verdict', 'valid');
    await expect(page.getByText('what was verified before was not read again')).toBeVisible();
    await expect(page.locator(INVALID)).toHaveCount(0);
  });
});

test('what should have come and has not is a finding, with its place; when it comes late, it is said so', async ({
  page,
  console: state,
  signInAs,
  database,
}) => {
  await signInAs({ role: 'compliance', tenant: TENANT });
  const own = openOwnStream(state, TENANT);
  await own.send([1, 2, 5]);
  await page.goto('/integrity');
  const findings = page.getByRole('list', { name: 'Findings' });
  const mine = findings.getByRole('listitem').filter({ hasText: own.stream });
  await expect(mine).toContainText('Numbers 3 to 4');
  await expect(mine).toContainText('never arrived');
  await expect(mine).toContainText('Ask whoever runs the producer to send them again');
  await expectAccessible(page);

  await own.send([4, 3]);
  await waitUntilCovered(database, TENANT);
  await page.reload();
  await expect(page.getByText(own.stream, { exact: true }).first()).toBeVisible();
  await expect(mine).toHaveCount(0);
  await verifyEverything(page);
  await expect(mine).toHaveCount(1);
  await expect(mine).toContainText('Numbers 4 and 3');
  await expect(mine).toContainText('came after greater ones');
  await expect(verdictOf(page, own.stream)).toContainText('VALID');
});

test('one byte changed in the database is named by place, and is gone when it is put back', async ({
  page,
  signInAs,
  gateway,
  database,
}) => {
  await signInAs({ role: 'auditor', tenant: TENANT });
  const asked = await recordDecision(await gateway({ tenant: TENANT }), payment(), AGENT);
  await waitUntilCovered(database, TENANT);
  await page.goto('/integrity');
  const changed = await changeOneByte(database, asked.decisionId);
  try {
    await verifyEverything(page);
    const broken = page.getByRole('list', { name: 'Checks of streams that are not VALID' });
    await expect(broken).toContainText(`Record ${changed.position}`);
    await expect(broken).toContainText(changed.stream);
    await expect(broken).toContainText('signature_invalid');
    await expect(broken).toContainText('link_mismatch');
    await expect(page.locator('header .pill')).toHaveClass(/\binvalid\b/);
    await expectAccessible(page);
    await page.reload();
    await expect(page.getByText('Found broken by this browser')).toBeVisible();
  } finally {
    await changed.undo();
  }
  await verifyEverything(page);
  await expect(page.locator(INVALID)).toHaveCount(0);
  await expect(page.getByText('Found broken by this browser')).toHaveCount(0);
});

test('a forked and a shrunken log are caught, also after a reload, and forgotten only on purpose', async ({
  page,
  console: state,
  signInAs,
  database,
}) => {
  // Seven runs over everything, one after the other.
  test.setTimeout(360_000);
  // From the start: taking hold of a page's requests while some are under way can lose one of them, and the page with it.
  await page.context().route(/\/log\//, (route) => route.continue());
  await signInAs({ role: 'auditor', tenant: TENANT });
  await waitUntilCovered(database, TENANT);
  await page.goto('/integrity');
  await verifyEverything(page);
  await expect(logLine(page, 'log.root')).toHaveAttribute('data-verdict', 'valid');
  const honest = await readLog(state);

  await test.step('the operator shows this browser another past, well signed', async () => {
    await serveLog(page.context(), forkLog(honest));
    await page.reload();
    await verifyEverything(page);
    // By itself the other log is in order: only memory tells.
    await expect(logLine(page, 'log.checkpoint')).toHaveAttribute('data-verdict', 'valid');
    await expect(logLine(page, 'log.root')).toHaveAttribute('data-verdict', 'valid');
    await expect(logLine(page, 'log.consistency')).toHaveAttribute('data-verdict', 'invalid');
    await page.reload();
    await expect(page.locator('header .pill')).toHaveClass(/\binvalid\b/);
    await verifyEverything(page);
    await expect(logLine(page, 'log.consistency')).toHaveAttribute('data-verdict', 'invalid');
    await expect(logLine(page, 'log.consistency')).toContainText('root_mismatch');
    await expectAccessible(page);
    await page.context().unroute('**/log/**');
  });

  await test.step('or less than it has shown before', async () => {
    await serveLog(page.context(), shrinkLog(honest, 3));
    await verifyEverything(page);
    await expect(logLine(page, 'log.consistency')).toContainText('log_shrunk');
  });

  await test.step('who knows why may forget; then the log is believed as it is shown', async () => {
    await page.getByRole('button', { name: 'Forget what this browser remembers…' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Forget it' }).click();
    await verifyEverything(page);
    await expect(logLine(page, 'log.consistency')).toHaveAttribute('data-verdict', 'not-checked');
    await page.context().unroute('**/log/**');
    await verifyEverything(page);
    await expect(logLine(page, 'log.consistency')).toHaveAttribute('data-verdict', 'valid');
    await expect(page.getByText('Found broken by this browser')).toHaveCount(0);
  });
});

test('a person tries tampering with a copy: which check notices, and why', async ({
  page,
  signInAs,
  gateway,
  database,
}) => {
  await signInAs({ role: 'auditor', tenant: TENANT });
  const asked = await recordDecision(await gateway({ tenant: TENANT }), payment(), AGENT);
  await waitUntilCovered(database, TENANT);
  const noticed = page.getByRole('list', { name: 'Checks that noticed' });

  await test.step('on a decision', async () => {
    await page.goto(`/decisions/${asked.decisionId}?tab=verification`);
    await page.getByRole('button', { name: 'Try tampering' }).click();
    await expect(page.getByText(/checks pass for this evidence as it is/)).toBeVisible();
    await page.getByLabel('What is stored').selectOption("the decision's record");
    await page.getByLabel('Which part of it').selectOption({ label: 'payload' });
    await page.getByRole('button', { name: 'Change one bit' }).click();
    await expect(noticed.locator('[data-check="record.signature"]')).toHaveAttribute(
      'data-verdict',
      'invalid',
    );
    await expect(noticed.locator('[data-check="chain.link"]')).toHaveAttribute('data-verdict', 'invalid');
    await expect(noticed).toContainText('Whoever changed them did not have the key');
    await expectAccessible(page);
    await page.getByLabel('Which part of it').selectOption({ label: 'time of acceptance' });
    // The last digit of the milliseconds: a bit of it may make another digit, or no time at all, which is noticed.
    await expect(async () => {
      await page.getByLabel(/^Byte/).fill('23');
      await page.getByRole('button', { name: 'Change one bit' }).click();
      await expect(page.getByText('the producer signed its own time')).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 30_000 });
    await page.getByLabel('What is stored').selectOption('the checkpoint');
    await page.getByLabel('Which part of it').selectOption({ label: 'root' });
    await page.getByRole('button', { name: 'Any bit of it' }).click();
    await expect(noticed.locator('[data-check="log.checkpoint"]')).toHaveAttribute('data-verdict', 'invalid');
    // Nothing of it left this page.
    await expect(page.locator('header .pill')).not.toHaveClass(/\binvalid\b/);
  });

  await test.step('on a stream and its entry in the log', async () => {
    await page.goto('/integrity');
    await page.getByRole('button', { name: 'Try tampering' }).click();
    await page.getByLabel('What is stored').selectOption("the log's entry of the newest record");
    await page.getByLabel('Which part of it').selectOption({ label: 'link' });
    await page.getByRole('button', { name: 'Change one bit' }).click();
    await expect(noticed.locator('[data-check="log.entry"]')).toHaveAttribute('data-verdict', 'invalid');
    await expectAccessible(page);
  });
});
