import { describe, expect, it } from 'vitest';
import { getPool } from '../database/pool';
import { linkPerson } from '../identity/link-person';
import { claimEscalation } from '../reviews/claim';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { getDetail } from './get-detail';
import { handUpEscalation } from './hand-up';
import { raiseDue } from './raise';
import {
  at,
  createOrganisation,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  verdictOn,
} from './testing/escalation-fixture';

await startTestConsole();
const policy = reviewPolicy({
  review: { ...reviewPolicy().review, quorum: [{ role: 'reviewer', count: 2 }] },
});
const org = await createOrganisation(policy);
const other = await createOrganisation(policy);

async function rowOf(id: string) {
  const found = await getPool().query(
    'SELECT raised_to, raised_reason, state, lease_person, approvals, expires_at FROM escalations WHERE id = $1',
    [id],
  );
  return found.rows[0];
}
const raisedRecords = async (id: string) =>
  (await recordsOf(org.tenant, 'escalation.raised')).filter(({ body }) => body.escalation_id === id);

describe('handUpEscalation', () => {
  it('goes to the seniors, then to compliance; frees the claim, is recorded with who and why, and decides nothing', async () => {
    const reviewer = await org.person(['reviewer']);
    const senior = await org.person(['senior_reviewer']);
    const task = await submitPayment(org);
    await claimEscalation(reviewer, task.id, at(5));
    const before = await rowOf(task.id);
    expect(await handUpEscalation(reviewer, task.id, 'unusual_case', at(10))).toEqual({
      to: 'senior_reviewer',
    });
    expect(await rowOf(task.id)).toEqual({
      raised_to: 'senior_reviewer',
      raised_reason: 'unusual_case',
      state: 'pending',
      lease_person: null,
      approvals: 0,
      expires_at: before.expires_at,
    });
    expect((await getDetail(senior, task.id, at(11))).row.raised).toMatchObject({
      to: 'senior_reviewer',
      reason: 'unusual_case',
    });
    expect(await handUpEscalation(senior, task.id, 'policy_unclear', at(12))).toEqual({ to: 'compliance' });
    await expect(handUpEscalation(reviewer, task.id, 'unusual_case', at(13))).rejects.toMatchObject({
      code: 'nobody_higher',
    });
    expect((await raisedRecords(task.id)).map(({ body }) => body)).toMatchObject([
      { raised_to: 'senior_reviewer', reason_code: 'unusual_case', raised_by: reviewer.person.id },
      { raised_to: 'compliance', reason_code: 'policy_unclear', raised_by: senior.person.id },
    ]);
    // Whoever handed it up keeps what authority they had.
    expect((await getDetail(reviewer, task.id, at(14))).may.decide).toBe(true);
  });

  it('tells the senior reviewers through the notices', async () => {
    const told = await createOrganisation(policy);
    await getPool().query(
      `INSERT INTO notification_channels (tenant, name, type, settings, enabled, allow_private, added_at)
       VALUES ($1, 'desk', 'webhook', '{"url":"https://desk.example/hook"}', true, false, now())`,
      [told.tenant],
    );
    const reviewer = await told.person(['reviewer']);
    await told.person(['senior_reviewer']);
    const task = await submitPayment(told);
    await handUpEscalation(reviewer, task.id, 'beyond_expertise', at(10));
    const notices = await getPool().query(
      'SELECT kind, occasion, about FROM notifications WHERE ref = $1 AND kind = $2',
      [task.id, 'escalation.further'],
    );
    expect(notices.rows).toMatchObject([
      { occasion: 'senior_reviewer', about: { roles: ['senior_reviewer'] } },
    ]);
    expect(JSON.stringify(notices.rows)).not.toMatch(/Nova|18500/);
  });

  it('passes over oneself: the only senior hands it to compliance', async () => {
    const alone = await createOrganisation(policy);
    const senior = await alone.person(['senior_reviewer']);
    const twin = await alone.person(['senior_reviewer']);
    await linkPerson({
      tenant: alone.tenant,
      person: senior.person.id,
      kind: 'person',
      value: twin.person.id,
      linkedBy: 'test',
    });
    const task = await submitPayment(alone);
    expect(await handUpEscalation(senior, task.id, 'unusual_case', at(10))).toEqual({ to: 'compliance' });
  });

  it('is refused to whoever may not decide it, has decided, holds it not, or belongs elsewhere', async () => {
    const [first, second] = [await org.person(['reviewer']), await org.person(['reviewer'])];
    const task = await submitPayment(org);
    const refused = async (who: typeof first, code: string, seconds = 20) =>
      expect(handUpEscalation(who, task.id, 'unusual_case', at(seconds))).rejects.toMatchObject({ code });
    await refused(await org.person(['compliance']), 'role_required');
    await refused(await other.person(['reviewer']), 'escalation_unknown');
    await claimEscalation(second, task.id, at(15));
    await refused(first, 'lease_held');
    const seen = await readEscalationPage(second, task.id);
    await decideEscalation(second, task.id, verdictOn(seen, 'approve'), at(600));
    await refused(second, 'already_decided', 601);
    expect(await raisedRecords(task.id)).toEqual([]);
    await refused(first, 'escalation_ended', 1_000_000);
  });

  it('two at the same instant go up one step each and never twice to the same', async () => {
    const people = [await org.person(['reviewer']), await org.person(['reviewer'])] as const;
    await org.person(['senior_reviewer']);
    const task = await submitPayment(org);
    const gone = await Promise.all(
      people.map((who) => handUpEscalation(who, task.id, 'unusual_case', at(10))),
    );
    expect(gone.map(({ to }) => to).sort()).toEqual(['compliance', 'senior_reviewer']);
    expect(await raiseDue({ ...at(11), tenant: org.tenant })).toBe(0);
    expect(await raisedRecords(task.id)).toHaveLength(2);
  });
});
