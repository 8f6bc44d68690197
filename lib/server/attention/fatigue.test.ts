import { expect, it } from 'vitest';
import { getPool } from '../database/pool';
import {
  at,
  createOrganisation,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { decideEscalation } from '../reviews/decide';
import type { Reviewer } from '../reviews/reviewer';
import { startTestConsole } from '../testing/test-console';
import { findAttentionRules } from './find-load';
import { getAttention } from './get-attention';
import { getOwnReviewing } from './get-own-reviewing';
import { noteFatigue } from './note-fatigue';
import { recordAttentionEvent } from './record-event';

await startTestConsole();

const organisation = (attention: object) => {
  const policy = reviewPolicy();
  return createOrganisation({ ...policy, review: { ...policy.review, attention } });
};

async function approve(bank: TestOrganisation, reviewer: Reviewer, seconds: number) {
  const task = await submitPayment(bank);
  const detail = await readEscalationPage(reviewer, task.id, seconds - 15);
  return { task, done: await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(seconds)) };
}

const tire = (bank: TestOrganisation, reviewer: Reviewer) =>
  recordAttentionEvent(getPool(), {
    tenant: bank.tenant,
    person: reviewer.person.id,
    kind: 'fatigue',
    reasonCode: 'falling_dwell',
    atMs: at(10).nowMs,
  });

it('uniform reading over a shift is noted once, and the policy’s lower limits hold from then on', async () => {
  const bank = await organisation({
    whenFatigued: 'lessLoad',
    lessLoadPercent: 50,
    load: { decisionsPerHour: 100, activeMinutes: 600 },
  });
  const reviewer = await bank.person(['reviewer']);
  for (let n = 1; n <= 20; n++) await approve(bank, reviewer, 20 + n * 30);
  const rules = await findAttentionRules(getPool(), bank.tenant, at(700).nowMs);
  for (let n = 0; n < 2; n++) await noteFatigue(getPool(), reviewer, { rules, ...at(700 + n) });
  const view = await getAttention(bank.tenant, { days: 7 }, at(710));
  const noted = view.events.filter(({ kind }) => kind === 'fatigue');
  expect(noted.map(({ reasonCode }) => reasonCode)).toEqual(['uniform_timing']);
  expect(view.people).toMatchObject([{ verdicts: 20, spread: 'fatigue' }]);
  expect(view.covered).toEqual({ n: 20, of: 20 });
  const own = await getOwnReviewing(reviewer, at(710));
  expect(own.load).toMatchObject({ lowered: true, limit: 50 });
  expect(own.signals.find(({ signal }) => signal === 'uniform_timing')).toMatchObject({
    state: 'shows',
    n: 20,
  });
});

it('beside a tired reviewer a second one is asked for, recorded with the reason; the next approval completes it', async () => {
  const bank = await organisation({ whenFatigued: 'secondReviewer' });
  const [tired, second] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
  await tire(bank, tired);
  const { task, done } = await approve(bank, tired, 30);
  expect(done).toMatchObject({ state: 'pending', approvals: 1, needed: 2, approval: null });
  const changed = (await recordsOf(bank.tenant, 'escalation')).filter(
    ({ body }) => body.reason_code === 'falling_dwell',
  );
  expect(changed.map(({ body }) => body.escalation_id)).toEqual([task.id]);
  const told = async (seconds: number) =>
    (await getAttention(bank.tenant, { days: 7 }, at(seconds))).events.filter(
      ({ kind }) => kind === 'second_reviewer',
    );
  // Senior reviewers read it too: that somebody's approval needs a second tells who gave the first.
  expect(await told(35)).toEqual([]);
  const detail = await readEscalationPage(second, task.id, 40);
  const last = await decideEscalation(second, task.id, verdictOn(detail, 'approve'), at(60));
  expect(last).toMatchObject({ state: 'approved', approvals: 2 });
  expect(await told(65)).toMatchObject([{ name: tired.person.name, escalation: task.id }]);
});

it('a denial by a tired reviewer ends it at once, and somebody awake needs no second', async () => {
  const bank = await organisation({ whenFatigued: 'secondReviewer' });
  const [tired, awake] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
  await tire(bank, tired);
  const task = await submitPayment(bank);
  const detail = await readEscalationPage(tired, task.id, 15);
  expect((await decideEscalation(tired, task.id, verdictOn(detail, 'deny'), at(30))).state).toBe('denied');
  expect((await approve(bank, awake, 60)).done.state).toBe('approved');
});

it('shows nobody’s figures in another organisation', async () => {
  const [bank, elsewhere] = [await organisation({}), await organisation({})];
  const reviewer = await bank.person(['reviewer']);
  await approve(bank, reviewer, 20);
  expect(await getAttention(elsewhere.tenant, { days: 7 }, at(30))).toMatchObject({
    verdicts: 0,
    people: [],
    events: [],
  });
});
