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
import { endPersonLink } from './end-person-link';
import { getPerson } from './get-person';
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

describe('endPersonLink', () => {
  const WHY = { reasonCode: 'mistaken', reasonText: 'Two people of one name; checked with both.' } as const;
  const newToken = () => `tok_${randomBytes(16).toString('hex')}`;
  const subject = (value: string) => ({ link: { kind: 'subject', value }, ...WHY }) as const;
  const account = (value: string) => ({ link: { kind: 'person', value }, ...WHY }) as const;
  function paymentOf(token: string) {
    const action = largePayment();
    action.context = { ...action.context, principal: { type: 'customer', token } };
    return submitPayment(bank, action);
  }

  it('opens what is asked from then on, until the link is made again', async () => {
    const [officer, reviewer] = [await bank.person(['compliance'], null), await bank.person(['reviewer'])];
    const token = newToken();
    await link(reviewer, token, 'subject');
    await endPersonLink(officer, reviewer.person.id, subject(token), at(-5));
    expect(await decide(reviewer, (await paymentOf(token)).id, 1)).toMatchObject({ approvals: 1 });
    await link(reviewer, token, 'subject');
    const again = await paymentOf(token);
    await expect(decide(reviewer, again.id, 1)).rejects.toMatchObject({ code: 'self_approval' });
  });

  it('opens nothing that was asked while it stood: neither one’s own request nor a second place', async () => {
    const officer = await bank.person(['compliance'], null);
    const [first, second] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
    const token = newToken();
    await link(first, token, 'subject');
    await link(first, second.person.id);
    const [own, strange] = [await paymentOf(token), await submitPayment(bank)];
    expect(await decide(first, strange.id, 1)).toMatchObject({ approvals: 1 });
    await endPersonLink(officer, first.person.id, subject(token), at(40));
    await endPersonLink(officer, second.person.id, account(first.person.id), at(40));
    await expect(decide(second, strange.id, 50)).rejects.toMatchObject({ code: 'duplicate_human' });
    for (const reviewer of [first, second])
      await expect(decide(reviewer, own.id, 50)).rejects.toMatchObject({ code: 'self_approval' });
  });

  it('is journalled with its reason, once, and shown as ended from both sides', async () => {
    const [officer, one, two] = [
      await bank.person(['compliance'], null),
      await bank.person(['reviewer']),
      await bank.person(['auditor'], null),
    ];
    await link(one, two.person.id);
    await endPersonLink(officer, two.person.id, account(one.person.id), at(5));
    await expect(endPersonLink(officer, one.person.id, account(two.person.id))).rejects.toMatchObject({
      code: 'not_found',
    });
    const records = (await recordsOf(bank.tenant, 'authority.changed')).filter(
      ({ body }) => body.change === 'unlinked' && body.person === one.person.id,
    );
    expect(records.map(({ body }) => body)).toEqual([
      {
        person: one.person.id,
        change: 'unlinked',
        link: { kind: 'person', value: two.person.id },
        reason_code: 'mistaken',
        reason_digest: expect.stringMatching(/^sha3-512:/),
        changed_by: officer.person.id,
      },
    ]);
    for (const [person, other] of [
      [one, two],
      [two, one],
    ] as const)
      expect((await getPerson(bank.tenant, person.person.id))?.links).toMatchObject([
        { kind: 'person', value: other.person.id, ended: { why: 'mistaken' } },
      ]);
  });

  it('is refused to whom it concerns, without a reason, and across organisations', async () => {
    const [officer, reviewer] = [await bank.person(['compliance'], null), await bank.person(['reviewer'])];
    const elsewhere = await (await createOrganisation()).person(['compliance'], null);
    const token = newToken();
    await link(reviewer, token, 'subject');
    const end = (viewer: Reviewer, reasonText: string = WHY.reasonText) =>
      endPersonLink(viewer, reviewer.person.id, { ...subject(token), reasonText });
    await expect(end(officer, '...')).rejects.toMatchObject({ code: 'reason_required' });
    await expect(end(elsewhere)).rejects.toMatchObject({ code: 'not_found' });
    await link(reviewer, officer.person.id);
    await expect(end(officer)).rejects.toMatchObject({ code: 'duplicate_human' });
    expect((await getPerson(bank.tenant, reviewer.person.id))?.links).toMatchObject([
      { kind: 'person', ended: null },
      { kind: 'subject', ended: null },
    ]);
  });
});
