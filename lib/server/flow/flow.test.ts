import { describe, expect, it } from 'vitest';
import { getPool } from '../database/pool';
import { formatTask } from '../escalations/format-task';
import { getDetail } from '../escalations/get-detail';
import { listQueue } from '../escalations/list-queue';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { linkPerson } from '../identity/link-person';
import { findWithheld } from '../lineage/find-withheld';
import { getLineage } from '../lineage/get-lineage';
import { decideEscalation } from '../reviews/decide';
import { decideBulk } from '../reviews/decide-bulk';
import { openBulk } from '../reviews/open-bulk';
import type { Reviewer } from '../reviews/reviewer';
import { startTestConsole } from '../testing/test-console';
import { addComment } from './add-comment';
import { answerAsGateway, answerAsOwner } from './answer-information';
import { askInformation } from './ask-information';
import { deferEscalation } from './defer';
import { recordImpression } from './record-impression';

await startTestConsole();
const org = await createOrganisation(
  reviewPolicy({ review: { ...reviewPolicy().review, quorum: [{ role: 'reviewer', count: 2 }] } }),
);
const HOSTILE = '<script>alert(1)</script> \u202egnp.exe {{constructor}}';
const ALL = { state: 'pending', filter: 'all', limit: 200 } as const;

describe('information', () => {
  it('is asked on the task, answered once, and becomes part of what is signed; the clock runs on', async () => {
    const reviewer = await org.person(['reviewer']);
    const task = await submitPayment(org);
    const before = await readEscalationPage(reviewer, task.id);
    const id = await askInformation(reviewer, task.id, 'Which invoice is this for?', at(12));
    const asked = await formatTask(getPool(), { tenant: org.tenant, id: task.id });
    expect(asked.progress.information_requested).toMatchObject([
      { id, question: 'Which invoice is this for?' },
    ]);
    expect([asked.expires_at, asked.links.information]).toEqual([
      task.expires_at,
      expect.stringContaining(`${task.id}/information`),
    ]);
    const answer = (words: string) =>
      answerAsGateway(org.gateway, task.id, { information_id: id, answer: words }, at(14));
    await expect(
      answerAsGateway(org.otherGateway, task.id, { information_id: id, answer: 'no' }, at(13)),
    ).rejects.toMatchObject({ code: 'task_unknown' });
    expect((await answer(HOSTILE)).progress.information_requested).toBeUndefined();
    await expect(answer('again')).rejects.toMatchObject({ code: 'information_answered' });

    const after = await getDetail(reviewer, task.id, at(15));
    expect(after.flow.information).toMatchObject([
      { question: 'Which invoice is this for?', answer: HOSTILE, answeredBy: 'gateway' },
    ]);
    expect(after.displayDigest).not.toBe(before.displayDigest);
    await expect(
      decideEscalation(reviewer, task.id, verdictOn(before, 'deny'), at(16)),
    ).rejects.toMatchObject({ code: 'stale_view' });
    expect((await decideEscalation(reviewer, task.id, verdictOn(after, 'deny'), at(17))).state).toBe(
      'denied',
    );
    await expect(askInformation(reviewer, task.id, 'And now?', at(18))).rejects.toMatchObject({
      code: 'escalation_ended',
    });
    const records = [
      ...(await recordsOf(org.tenant, 'information.requested')),
      ...(await recordsOf(org.tenant, 'information.answered')),
    ];
    expect(records.map(({ body }) => body.information_id)).toEqual([id, id]);
    expect(JSON.stringify(records)).not.toMatch(/invoice|script/);
  });

  it('is answered on the page by who answers for the agent, who decides nothing, and by nobody else', async () => {
    const reviewer = await org.person(['reviewer']);
    const action = largePayment();
    const task = await submitPayment(org, action);
    const id = await askInformation(reviewer, task.id, 'Which invoice is this for?', at(2));
    const owner = await org.person(['reviewer']);
    await linkPerson({
      tenant: org.tenant,
      person: owner.person.id,
      kind: 'agent',
      value: action.subject.id,
      linkedBy: 'test',
    });
    const request = { information_id: id, answer: 'Invoice 4471.' };
    await expect(answerAsOwner(reviewer, task.id, request, at(3))).rejects.toMatchObject({
      code: 'role_required',
    });
    const shown = await getDetail(owner, task.id, at(3));
    expect([shown.flow.mayAnswer, shown.may.code]).toEqual([true, 'self_approval']);
    await answerAsOwner(owner, task.id, request, at(4));
    expect((await getDetail(reviewer, task.id, at(5))).flow.information[0]).toMatchObject({
      answeredBy: 'owner',
    });
  });
});

describe('independence', () => {
  it('shows a machine’s recommendation after one’s own first impression, which is final and recorded', async () => {
    const reviewer = await org.person(['reviewer']);
    const words = {
      model: { provider: 'acme', name: 'risk', version: '3' },
      verdict: 'deny' as const,
      rationale: HOSTILE,
      score: '0.93',
    };
    const task = await submitPayment(org, largePayment(), { recommendation: words });
    const before = await readEscalationPage(reviewer, task.id);
    expect(JSON.stringify(before)).not.toContain('script');
    expect(before.flow.recommendation).toEqual({ state: 'hidden' });
    await recordImpression(reviewer, task.id, 'approve', at(12));
    await recordImpression(reviewer, task.id, 'approve', at(12));
    await expect(recordImpression(reviewer, task.id, 'deny', at(13))).rejects.toMatchObject({
      code: 'impression_recorded',
    });
    const after = await getDetail(reviewer, task.id, at(13));
    expect(after.flow.recommendation).toEqual({ state: 'shown', words, impression: 'approve' });
    expect(after.displayDigest).not.toBe(before.displayDigest);
    const other = await org.person(['reviewer']);
    expect((await getDetail(other, task.id, at(13))).flow.recommendation).toEqual({ state: 'hidden' });
    await decideEscalation(reviewer, task.id, verdictOn(after, 'deny'), at(14));
    const [review] = (await recordsOf(org.tenant, 'review')).slice(-1);
    expect(review?.body.impression).toEqual({ impression: 'approve', recommended: 'deny', changed: true });
    expect((await recordsOf(org.tenant, 'impression.recorded')).at(-1)?.body).toMatchObject({
      impression: 'approve',
      recommended: 'deny',
      model: 'acme/risk@3',
    });
  });

  it('lets no second reviewer learn of the first verdict, however they ask, while oversight may', async () => {
    const [first, second] = [await org.person(['reviewer']), await org.person(['reviewer'])];
    const auditor = await org.person(['auditor']);
    const task = await submitPayment(org);
    const shown = await readEscalationPage(first, task.id);
    await addComment(first, task.id, { text: 'Invoice 4471 is filed.', carriesVerdict: false }, at(11));
    await decideEscalation(first, task.id, verdictOn(shown, 'approve'), at(12));
    await addComment(first, task.id, { text: 'Filed under 4471.', carriesVerdict: false }, at(13));
    const detail = await getDetail(second, task.id, at(14));
    const [row] = (await listQueue(second, { ...ALL, ids: task.id }, at(14))).rows;
    for (const view of [JSON.stringify(detail), JSON.stringify(row)]) {
      expect(view).not.toContain('matches-evidence');
      expect(view).not.toContain('Invoice 4471 matches the order');
      expect(view).not.toContain('Filed under 4471');
    }
    const lineageOf = async (who: Reviewer) =>
      (await getLineage(org.tenant, task.id, 100, await findWithheld(who))).edges.map(({ kind }) => kind);
    expect([await lineageOf(second), (await lineageOf(auditor)).includes('reviews')]).toEqual([[], true]);
    expect([detail.result, detail.row.approvals, row?.approvals, row?.decidedBy]).toEqual([null, 0, 0, null]);
    expect(detail.flow).toMatchObject({ heldComments: 1, comments: [{ text: 'Invoice 4471 is filed.' }] });
    expect((await getDetail(first, task.id, at(14))).row.approvals).toBe(1);
    expect((await getDetail(auditor, task.id, at(14))).flow.comments).toHaveLength(2);
    const read = await readEscalationPage(second, task.id, 15);
    await decideEscalation(second, task.id, verdictOn(read, 'approve'), at(27));
    expect((await getDetail(second, task.id, at(28))).flow).toMatchObject({ heldComments: 0 });
  });

  it('holds back a comment that sounds like a verdict, and shows its author their own', async () => {
    const [one, two] = [await org.person(['reviewer']), await org.person(['reviewer'])];
    const task = await submitPayment(org);
    await addComment(one, task.id, { text: 'I would deny this.', carriesVerdict: false }, at(2));
    expect((await getDetail(two, task.id, at(3))).flow).toMatchObject({ comments: [], heldComments: 1 });
    expect((await getDetail(one, task.id, at(3))).flow.comments).toHaveLength(1);
  });
});

describe('putting aside', () => {
  it('is one’s own, gives the claim back, ends by time or an answer, and never after the expiry', async () => {
    const [one, two] = [await org.person(['reviewer']), await org.person(['reviewer'])];
    const task = await submitPayment(org);
    const rowOf = async (who: Reviewer, seconds: number) =>
      (await listQueue(who, { ...ALL, ids: task.id }, at(seconds))).rows[0];
    const until = new Date(at(60).nowMs).toISOString();
    await deferEscalation(one, task.id, { until, onInformation: false }, at(2));
    expect([(await rowOf(one, 3))?.deferral, (await rowOf(two, 3))?.deferral]).toEqual([
      { until, onInformation: false },
      null,
    ]);
    expect((await rowOf(one, 60))?.deferral).toBeNull();
    expect((await rowOf(one, 3))?.expiresAt).toBe(task.expires_at);
    await expect(
      deferEscalation(one, task.id, { until: task.expires_at, onInformation: false }, at(4)),
    ).rejects.toMatchObject({ code: 'malformed_request' });
    const id = await askInformation(one, task.id, 'Which invoice is this for?', at(5));
    await deferEscalation(one, task.id, { until: null, onInformation: true }, at(6));
    expect((await listQueue(one, { ...ALL, filter: 'deferred' }, at(7))).rows.map((row) => row.id)).toContain(
      task.id,
    );
    await answerAsGateway(org.gateway, task.id, { information_id: id, answer: 'Invoice 4471.' }, at(8));
    expect((await rowOf(one, 9))?.deferral).toBeNull();
  });
});

describe('several at once', () => {
  it('denies each of an exact set by itself, and tells which failed', async () => {
    const reviewer = await org.person(['reviewer']);
    const tasks = [await submitPayment(org), await submitPayment(org), await submitPayment(org)];
    const ids = tasks.map(({ id }) => id);
    const items = await openBulk(reviewer, ids, at(5));
    const { cancelEscalation } = await import('../escalations/cancel');
    await cancelEscalation(org.gateway, ids[1] ?? '', at(6));
    const seen = items.map(({ id, actionDigest, displayDigest, instance, version }) => ({
      id,
      actionDigest: id === ids[2] ? (items[0]?.actionDigest ?? '') : actionDigest,
      displayDigest,
      instance,
      version,
    }));
    const verdict = {
      verdict: 'deny',
      reasonCode: 'looks-manipulated',
      reasonText: 'The payee was never used before.',
    } as const;
    const results = await decideBulk(reviewer, { ...verdict, items: seen }, at(7));
    expect(results.map((result) => (result.ok ? result.answer.state : result.code))).toEqual([
      'denied',
      'escalation_ended',
      'stale_view',
    ]);
    const reviews = (await recordsOf(org.tenant, 'review')).filter(({ body }) =>
      ids.includes(String(body.escalation_id)),
    );
    expect(reviews).toHaveLength(1);
    await expect(openBulk(reviewer, ['esc_none'], at(8))).rejects.toMatchObject({
      code: 'escalation_unknown',
    });
  });

  it('approves together only what the policy lets, and lowers no gate of any', async () => {
    const open = await createOrganisation(
      reviewPolicy({ review: { ...reviewPolicy().review, bulkApproveTiers: ['bounded'] } }),
    );
    const approve = {
      verdict: 'approve',
      reasonCode: 'matches-evidence',
      reasonText: 'Invoice 4471 matches the order.',
    } as const;
    for (const [organisation, code] of [
      [org, 'bulk_not_allowed'],
      [open, 'coverage_incomplete'],
    ] as const) {
      const reviewer = await organisation.person(['reviewer']);
      const task = await submitPayment(organisation);
      const [item] = await openBulk(reviewer, [task.id], at(5));
      if (!item) throw new Error('not opened');
      const { actionDigest, displayDigest, instance, version } = item;
      const results = await decideBulk(
        reviewer,
        { ...approve, items: [{ id: task.id, actionDigest, displayDigest, instance, version }] },
        at(7),
      );
      expect(results).toMatchObject([{ ok: false, code }]);
    }
  });
});
