import { describe, expect, it } from 'vitest';
import type { Evidence } from '@/lib/escalations/escalation-view';
import { getPool } from '../database/pool';
import { getDetail } from '../escalations/get-detail';
import {
  at,
  createOrganisation,
  readEscalationPage,
  reviewPolicy,
  submitPayment,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { claimEscalation } from '../reviews/claim';
import { decideEscalation } from '../reviews/decide';
import { recordHeartbeat } from '../reviews/heartbeat';
import { openReview } from '../reviews/open';
import { startTestConsole } from '../testing/test-console';

await startTestConsole();
type Review = ReturnType<typeof reviewPolicy>['review'];
const withReview = (change: Partial<Review>) => {
  const policy = reviewPolicy();
  return createOrganisation({ ...policy, review: { ...policy.review, ...change } });
};
const beat = { visible: true, focused: true, idle: false, sections: [] };
const evidence = (change: Partial<Evidence['retrieved'][number]>) => ({
  evidence: { retrieved: [{ id: 'r', mediaType: 'text/plain', text: 'words', ...change }], guardrails: [] },
});

describe('reading', () => {
  it('two pages in front at once share one person’s time', async () => {
    const bank = await withReview({});
    const reviewer = await bank.person(['reviewer']);
    const [one, two] = [await submitPayment(bank), await submitPayment(bank)];
    for (const { id } of [one, two]) await openReview(reviewer, id, at(0));
    let total = 0;
    for (let seconds = 5; seconds <= 20; seconds += 5) {
      await recordHeartbeat(reviewer, one.id, beat, at(seconds));
      const progress = await recordHeartbeat(reviewer, two.id, beat, at(seconds));
      total = progress.session?.activeMs ?? 0;
    }
    const first = await getDetail(reviewer, one.id, at(21));
    expect((first.session?.activeMs ?? 0) + total).toBe(20_000);
    const minutes = await getPool().query<{ ms: number }>(
      'SELECT sum(active_ms)::int AS ms FROM attention_minutes WHERE tenant = $1',
      [bank.tenant],
    );
    expect(minutes.rows[0]?.ms).toBe(20_000);
  });

  it('the least time grows with what there was to read, and is said before', async () => {
    const bank = await withReview({
      attention: { reading: { perThousandCharactersMs: 1_000, perItemMs: 2_000, atMostMs: 60_000 } },
    });
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank, undefined, evidence({ text: 'x'.repeat(5_000) }));
    const detail = await readEscalationPage(reviewer, task.id);
    expect(detail.minimumActive).toMatchObject({ tierMs: 8_000, items: 1 });
    expect(detail.minimumActiveMs).toBeGreaterThan(15_000);
    await expect(
      decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(12)),
    ).rejects.toMatchObject({
      code: 'dwell_too_short',
    });
    await recordHeartbeat(reviewer, task.id, { ...beat, sections: ['action', 'why'] }, at(17));
    const done = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(18));
    expect(done.state).toBe('approved');
  });
});

describe('not inspectable parts', () => {
  it.each<[string, Partial<Evidence['retrieved'][number]>]>([
    ['a PDF', { mediaType: 'application/pdf', text: '%PDF-1.7' }],
    ['a digest without its text', { text: undefined }],
  ])('%s blocks an approval of what cannot be undone, never a denial', async (_, item) => {
    const bank = await withReview({});
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank, undefined, evidence(item));
    const detail = await readEscalationPage(reviewer, task.id);
    expect(detail.notInspectable).toMatchObject({ blocks: true });
    await expect(
      decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20)),
    ).rejects.toMatchObject({
      code: 'not_inspectable',
    });
    expect((await decideEscalation(reviewer, task.id, verdictOn(detail, 'deny'), at(20))).state).toBe(
      'denied',
    );
  });

  it('are let pass where the policy says so', async () => {
    const bank = await withReview({ notInspectable: { bounded: 'allow' } });
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank, undefined, evidence({ mediaType: 'application/pdf' }));
    const detail = await readEscalationPage(reviewer, task.id);
    expect((await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20))).state).toBe(
      'approved',
    );
  });
});

describe('load', () => {
  const limited = () =>
    withReview({ attention: { load: { decisionsPerHour: 2, activeMinutes: 60, noticeAtPercent: 50 } } });
  const decideOne = async (
    bank: Awaited<ReturnType<typeof limited>>,
    reviewer: Awaited<ReturnType<typeof bank.person>>,
    seconds: number,
    verdict: 'approve' | 'deny' = 'approve',
  ) => {
    const task = await submitPayment(bank);
    const detail = await readEscalationPage(reviewer, task.id, seconds - 15);
    return decideEscalation(reviewer, task.id, verdictOn(detail, verdict), at(seconds));
  };
  const events = async (tenant: string) =>
    (
      await getPool().query<{ kind: string; reason_code: string; escalation: string | null }>(
        'SELECT kind, reason_code, escalation FROM attention_events WHERE tenant = $1 ORDER BY at, kind',
        [tenant],
      )
    ).rows;

  it('is told near the limit, and at it nothing new is claimed or approved; denying stays possible', async () => {
    const bank = await limited();
    const [reviewer, next] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
    await decideOne(bank, reviewer, 20);
    const waiting = await submitPayment(bank);
    expect((await getDetail(reviewer, waiting.id, at(21))).load).toMatchObject({
      state: 'near',
      used: 1,
      limit: 2,
    });
    await decideOne(bank, reviewer, 40);
    await expect(claimEscalation(reviewer, waiting.id, at(41))).rejects.toMatchObject({
      code: 'load_limit_reached',
    });
    const detail = await readEscalationPage(reviewer, waiting.id, 42);
    expect(detail.load).toMatchObject({ state: 'reached' });
    await expect(
      decideEscalation(reviewer, waiting.id, verdictOn(detail, 'approve'), at(60)),
    ).rejects.toMatchObject({ code: 'load_limit_reached' });
    expect((await claimEscalation(next, waiting.id, at(61))).lease).toMatchObject({ mine: true });
    expect((await decideOne(bank, reviewer, 90, 'deny')).state).toBe('denied');
    expect((await decideOne(bank, next, 92)).state).toBe('approved');
  });

  it('lets what was open before the limit be finished, and puts back what was only claimed', async () => {
    const bank = await limited();
    const [reviewer, next] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
    const [open, claimed] = [await submitPayment(bank), await submitPayment(bank)];
    const detail = await readEscalationPage(reviewer, open.id);
    await claimEscalation(reviewer, claimed.id, at(12));
    await expect(claimEscalation(next, claimed.id, at(13))).rejects.toMatchObject({ code: 'lease_held' });
    await decideOne(bank, reviewer, 30);
    await decideOne(bank, reviewer, 50);
    expect(await events(bank.tenant)).toEqual([
      { kind: 'limit_reached', reason_code: 'decisions_per_hour', escalation: null },
      { kind: 'put_back', reason_code: 'decisions_per_hour', escalation: claimed.id },
    ]);
    expect((await claimEscalation(next, claimed.id, at(51))).lease).toMatchObject({ mine: true });
    expect((await decideEscalation(reviewer, open.id, verdictOn(detail, 'approve'), at(52))).state).toBe(
      'approved',
    );
    expect((await events(bank.tenant)).filter(({ kind }) => kind === 'limit_reached')).toHaveLength(1);
  });

  it('reading without a break reaches the limit too, and a break ends it', async () => {
    const bank = await withReview({
      waitMinutes: 600,
      attention: { load: { decisionsPerHour: 500, activeMinutes: 5, breakMinutes: 3 } },
    });
    const reviewer = await bank.person(['reviewer']);
    const [long, other] = [await submitPayment(bank), await submitPayment(bank)];
    await openReview(reviewer, long.id, at(0));
    for (let seconds = 5; seconds <= 310; seconds += 5)
      await recordHeartbeat(reviewer, long.id, beat, at(seconds));
    await expect(claimEscalation(reviewer, other.id, at(311))).rejects.toMatchObject({
      code: 'load_limit_reached',
    });
    expect(await events(bank.tenant)).toEqual([
      { kind: 'limit_reached', reason_code: 'active_minutes', escalation: null },
    ]);
    expect((await claimEscalation(reviewer, other.id, at(560))).lease).toMatchObject({ mine: true });
  });

  it('is one organisation’s: verdicts elsewhere do not count', async () => {
    const [bank, shop] = [await limited(), await limited()];
    const reviewer = await bank.person(['reviewer']);
    await decideOne(bank, reviewer, 20);
    await decideOne(bank, reviewer, 40);
    const task = await submitPayment(shop);
    const guest = await shop.person(['reviewer']);
    expect((await claimEscalation(guest, task.id, at(41))).lease).toMatchObject({ mine: true });
  });
});
