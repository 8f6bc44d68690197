import { describe, expect, it } from 'vitest';
import { parseToken } from '@/lib/tokens/token';
import { getFrame } from '../escalations/get-frame';
import {
  ANY,
  at,
  createOrganisation,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { linkPerson } from '../identity/link-person';
import { decideEscalation } from '../reviews/decide';
import type { Reviewer } from '../reviews/reviewer';
import { startTestConsole } from '../testing/test-console';
import { askBreakGlass } from './ask';
import { closeBreakGlass, closeDueBreakGlasses } from './close';
import { confirmBreakGlass } from './confirm';
import { listBreakGlasses } from './list';
import { reviewBreakGlass } from './review';

await startTestConsole();
const policy = (breakGlass = {}) =>
  reviewPolicy({
    review: {
      quorum: [{ role: 'senior_reviewer', count: 1 }],
      waitMinutes: 600,
      tokenMinutes: 5,
      breakGlass: {
        enabled: true,
        minutes: 10,
        tiers: ['bounded'],
        relaxes: ['limits', 'senior'],
        roles: ['reviewer', 'senior_reviewer', 'compliance'],
        reviewWithinHours: 1,
        ...breakGlass,
      },
    },
  });
const weak = { ...ANY, limits: [{ amount: '1', currency: 'INR' }] };
const ASK = { reasonCode: 'outage', reasonText: 'The payment network is down.' } as const;
const FOUND = { finding: 'justified', findingText: 'The outage was real and short.' } as const;
const ask = (viewer: Reviewer, seconds = 0) => askBreakGlass(viewer, ASK, at(seconds));

async function open(org: TestOrganisation) {
  const [first, second] = [await org.person(['compliance'], null), await org.person(['reviewer'])];
  const { id } = await ask(first);
  await confirmBreakGlass(second, id, at(1));
  return { id, first, second };
}
const decide = async (reviewer: Reviewer, id: string, seconds: number) =>
  decideEscalation(
    reviewer,
    id,
    verdictOn(await readEscalationPage(reviewer, id, seconds), 'approve'),
    at(seconds + 20),
  );

describe('break-glass', () => {
  it('lifts what the policy lists while it is open, loudly, and leaves a review due until it is done', async () => {
    const bank = await createOrganisation(policy());
    const reviewer = await bank.person(['reviewer'], weak);
    const task = await submitPayment(bank);
    await expect(decide(reviewer, task.id, 0)).rejects.toMatchObject({ code: 'role_required' });
    const { id, first, second } = await open(bank);
    expect((await getFrame(reviewer, at(2))).breakGlass).toMatchObject({ until: expect.any(String) });
    const answer = await decide(reviewer, task.id, 30);
    const parsed = parseToken(answer.approval?.token ?? '');
    if (!parsed.ok) throw new Error(parsed.code);
    expect(parsed.value.claims.approvals).toMatchObject([{ role: 'reviewer', break_glass: id }]);
    expect((await recordsOf(bank.tenant, 'review')).at(-1)?.body.statement).toMatchObject({
      break_glass: id,
    });

    const late = await submitPayment(bank);
    await closeDueBreakGlasses(at(601));
    await closeDueBreakGlasses(at(602));
    expect((await getFrame(reviewer, at(603))).breakGlass).toBeNull();
    await expect(decide(reviewer, late.id, 605)).rejects.toMatchObject({ code: 'role_required' });

    const officer = await bank.person(['compliance'], null);
    const state = async (seconds: number) => (await listBreakGlasses(officer, at(seconds))).items[0];
    expect(await state(700)).toMatchObject({ state: 'review_due', used: [task.id], may: { review: true } });
    expect(await state(601 + 3600)).toMatchObject({ state: 'review_overdue' });
    await expect(reviewBreakGlass(first, id, FOUND, at(700))).rejects.toMatchObject({
      code: 'duplicate_human',
    });
    await reviewBreakGlass(officer, id, FOUND, at(5000));
    expect(await state(5001)).toMatchObject({ state: 'reviewed', finding: 'justified' });
    await expect(reviewBreakGlass(officer, id, FOUND, at(5002))).rejects.toMatchObject({
      code: 'break_glass_state',
    });

    const bodies = await Promise.all(
      ['asked', 'opened', 'closed', 'reviewed'].map((kind) => recordsOf(bank.tenant, `break_glass.${kind}`)),
    );
    expect(bodies.map((records) => records.length)).toEqual([1, 1, 1, 1]);
    expect(bodies[1]?.[0]?.body).toMatchObject({ asked_by: first.person.id, opened_by: second.person.id });
    expect(bodies[2]?.[0]?.body).toMatchObject({ closed_by: 'time', escalations: [task.id] });
    expect(bodies[3]?.[0]?.body).toMatchObject({ overdue: true });
    expect(JSON.stringify(bodies)).not.toContain('network');
  });

  it('never lifts the requester’s exclusion, distinct people or another tier', async () => {
    const bank = await createOrganisation(policy());
    const { second } = await open(bank);
    const task = await submitPayment(bank);
    const link = { tenant: bank.tenant, linkedBy: 'test' };
    const owner = await bank.person(['reviewer'], weak);
    await linkPerson({ ...link, person: owner.person.id, kind: 'producer', value: bank.gateway.producerId });
    await expect(decide(owner, task.id, 30)).rejects.toMatchObject({ code: 'self_approval' });
    await expect(decide(await bank.person(['reviewer'], null), task.id, 30)).rejects.toMatchObject({
      code: 'role_required',
    });
    expect(await decide(second, task.id, 60)).toMatchObject({ state: 'approved' });

    const other = await createOrganisation(policy({ tiers: ['reversible'] }));
    await open(other);
    const graver = await submitPayment(other);
    await expect(decide(await other.person(['reviewer'], weak), graver.id, 30)).rejects.toMatchObject({
      code: 'role_required',
    });
  });

  it('offers no act to another account of somebody who had a part in it', async () => {
    const bank = await createOrganisation(policy());
    const link = async (person: Reviewer) => {
      const other = await bank.person(['compliance'], null);
      await linkPerson({
        tenant: bank.tenant,
        person: person.person.id,
        kind: 'person',
        value: other.person.id,
        linkedBy: 'test',
      });
      return other;
    };
    const may = async (viewer: Reviewer, seconds: number) =>
      (await listBreakGlasses(viewer, at(seconds))).items[0]?.may;
    const [asker, reviewer] = [await bank.person(['reviewer']), await bank.person(['reviewer'], weak)];
    const { id } = await ask(asker);
    expect(await may(await link(asker), 1)).toMatchObject({ confirm: false });
    const officer = await bank.person(['compliance'], null);
    expect(await may(officer, 1)).toMatchObject({ confirm: true });
    await confirmBreakGlass(await bank.person(['reviewer']), id, at(1));
    await decide(reviewer, (await submitPayment(bank)).id, 30);
    const decider = await link(reviewer);
    expect(await may(decider, 700)).toMatchObject({ review: false });
    await expect(reviewBreakGlass(decider, id, FOUND, at(700))).rejects.toMatchObject({
      code: 'duplicate_human',
    });
    expect(await may(officer, 700)).toMatchObject({ review: true });
  });

  it('tells nobody of a first verdict under it before the second', async () => {
    const two = policy();
    const bank = await createOrganisation({
      ...two,
      review: { ...two.review, quorum: [{ role: 'senior_reviewer', count: 2 }] },
    });
    await open(bank);
    const task = await submitPayment(bank);
    const [one, other] = [await bank.person(['reviewer'], weak), await bank.person(['reviewer'], weak)];
    expect(await decide(one, task.id, 30)).toMatchObject({ state: 'pending', approvals: 1 });
    const used = async () => (await listBreakGlasses(other, at(60))).items[0]?.used;
    expect(await used()).toEqual([]);
    expect(await decide(other, task.id, 70)).toMatchObject({ state: 'approved' });
    expect(await used()).toEqual([task.id]);
  });

  it('closes by hand', async () => {
    const bank = await createOrganisation(policy());
    const { id, second } = await open(bank);
    await closeBreakGlass(second, id, at(5));
    expect((await getFrame(second, at(6))).breakGlass).toBeNull();
    await expect(closeBreakGlass(second, id, at(7))).rejects.toMatchObject({ code: 'break_glass_state' });
  });

  it('is opened once by two confirmations at the same instant', async () => {
    const bank = await createOrganisation(policy());
    const { id } = await ask(await bank.person(['compliance'], null));
    const people = await Promise.all(Array.from({ length: 3 }, () => bank.person(['reviewer'])));
    const results = await Promise.allSettled(people.map((person) => confirmBreakGlass(person, id, at(1))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await recordsOf(bank.tenant, 'break_glass.opened')).toHaveLength(1);
  });

  it.each([
    [
      'one person alone',
      'duplicate_human',
      async (bank: TestOrganisation) => {
        const one = await bank.person(['reviewer']);
        return confirmBreakGlass(one, (await ask(one)).id, at(1));
      },
    ],
    [
      'two accounts of one person',
      'duplicate_human',
      async (bank: TestOrganisation) => {
        const [one, two] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
        const link = { tenant: bank.tenant, person: one.person.id, linkedBy: 'test' };
        await linkPerson({ ...link, kind: 'person', value: two.person.id });
        return confirmBreakGlass(two, (await ask(one)).id, at(1));
      },
    ],
    [
      'a confirmation that comes late',
      'break_glass_state',
      async (bank: TestOrganisation) => {
        const { id } = await ask(await bank.person(['reviewer']));
        return confirmBreakGlass(await bank.person(['reviewer']), id, at(15 * 60));
      },
    ],
    [
      'a second one meanwhile',
      'break_glass_state',
      async (bank: TestOrganisation) => {
        await ask(await bank.person(['reviewer']));
        return ask(await bank.person(['reviewer']), 1);
      },
    ],
    [
      'an auditor',
      'role_required',
      async (bank: TestOrganisation) => ask(await bank.person(['auditor'], null)),
    ],
    [
      'a reviewer whose other account administers',
      'role_required',
      async (bank: TestOrganisation) => {
        const [one, two] = [await bank.person(['reviewer']), await bank.person(['admin'], null)];
        const link = { tenant: bank.tenant, person: one.person.id, linkedBy: 'test' };
        await linkPerson({ ...link, kind: 'person', value: two.person.id });
        return ask(one);
      },
    ],
    [
      'another organisation’s',
      'not_found',
      async (bank: TestOrganisation) => {
        const { id } = await ask(await bank.person(['reviewer']));
        const there = await createOrganisation(policy());
        return confirmBreakGlass(await there.person(['reviewer']), id, at(1));
      },
    ],
    [
      'a reason that says nothing',
      'reason_required',
      async (bank: TestOrganisation) =>
        askBreakGlass(await bank.person(['reviewer']), { ...ASK, reasonText: 'xxxxxxxxxxxxxxxx' }, at(0)),
    ],
  ])('is not opened by %s', async (_name, code, run) => {
    const bank = await createOrganisation(policy());
    await expect(run(bank)).rejects.toMatchObject({ code });
    expect(await recordsOf(bank.tenant, 'break_glass.opened')).toEqual([]);
  });

  it('is not there where the policy does not enable it', async () => {
    for (const org of [await createOrganisation(), await createOrganisation(policy({ enabled: false }))])
      await expect(ask(await org.person(['senior_reviewer']))).rejects.toMatchObject({
        code: 'break_glass_off',
      });
  });
});
