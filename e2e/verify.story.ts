import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import {
  type EvidenceFiles,
  fetchEvidence,
  growPackage,
  waitUntilWitnessed,
} from './fixtures/evidence-files';
import { expectAccessible } from './fixtures/expect-accessible';
import { askPeople, payment, required } from './fixtures/payment';
import { decide, openReview } from './fixtures/review';
import { expect, test } from './fixtures/story';
import { waitUntilCovered } from './fixtures/tamper';

const VERIFIER = pathToFileURL(join(import.meta.dirname, '..', 'public', 'verify.html')).href;

/** Chooses files by keyboard alone: the button is focused by tabbing and pressed. */
async function chooseByKeyboard(page: Page, ...files: string[]): Promise<void> {
  const button = page.getByRole('button', { name: 'Choose files' });
  for (let stop = 0; stop < 60; stop++) {
    if (await button.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press(stop < 4 ? 'Tab' : 'Shift+Tab');
  }
  await expect(button).toBeFocused();
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(files);
  await expect(page.locator('article.artefact').first()).toBeVisible();
  await expect(page.locator('[data-verdict="running"]')).toHaveCount(0);
}

const verdictOf = (page: Page, file: string) =>
  page.locator(`article[data-file="${file}"]`).getAttribute('data-verdict');

const lineOf = (page: Page, file: string, id: string) =>
  page.locator(`article[data-file="${file}"] > section > ol > [data-check="${id}"]`);

/** What both homes of the desk must do with the same files. */
async function checkEverything(page: Page, files: EvidenceFiles, token: string): Promise<void> {
  // Heard throughout: while nobody listens, the browser’s choosers are let go, and taking hold again races the next key.
  page.on('filechooser', () => {});
  await test.step('nothing pinned: nothing is VALID, and each line says what would settle it', async () => {
    await expect(page.getByRole('heading', { level: 1, name: 'Verify evidence' })).toBeVisible();
    await expectAccessible(page);
    await chooseByKeyboard(page, token, files.checkpoint);
    expect(await verdictOf(page, 'token.jws')).toBe('not-checked');
    expect(await verdictOf(page, 'checkpoint.note')).toBe('not-checked');
    await expect(lineOf(page, 'token.jws', 'token.signature')).toContainText('no approval key is pinned');
    await expectAccessible(page);
  });

  await test.step('a trust file is offered, and pinned by hand', async () => {
    await chooseByKeyboard(page, files.trust);
    const pinAll = page.getByRole('button', { name: /^Pin all \d+ and check again$/ });
    await pinAll.focus();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect(page.locator('.vtrust [data-root]').first()).toBeVisible();
    await expect(pinAll).toHaveCount(0);
  });

  await test.step('under the pinned keys the files are checked to their end', async () => {
    await chooseByKeyboard(page, files.package, token, files.checkpoint, files.unknown);
    expect(await verdictOf(page, 'token.jws')).toBe('valid');
    expect(await verdictOf(page, 'checkpoint.note')).toBe('valid');
    expect(await verdictOf(page, 'holiday.txt')).toBe('not-checked');
    // A package never shows what it leaves out: its lines are VALID or say so.
    expect(await verdictOf(page, 'case.evidence.zip')).toBe('not-checked');
    const article = page.locator('article[data-file="case.evidence.zip"]');
    await expect(article.locator('[data-verdict="invalid"]')).toHaveCount(0);
    await expect(lineOf(page, 'case.evidence.zip', 'package.files')).toHaveAttribute('data-verdict', 'valid');
    await expect(lineOf(page, 'case.evidence.zip', 'trust.log')).toContainText(
      'pinned by you in this browser',
    );
    for (const id of ['record.signature', 'log.inclusion', 'witness.demo-time-stamping', 'witnesses']) {
      const line = article.locator(`[data-section] > details > ol > [data-check="${id}"]`);
      await expect(line).toHaveAttribute('data-verdict', 'valid');
    }
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step('a time stamp with what it stamps, under the authority’s pinned root', async () => {
    await chooseByKeyboard(page, files.timestamp, files.stamped);
    expect(await verdictOf(page, 'checkpoint.tsr')).toBe('valid');
    // It may be smaller than the head that is remembered by now: older, or a log cut back. Nothing here can tell.
    expect(await verdictOf(page, 'stamped.checkpoint')).not.toBe('invalid');
    await chooseByKeyboard(page, files.timestamp, files.unknown);
    expect(await verdictOf(page, 'checkpoint.tsr')).toBe('invalid');
    await expect(lineOf(page, 'checkpoint.tsr', 'rfc3161.imprint')).toContainText('is for other bytes');
    await chooseByKeyboard(page, files.timestamp);
    expect(await verdictOf(page, 'checkpoint.tsr')).toBe('not-checked');
  });

  await test.step('a hostile package is refused with a sentence', async () => {
    await chooseByKeyboard(page, files.hostile);
    expect(await verdictOf(page, 'hostile.evidence.zip')).toBe('invalid');
    await expect(lineOf(page, 'hostile.evidence.zip', 'package.form')).toContainText(
      'unpacking could write outside its folder',
    );
  });

  await test.step('what is remembered survives a reload and catches a fork', async () => {
    await page.reload();
    await expect(page.locator('.vtrust [data-log]')).toHaveCount(1);
    await chooseByKeyboard(page, files.fork);
    expect(await verdictOf(page, 'fork.note')).toBe('invalid');
    const line = lineOf(page, 'fork.note', 'log.consistency');
    await expect(line).toHaveAttribute('data-verdict', 'invalid');
    await expect(line).toContainText('signed two different histories');
    await expect(lineOf(page, 'fork.note', 'log.checkpoint')).toHaveAttribute('data-verdict', 'valid');
    await expectAccessible(page);
    await chooseByKeyboard(page, files.checkpoint);
    expect(await verdictOf(page, 'checkpoint.note')).toBe('valid');
  });

  await test.step('what is unpinned is believed no more, on the same files, at once', async () => {
    const before = await page.locator('.vtrust [data-root]').count();
    await page.getByRole('button', { name: /^Unpin .*log/ }).click();
    await expect(page.locator('.vtrust [data-root]')).toHaveCount(before - 1);
    await expect.poll(() => verdictOf(page, 'checkpoint.note')).toBe('not-checked');
  });
}

test('a stranger checks a console’s evidence: on its public page, and with one file and no network', async ({
  page,
  browser,
  console: state,
  gateway,
  openAs,
  signInAs,
  errors,
  database,
}) => {
  test.setTimeout(300_000);
  const bank = await gateway();
  const action = payment({});
  const asked = await askPeople(bank, action);
  const waiting = bank.wait(asked.task.id, { timeoutMs: 120_000 });
  const { page: review } = await openAs({ role: 'reviewer' });
  // High enough for all required sections at once: this story is not about reading.
  await review.setViewportSize({ width: 1440, height: 2400 });
  await openReview(review, asked.task.id);
  await decide(review, 'approve', 'verified-with-party');
  const task = required(await waiting);
  const { id, token = '' } = task.approval ?? { id: '' };
  required(await bank.redeem({ approvalId: id, token, action }));
  await waitUntilCovered(database, 'north');
  await signInAs({ role: 'auditor' });
  await waitUntilWitnessed(page, database, asked.decisionId);
  const files = await fetchEvidence(page, state, asked.decisionId);
  const tokenFile = files.write('token.jws', `${token}\n`);

  await test.step('on /verify, signed in as nobody', async () => {
    const stranger = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const open = await stranger.newPage();
    errors.watch(open);
    const answer = await open.goto(`${state.origin}/verify`);
    expect(answer?.headers()['content-security-policy']).toContain("connect-src 'none'");
    const asked: string[] = [];
    open.on('request', (request) =>
      asked.push(`${request.resourceType()} ${new URL(request.url()).pathname}`),
    );
    await checkEverything(open, files, tokenFile);
    expect(asked.filter((each) => /^(fetch|xhr|websocket|eventsource|ping)/.test(each))).toEqual([]);
    await stranger.close();
  });

  await test.step('with verify.html from a disk, offline', async () => {
    const alone = await browser.newContext({ viewport: { width: 1440, height: 900 }, offline: true });
    const open = await alone.newPage();
    errors.watch(open);
    const asked: string[] = [];
    open.on('request', (request) => asked.push(request.url().split(':', 1)[0] ?? ''));
    await open.goto(VERIFIER);
    await checkEverything(open, files, tokenFile);
    expect([...new Set(asked)].filter((scheme) => !['file', 'blob', 'data'].includes(scheme))).toEqual([]);
    await alone.close();
  });

  await test.step('verify.html is handed out, never run on the console’s own address', async () => {
    const answer = await page.request.get('/verify.html');
    expect(answer.headers()['content-disposition']).toContain('attachment');
    expect(answer.headers()['content-security-policy']).toContain('sandbox');
    expect((await answer.text()).startsWith('<!doctype html>')).toBe(true);
  });

  await test.step('200 MB do not freeze the page, and can be stopped', async () => {
    const large = await growPackage(files.package, 200_000_000);
    const alone = await browser.newContext({ viewport: { width: 1440, height: 900 }, offline: true });
    const open = await alone.newPage();
    errors.watch(open);
    await open.goto(VERIFIER);
    const input = open.getByTestId('evidence-files');
    await input.setInputFiles(large);
    const article = open.locator('article[data-file="case-large.evidence.zip"]');
    await expect(article).toHaveAttribute('data-verdict', 'running');
    // Drawn while the worker reads: a page that waits for it would draw nothing in between.
    expect(await open.evaluate(countFrames)).toBeGreaterThan(3);
    await open.getByRole('button', { name: 'Cancel' }).click();
    await expect(open.getByText('You stopped the checks')).toBeVisible();
    await input.setInputFiles(large);
    await expect(article).toHaveAttribute('data-verdict', 'not-checked', { timeout: 90_000 });
    await expect(lineOf(open, 'case-large.evidence.zip', 'package.files')).toHaveAttribute(
      'data-verdict',
      'valid',
    );
    await alone.close();
  });
  files.remove();
});

/** Frames that the page draws in a second; one that hangs draws the first and the last. */
function countFrames(): Promise<number> {
  return new Promise((resolve) => {
    let begunMs: number | null = null;
    let frames = 0;
    const next = (nowMs: number) => {
      begunMs ??= nowMs;
      frames++;
      if (nowMs - begunMs < 1_000) requestAnimationFrame(next);
      else resolve(frames);
    };
    requestAnimationFrame(next);
  });
}
