import { describe, expect, it } from 'vitest';
import { getPool } from '../database/pool';
import { setAuthority } from '../identity/create-person';
import { claimEscalation } from '../reviews/claim';
import { startTestConsole } from '../testing/test-console';
import { listQueue } from './list-queue';
import { raiseDue } from './raise';
import {
  ANY,
  at,
  createOrganisation,
  recordsOf,
  reviewPolicy,
  submitPayment,
} from './testing/escalation-fixture';

await startTestConsole();
const policy = (escalateAfterMinutes?: number) =>
  reviewPolicy({
    review: {
      quorum: [{ role: 'reviewer', count: 1 }],
      waitMinutes: 60,
      tokenMinutes: 5,
      ...(escalateAfterMinutes === undefined ? {} : { escalateAfterMinutes }),
    },
  });
const minutes = (n: number) => at(n * 60);

async function raisedOf(id: string) {
  const found = await getPool().query(
    'SELECT raised_to, raised_reason, state FROM escalations WHERE id = $1',
    [id],
  );
  return found.rows[0];
}

describe('raiseDue', () => {
  it('takes what nobody took to seniors, then to compliance; marked, recorded, and still nobody’s verdict', async () => {
    const org = await createOrganisation(policy(10));
    const reviewer = await org.person(['reviewer']);
    await org.person(['senior_reviewer']);
    const task = await submitPayment(org);
    const raise = (n: number) => raiseDue({ ...minutes(n), tenant: org.tenant });
    expect(await raise(0)).toBe(0);
    expect(await raise(9)).toBe(0);
    expect(await raise(10)).toBe(1);
    expect(await raise(10)).toBe(0);
    expect(await raisedOf(task.id)).toEqual({
      raised_to: 'senior_reviewer',
      raised_reason: 'not_taken',
      state: 'pending',
    });
    const { rows } = await listQueue(reviewer, { state: 'pending', filter: 'all', limit: 10 }, minutes(11));
    expect(rows[0]?.raised).toMatchObject({ to: 'senior_reviewer', reason: 'not_taken' });
    expect(await raise(20)).toBe(1);
    expect(await raisedOf(task.id)).toMatchObject({ raised_to: 'compliance', state: 'pending' });
    expect(await raise(50)).toBe(0);
    expect((await recordsOf(org.tenant, 'escalation.raised')).map(({ body }) => body.raised_to)).toEqual([
      'senior_reviewer',
      'compliance',
    ]);
    const given = await getPool().query('SELECT 1 FROM reviews WHERE escalation = $1', [task.id]);
    expect(given.rowCount).toBe(0);
    expect(await recordsOf(org.tenant, 'approval.issued')).toEqual([]);
  });

  it('waits while somebody works on it', async () => {
    const org = await createOrganisation(policy(10));
    const reviewer = await org.person(['reviewer']);
    const task = await submitPayment(org);
    await raiseDue({ ...minutes(0), tenant: org.tenant });
    await claimEscalation(reviewer, task.id, minutes(9));
    expect(await raiseDue({ ...minutes(10), tenant: org.tenant })).toBe(0);
    expect(await raiseDue({ ...minutes(12), tenant: org.tenant })).toBe(1);
  });

  it('tells compliance at once where nobody has the authority, and when the last who had it loses it', async () => {
    const org = await createOrganisation(policy());
    const weak = { ...ANY, limits: [{ amount: '1', currency: 'INR' }] };
    const strong = await org.person(['senior_reviewer']);
    await org.person(['reviewer'], weak);
    const task = await submitPayment(org);
    expect(await raiseDue({ ...minutes(1), tenant: org.tenant })).toBe(0);
    await setAuthority(
      { tenant: org.tenant, person: strong.person.id, roles: ['senior_reviewer'], authority: weak },
      { by: 'cli' },
    );
    expect(await raiseDue({ ...minutes(2), tenant: org.tenant })).toBe(1);
    expect(await raisedOf(task.id)).toMatchObject({
      raised_to: 'compliance',
      raised_reason: 'nobody_eligible',
    });
    const alone = await createOrganisation(policy());
    const lonely = await submitPayment(alone);
    expect(await raiseDue({ ...minutes(0), tenant: alone.tenant })).toBe(1);
    expect(await raisedOf(lonely.id)).toMatchObject({ raised_to: 'compliance' });
  });

  it('notices within minutes that the last authority ended by its hours, with no time in the policy', async () => {
    const org = await createOrganisation(policy());
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
    // Tests begin at 09:00 UTC.
    const hours = { days: [...days], from: '08:00', to: '09:20', timeZone: 'UTC' };
    await org.person(['reviewer'], { ...ANY, hours });
    const task = await submitPayment(org);
    for (const minute of [0, 10, 19])
      expect(await raiseDue({ ...minutes(minute), tenant: org.tenant }), String(minute)).toBe(0);
    expect(await raiseDue({ ...minutes(25), tenant: org.tenant })).toBe(1);
    expect(await raisedOf(task.id)).toMatchObject({
      raised_to: 'compliance',
      raised_reason: 'nobody_eligible',
    });
  });

  it('two sweeps at the same instant raise it once', async () => {
    const org = await createOrganisation(policy(10));
    await org.person(['senior_reviewer']);
    await submitPayment(org);
    const raised = await Promise.all(
      Array.from({ length: 4 }, () => raiseDue({ ...minutes(15), tenant: org.tenant })),
    );
    expect(raised.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(await recordsOf(org.tenant, 'escalation.raised')).toHaveLength(1);
  });
});
