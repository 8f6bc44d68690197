import type { Page } from '@playwright/test';
import { escalationDetail, type ReviewSessionView, reviewProgress } from '@/lib/escalations/escalation-view';
import { askPeople, payment } from './fixtures/payment';
import {
  callReview,
  fillVerdict,
  holdBeats,
  openReview,
  readRequired,
  reviewButton,
  verdictOf,
} from './fixtures/review';
import { expect, test } from './fixtures/story';

/** What the server has measured of this person's reading. */
async function measured(page: Page, escalationId: string): Promise<ReviewSessionView> {
  const answer = await page.request.get(`/api/v1/escalations/${escalationId}`);
  const { session } = escalationDetail.parse(await answer.json());
  if (!session) throw new Error('The server has not been told that the page was drawn.');
  return session;
}

/** The next beat that the page itself sends while it says `visible`, and what the server made of it. */
async function nextBeat(
  page: Page,
  visible: boolean,
): Promise<{ sent: Record<string, unknown>; session: ReviewSessionView }> {
  const response = await page.waitForResponse(
    (each) => each.url().endsWith('/heartbeat') && each.request().postDataJSON().visible === visible,
    { timeout: 20_000 },
  );
  const { session } = reviewProgress.parse(await response.json());
  if (!session) throw new Error('The beat was answered without a session.');
  return { sent: response.request().postDataJSON() as Record<string, unknown>, session };
}

/** What a browser tells a page that somebody has switched away from. */
async function setVisible(page: Page, visible: boolean): Promise<void> {
  await page.evaluate((isVisible) => {
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (isVisible ? 'visible' : 'hidden'),
    });
    document.dispatchEvent(new Event('visibilitychange'));
  }, visible);
}

test('time on a page that nobody looks at is open time and never active time', async ({
  page,
  gateway,
  signInAs,
}) => {
  const { task } = await askPeople(await gateway(), payment());
  await signInAs({ role: 'reviewer' });
  await openReview(page, task.id);
  const first = await nextBeat(page, true);
  expect(first.sent).toMatchObject({ focused: true, idle: false });
  expect(first.session.activeMs).toBeGreaterThan(0);

  const hidden = nextBeat(page, false);
  await setVisible(page, false);
  const away = await hidden;
  expect(away.sent).toMatchObject({ sections: [] });
  await expect
    .poll(async () => (await measured(page, task.id)).reviewDwellMs)
    .toBeGreaterThan(away.session.reviewDwellMs + 2_000);
  const later = await measured(page, task.id);
  expect(later.activeMs).toBe(away.session.activeMs);
  expect(later.seenMs).toEqual(away.session.seenMs);

  const back = nextBeat(page, true);
  await setVisible(page, true);
  const { session } = await back;
  expect(session.activeMs).toBeGreaterThan(later.activeMs);
  expect(session.activeMs - later.activeMs).toBeLessThanOrEqual(session.reviewDwellMs - later.reviewDwellMs);
});

test('a page that nobody touches for half a minute is idle, and idle time is not active', async ({
  page,
  gateway,
  signInAs,
}) => {
  const { task } = await askPeople(await gateway(), payment());
  await page.clock.install();
  await signInAs({ role: 'reviewer' });
  await openReview(page, task.id);
  const touched = nextBeat(page, true);
  await page.clock.runFor(6_000);
  const before = await touched;
  expect(before.sent).toMatchObject({ idle: false });
  // Only this browser's clock is moved on: to the server hardly any time has passed, whatever the page says.
  const untouched = page.waitForResponse(
    (each) => each.url().endsWith('/heartbeat') && each.request().postDataJSON().idle === true,
  );
  await page.clock.runFor(40_000);
  await untouched;
  const after = await measured(page, task.id);
  expect(after.activeMs).toBeLessThanOrEqual(after.reviewDwellMs);
  const idle = await callReview(page, task.id, 'heartbeat', {
    visible: true,
    focused: true,
    idle: true,
    sections: ['action', 'why', 'seen'],
  });
  expect(reviewProgress.parse(idle.body).session).toMatchObject({
    activeMs: after.activeMs,
    seenMs: after.seenMs,
  });
});

test('a script that beats faster gains nothing: the sum never passes the time that went by', async ({
  page,
  gateway,
  signInAs,
}) => {
  const { task } = await askPeople(await gateway(), payment());
  await signInAs({ role: 'reviewer' });
  const claimed = {
    visible: true,
    focused: true,
    idle: false,
    sections: ['action', 'why', 'seen', 'history'],
  };
  expect(await callReview(page, task.id, 'heartbeat', claimed)).toMatchObject({
    status: 409,
    body: { code: 'not_opened' },
  });
  await callReview(page, task.id, 'open');
  for (let round = 0; round < 5; round++)
    await Promise.all(Array.from({ length: 8 }, () => callReview(page, task.id, 'heartbeat', claimed)));
  const session = await measured(page, task.id);
  expect(session.activeMs).toBeLessThanOrEqual(session.reviewDwellMs);
  for (const seenMs of Object.values(session.seenMs)) expect(seenMs).toBeLessThanOrEqual(session.activeMs);
  for (const forged of [
    { activeMs: 600_000 },
    { elapsedMs: 600_000 },
    { sentAt: '2020-01-01T00:00:00.000Z' },
  ])
    await callReview(page, task.id, 'heartbeat', { ...claimed, ...forged });
  const forged = await measured(page, task.id);
  expect(forged.activeMs).toBeLessThanOrEqual(forged.reviewDwellMs);
});

test('what has not been read cannot be approved, by the page or past it', async ({
  page,
  gateway,
  signInAs,
}) => {
  const { task } = await askPeople(await gateway(), payment());
  await signInAs({ role: 'reviewer' });
  expect(await callReview(page, task.id, 'decide', await verdictOf(page, task.id, 'approve'))).toMatchObject({
    status: 409,
    body: { code: 'not_opened' },
  });
  const letBeat = await holdBeats(page);
  await openReview(page, task.id);
  await page.keyboard.press('a');
  await fillVerdict(page, 'approve', 'matches-evidence');
  await expect(reviewButton(page)).toHaveAttribute('aria-disabled', 'true');
  expect(await callReview(page, task.id, 'decide', await verdictOf(page, task.id, 'approve'))).toMatchObject({
    status: 409,
    body: { code: 'coverage_incomplete' },
  });
  await letBeat();
  await readRequired(page);
  await expect(reviewButton(page)).not.toHaveAttribute('aria-disabled', 'true');
  expect((await measured(page, task.id)).covered).toEqual(expect.arrayContaining(['action', 'why']));
  expect(await callReview(page, task.id, 'decide', await verdictOf(page, task.id, 'approve'))).toMatchObject({
    status: 200,
    body: { state: 'approved' },
  });
});
