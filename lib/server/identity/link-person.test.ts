import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Role } from '@/lib/identity/role';
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
import { decideEscalation } from '../reviews/decide';
import type { Reviewer } from '../reviews/reviewer';
import { startTestConsole } from '../testing/test-console';
import { linkPerson } from './link-person';

await startTestConsole();
const bank = await createOrganisation(
  reviewPolicy({
    review: {
      quorum: [{ role: 'reviewer', count: 2 }],
      waitMinutes: 30,
      tokenMinutes: 5,
      requiredSections: { bounded: ['action', 'why'] },
      minimumActiveMs: { bounded: 8_000 },
    },
  }),
);
const link = (person: Reviewer, value: string, kind: 'person' | 'subject' = 'person') =>
  linkPerson({ tenant: bank.tenant, person: person.person.id, kind, value, linkedBy: 'per_compliance' });
const decide = async (reviewer: Reviewer, id: string, seconds: number) =>
  decideEscalation(
    reviewer,
    id,
    verdictOn(await readEscalationPage(reviewer, id, seconds), 'approve'),
    at(seconds + 20),
  );

describe('one human with several accounts', () => {
  it('is refused the second verdict, also across a third account; somebody else completes the quorum', async () => {
    const [first, second, third, other] = await Promise.all(
      Array.from({ length: 4 }, () => bank.person(['reviewer'])),
    );
    if (!first || !second || !third || !other) throw new Error('people');
    await link(second, third.person.id);
    await link(first, third.person.id);
    const task = await submitPayment(bank);
    expect(await decide(first, task.id, 1)).toMatchObject({ state: 'pending', approvals: 1 });
    await expect(decide(second, task.id, 40)).rejects.toMatchObject({ code: 'duplicate_human' });
    await expect(decide(third, task.id, 80)).rejects.toMatchObject({ code: 'duplicate_human' });
    expect(await decide(other, task.id, 120)).toMatchObject({ state: 'approved', approvals: 2 });
  });

  it('counts once when the accounts are linked after both approved: the quorum is not reached by them', async () => {
    const triple = await createOrganisation(
      reviewPolicy({
        review: { quorum: [{ role: 'reviewer', count: 3 }], waitMinutes: 30, tokenMinutes: 5 },
      }),
    );
    const people = await Promise.all(Array.from({ length: 4 }, () => triple.person(['reviewer'])));
    const [first, second, third, fourth] = people;
    if (!first || !second || !third || !fourth) throw new Error('people');
    const task = await submitPayment(triple);
    await decide(first, task.id, 1);
    await decide(second, task.id, 40);
    await linkPerson({
      tenant: triple.tenant,
      person: first.person.id,
      kind: 'person',
      value: second.person.id,
      linkedBy: 'per_compliance',
    });
    expect(await decide(third, task.id, 80)).toMatchObject({
      state: 'pending',
      approvals: 2,
      approval: null,
    });
    expect(await decide(fourth, task.id, 120)).toMatchObject({ state: 'approved', approvals: 3 });
  });

  it('may not decide what another of their accounts is the customer of, nor as a reviewer what they administer', async () => {
    const cases: [Role, 'subject' | null, string][] = [
      ['reviewer', 'subject', 'self_approval'],
      ['admin', null, 'role_required'],
    ];
    for (const [role, kind, code] of cases) {
      const reviewer = await bank.person(['reviewer']);
      const other = await bank.person([role], null);
      const action = largePayment();
      const token = `tok_${randomBytes(16).toString('hex')}`;
      action.context = { ...action.context, principal: { type: 'customer', token } };
      if (kind) await link(other, token, kind);
      await link(other, reviewer.person.id);
      const task = await submitPayment(bank, action);
      await expect(decide(reviewer, task.id, 1), role).rejects.toMatchObject({ code });
    }
  });
});

describe('linkPerson', () => {
  it('journals a link once, however often it is said', async () => {
    const [one, two] = [await bank.person(['reviewer']), await bank.person(['auditor'], null)];
    await link(one, two.person.id);
    await link(one, two.person.id);
    const records = (await recordsOf(bank.tenant, 'authority.changed')).filter(
      ({ body }) => body.change === 'linked' && body.person === one.person.id,
    );
    expect(records.map(({ body }) => body)).toEqual([
      {
        person: one.person.id,
        change: 'linked',
        link: { kind: 'person', value: two.person.id },
        changed_by: 'per_compliance',
      },
    ]);
    await expect(link(two, one.person.id)).rejects.toMatchObject({ code: 'link_refused' });
  });

  it('links nobody of another organisation, nobody to themselves, and no strange producer', async () => {
    const [here, there] = [
      await bank.person(['reviewer']),
      await (await createOrganisation()).person(['reviewer']),
    ];
    const base = { tenant: bank.tenant, linkedBy: 'per_compliance' };
    await expect(link(here, there.person.id)).rejects.toMatchObject({ code: 'link_refused' });
    await expect(link(here, here.person.id)).rejects.toMatchObject({ code: 'link_refused' });
    await expect(link(there, here.person.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      linkPerson({ ...base, person: here.person.id, kind: 'producer', value: 'spiffe://x.example/none' }),
    ).rejects.toMatchObject({ code: 'link_refused' });
  });
});
