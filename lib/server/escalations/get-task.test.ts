import { describe, expect, it } from 'vitest';
import { evaluate } from '../access/evaluate';
import { getPool } from '../database/pool';
import { decideEscalation } from '../reviews/decide';
import { openReview } from '../reviews/open';
import type { Reviewer } from '../reviews/reviewer';
import { startTestConsole } from '../testing/test-console';
import { cancelEscalation } from './cancel';
import { expireDue } from './expire';
import { getDetail } from './get-detail';
import { getTask } from './get-task';
import { submitEscalation } from './submit';
import {
  createOrganisation,
  largePayment,
  newKey,
  recordsOf,
  T0,
  verdictOn,
} from './testing/escalation-fixture';

await startTestConsole();
const bank = await createOrganisation();

/** A task that is pending on the real clock, as long-polling needs. */
async function submitNow(expiresInMs?: number) {
  const action = largePayment();
  const answer = await evaluate(bank.gateway, action);
  const request = {
    ...action,
    evaluation_id: answer.context.evaluation_id as string,
    ...(expiresInMs === undefined ? {} : { expires_at: new Date(Date.now() + expiresInMs).toISOString() }),
  };
  return (await submitEscalation(bank.gateway, { idempotencyKey: newKey(), request })).task;
}

async function denyNow(reviewer: Reviewer, id: string) {
  await openReview(reviewer, id);
  return decideEscalation(reviewer, id, verdictOn(await getDetail(reviewer, id), 'deny'));
}

describe('getTask', () => {
  it('answers a waiting gateway when somebody decides, not when the time is up', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitNow();
    const waiting = [1, 2, 3].map(() => getTask(bank.gateway, task.id, { waitMs: 25_000 }));
    await denyNow(reviewer, task.id);
    for (const answer of await Promise.all(waiting)) expect(answer.status).toBe('denied');
  });

  it('sees a decision made between its first reading and its waiting', async () => {
    const reviewer = await bank.person(['reviewer']);
    for (let round = 0; round < 5; round++) {
      const task = await submitNow();
      await openReview(reviewer, task.id);
      const verdict = verdictOn(await getDetail(reviewer, task.id), 'deny');
      const [answer] = await Promise.all([
        getTask(bank.gateway, task.id, { waitMs: 25_000 }),
        decideEscalation(reviewer, task.id, verdict),
      ]);
      expect(answer.status).toBe('denied');
    }
  });

  it('answers pending when the time is up: a timeout decides nothing', async () => {
    const task = await submitNow();
    expect((await getTask(bank.gateway, task.id, { waitMs: 50 })).status).toBe('pending');
  });

  it('stops waiting when the caller goes away', async () => {
    const task = await submitNow();
    const caller = new AbortController();
    const waiting = getTask(bank.gateway, task.id, { waitMs: 25_000, signal: caller.signal });
    caller.abort();
    expect((await waiting).status).toBe('pending');
  });

  it('ends an overdue task before it answers, without waiting for the sweeper', async () => {
    const task = await submitNow(40);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await getTask(bank.gateway, task.id)).status).toBe('expired');
  });
});

describe('cancelEscalation', () => {
  it('ends a pending task, is recorded, and is refused the second time', async () => {
    const task = await submitNow();
    expect(await cancelEscalation(bank.gateway, task.id)).toMatchObject({ status: 'cancelled' });
    await expect(cancelEscalation(bank.gateway, task.id)).rejects.toMatchObject({ code: 'task_terminal' });
    const records = (await recordsOf(bank.tenant, 'escalation')).filter(
      ({ body }) => body.escalation_id === task.id,
    );
    expect(records.map(({ body }) => body.state)).toEqual(['pending', 'cancelled']);
  });

  it('is for its own gateway only', async () => {
    const task = await submitNow();
    const shop = await createOrganisation();
    for (const caller of [bank.otherGateway, shop.gateway]) {
      await expect(cancelEscalation(caller, task.id)).rejects.toMatchObject({ code: 'task_unknown' });
    }
    expect((await getTask(bank.gateway, task.id)).status).toBe('pending');
  });

  it('against a verdict: one of them wins', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitNow();
    await openReview(reviewer, task.id);
    const verdict = verdictOn(await getDetail(reviewer, task.id), 'deny');
    const results = await Promise.allSettled([
      cancelEscalation(bank.gateway, task.id),
      decideEscalation(reviewer, task.id, verdict),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('expireDue', () => {
  it('ends everything that is due exactly once, also with several sweepers', async () => {
    const org = await createOrganisation();
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) {
      const action = largePayment();
      const answer = await evaluate(org.gateway, action, {}, { nowMs: T0 });
      const request = { ...action, evaluation_id: answer.context.evaluation_id as string };
      ids.push(
        (await submitEscalation(org.gateway, { idempotencyKey: newKey(), request }, { nowMs: T0 })).task.id,
      );
    }
    const end = T0 + 30 * 60_000;
    expect(await expireDue({ nowMs: end - 1, tenant: org.tenant })).toBe(0);
    const ended = await Promise.all([1, 2, 3].map(() => expireDue({ nowMs: end, tenant: org.tenant })));
    expect(ended.reduce((sum, n) => sum + n, 0)).toBe(6);
    const expired = (await recordsOf(org.tenant, 'escalation')).filter(
      ({ body }) => body.state === 'expired',
    );
    expect(new Set(expired.map(({ body }) => body.escalation_id))).toEqual(new Set(ids));
    expect(expired).toHaveLength(6);
    const rows = await getPool().query(`SELECT 1 FROM reviews WHERE tenant = $1`, [org.tenant]);
    expect(rows.rowCount).toBe(0);
  });
});
