import { describe, expect, it } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import type { DelegateRequest } from '@/lib/identity/delegation-requests';
import { parseToken } from '@/lib/tokens/token';
import { getDetail } from '../escalations/get-detail';
import {
  ANY,
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  T0,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { setAuthority } from '../identity/create-person';
import { linkPerson } from '../identity/link-person';
import { decideEscalation } from '../reviews/decide';
import type { Reviewer } from '../reviews/reviewer';
import { startTestConsole } from '../testing/test-console';
import { delegateAuthority } from './delegate';
import { listDelegations } from './list-delegations';
import { revokeDelegation } from './revoke';

await startTestConsole();
const weak = { ...ANY, limits: [{ amount: '1', currency: 'INR' }] };
const lend = (from: Reviewer, to: Reviewer, change: Partial<DelegateRequest> = {}) =>
  delegateAuthority(
    from,
    {
      to: to.person.id,
      authority: null,
      from: formatInstant(T0),
      until: formatInstant(T0 + 3_600_000),
      reasonCode: 'leave',
      reasonText: 'Away until the afternoon.',
      ...change,
    },
    at(0),
  );
const decide = async (reviewer: Reviewer, id: string, seconds = 1) =>
  decideEscalation(
    reviewer,
    id,
    verdictOn(await readEscalationPage(reviewer, id, seconds), 'approve'),
    at(seconds + 20),
  );
const forSenior = reviewPolicy({
  review: {
    quorum: [{ role: 'senior_reviewer', count: 1 }],
    waitMinutes: 120,
    tokenMinutes: 5,
    requiredSections: { bounded: ['action'] },
  },
});

async function pair(org: TestOrganisation) {
  return { senior: await org.person(['senior_reviewer']), junior: await org.person(['reviewer'], weak) };
}

describe('lent authority', () => {
  it('decides in its owner’s role, and statement, record and token say whose it is', async () => {
    const bank = await createOrganisation(forSenior);
    const { senior, junior } = await pair(bank);
    const { id } = await lend(senior, junior);
    const task = await submitPayment(bank);
    expect((await getDetail(junior, task.id, at(1))).may).toMatchObject({
      decide: true,
      role: 'senior_reviewer',
      onBehalfOf: { delegation: id, name: senior.person.name },
    });
    const answer = await decide(junior, task.id);
    expect(answer.state).toBe('approved');
    const parsed = parseToken(answer.approval?.token ?? '');
    if (!parsed.ok) throw new Error(parsed.code);
    expect(parsed.value.claims.approvals).toMatchObject([
      { reviewer: junior.person.id, on_behalf_of: senior.person.id, role: 'senior_reviewer' },
    ]);
    expect((await recordsOf(bank.tenant, 'review')).at(-1)?.body.statement).toMatchObject({
      reviewer: junior.person.id,
      delegation: { id, on_behalf_of: senior.person.id },
    });
    expect((await getDetail(senior, task.id, at(60))).result?.reviews).toMatchObject([
      { name: junior.person.name, onBehalfOf: senior.person.name },
    ]);
  });

  it('begins and ends by itself, ends when revoked, and is recorded without words', async () => {
    const bank = await createOrganisation(forSenior);
    const { senior, junior } = await pair(bank);
    const { id } = await lend(senior, junior, {
      from: formatInstant(T0 + 60_000),
      until: formatInstant(T0 + 120_000),
    });
    const task = await submitPayment(bank);
    const may = async (seconds: number) => (await getDetail(junior, task.id, at(seconds))).may;
    expect(await may(59)).toMatchObject({ decide: false, code: 'role_required' });
    expect((await may(60)).decide).toBe(true);
    expect((await may(119)).decide).toBe(true);
    expect((await may(120)).decide).toBe(false);
    const next = await lend(senior, junior);
    expect((await may(300)).decide).toBe(true);
    await revokeDelegation(senior, next.id, at(301));
    await revokeDelegation(senior, next.id, at(302));
    expect((await may(303)).decide).toBe(false);
    const granted = await recordsOf(bank.tenant, 'delegation.granted');
    expect(granted.map((record) => record.id)).toEqual([id, next.id]);
    expect(JSON.stringify(granted)).not.toContain('Away');
    expect((await recordsOf(bank.tenant, 'delegation.revoked')).map(({ body }) => body)).toEqual([
      { delegation_id: next.id, revoked_by: senior.person.id },
    ]);
    for (const viewer of [senior, junior])
      expect(
        (await listDelegations(viewer, viewer.person.id, at(310))).map(({ state }) => state).sort(),
      ).toEqual(['ended', 'revoked']);
  });

  type Case = [string, (bank: TestOrganisation) => Promise<Reviewer>];
  const cases: Case[] = [
    [
      'what its owner no longer holds',
      async (bank) => {
        const { senior, junior } = await pair(bank);
        await lend(senior, junior);
        await setAuthority(
          { tenant: bank.tenant, person: senior.person.id, roles: ['senior_reviewer'], authority: weak },
          { by: 'cli' },
        );
        return junior;
      },
    ],
    [
      'a part that is too small',
      async (bank) => {
        const { senior, junior } = await pair(bank);
        await lend(senior, junior, { authority: weak });
        return junior;
      },
    ],
    [
      'what its owner asked for',
      async (bank) => {
        const { senior, junior } = await pair(bank);
        await lend(senior, junior);
        const link = { tenant: bank.tenant, person: senior.person.id, linkedBy: 'test' };
        await linkPerson({ ...link, kind: 'producer', value: bank.gateway.producerId });
        return junior;
      },
    ],
    [
      'what was lent on',
      async (bank) => {
        const { senior, junior } = await pair(bank);
        const third = await bank.person(['reviewer'], weak);
        await lend(senior, junior);
        await lend(junior, third);
        return third;
      },
    ],
    [
      'another person’s',
      async (bank) => {
        const { senior, junior } = await pair(bank);
        await lend(senior, junior);
        return bank.person(['reviewer'], weak);
      },
    ],
  ];
  it.each(cases)('never reaches %s', async (_name, prepare) => {
    const bank = await createOrganisation(forSenior);
    const person = await prepare(bank);
    const task = await submitPayment(bank);
    expect((await getDetail(person, task.id, at(1))).may.decide).toBe(false);
    await expect(decide(person, task.id)).rejects.toHaveProperty('code');
  });

  it('counts once: neither its owner besides its use, nor its use besides its owner', async () => {
    const bank = await createOrganisation(
      reviewPolicy({
        review: { quorum: [{ role: 'senior_reviewer', count: 2 }], waitMinutes: 120, tokenMinutes: 5 },
      }),
    );
    const { senior, junior } = await pair(bank);
    await lend(senior, junior);
    const first = await submitPayment(bank);
    expect(await decide(junior, first.id)).toMatchObject({ approvals: 1, state: 'pending' });
    await expect(decide(senior, first.id, 40)).rejects.toMatchObject({ code: 'duplicate_human' });
    const second = await submitPayment(bank, largePayment());
    expect(await decide(senior, second.id)).toMatchObject({ approvals: 1, state: 'pending' });
    await expect(decide(junior, second.id, 40)).rejects.toMatchObject({ code: 'role_required' });
  });
});

describe('delegateAuthority refuses', () => {
  const refusals: [string, string, (bank: TestOrganisation) => Promise<unknown>][] = [
    [
      'more than one’s own',
      'delegation_unfit',
      async (bank) =>
        lend(await bank.person(['reviewer'], weak), await bank.person(['reviewer']), { authority: ANY }),
    ],
    [
      'an auditor’s',
      'role_required',
      async (bank) => lend(await bank.person(['auditor'], null), await bank.person(['reviewer'])),
    ],
    [
      'what is none',
      'insufficient_authority',
      async (bank) => lend(await bank.person(['reviewer'], null), await bank.person(['reviewer'])),
    ],
    [
      'to an administrator',
      'delegation_unfit',
      async (bank) => lend(await bank.person(['reviewer']), await bank.person(['admin'], null)),
    ],
    [
      'to an auditor',
      'delegation_unfit',
      async (bank) => lend(await bank.person(['reviewer']), await bank.person(['auditor'], null)),
    ],
    [
      'to another organisation',
      'delegation_unfit',
      async (bank) =>
        lend(await bank.person(['reviewer']), await (await createOrganisation()).person(['reviewer'])),
    ],
    [
      'to oneself',
      'delegation_unfit',
      async (bank) => {
        const person = await bank.person(['reviewer']);
        return lend(person, person);
      },
    ],
    [
      'to a second account of one’s own',
      'delegation_unfit',
      async (bank) => {
        const [one, two] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
        const link = { tenant: bank.tenant, person: one.person.id, linkedBy: 'test' };
        await linkPerson({ ...link, kind: 'person', value: two.person.id });
        return lend(one, two);
      },
    ],
    [
      'an end before the beginning',
      'delegation_unfit',
      async (bank) =>
        lend(await bank.person(['reviewer']), await bank.person(['reviewer']), {
          from: formatInstant(T0 + 2000),
          until: formatInstant(T0 + 1000),
        }),
    ],
    [
      'a year',
      'delegation_unfit',
      async (bank) =>
        lend(await bank.person(['reviewer']), await bank.person(['reviewer']), {
          until: formatInstant(T0 + 365 * 86_400_000),
        }),
    ],
    [
      'a reason that says nothing',
      'reason_required',
      async (bank) =>
        lend(await bank.person(['reviewer']), await bank.person(['reviewer']), { reasonText: '........' }),
    ],
  ];
  it.each(refusals)('%s', async (_name, code, run) => {
    const bank = await createOrganisation(forSenior);
    await expect(run(bank)).rejects.toMatchObject({ code });
    expect(await recordsOf(bank.tenant, 'delegation.granted')).toEqual([]);
  });

  it('lets nobody else revoke it or see it, but those who oversee', async () => {
    const bank = await createOrganisation(forSenior);
    const { senior, junior } = await pair(bank);
    const { id } = await lend(senior, junior);
    const stranger = await bank.person(['senior_reviewer']);
    await expect(revokeDelegation(stranger, id, at(1))).rejects.toMatchObject({ code: 'not_found' });
    expect(await listDelegations(stranger, null, at(1))).toEqual([]);
    const elsewhere = await (await createOrganisation(forSenior)).person(['compliance'], null);
    await expect(revokeDelegation(elsewhere, id, at(1))).rejects.toMatchObject({
      code: 'not_found',
    });
    const compliance = await bank.person(['compliance'], null);
    expect(await listDelegations(compliance, null, at(1))).toMatchObject([
      { id, state: 'in_force', mayRevoke: true },
    ]);
    await revokeDelegation(compliance, id, at(2));
  });
});
