import { expect, it } from 'vitest';
import { ANY, at, createOrganisation, submitPayment } from '../escalations/testing/escalation-fixture';
import { startTestConsole } from '../testing/test-console';
import { claimEscalation } from './claim';
import { recordHeartbeat } from './heartbeat';
import { openReview } from './open';
import { releaseEscalation } from './release';

await startTestConsole();
const bank = await createOrganisation();
const beat = { visible: true, focused: true, idle: false, sections: [] };

it('two claims at the same instant: one holds it, the other is told', async () => {
  const people = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
  const task = await submitPayment(bank);
  const results = await Promise.allSettled(people.map((person) => claimEscalation(person, task.id, at(1))));
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'lease_held' },
  });
});

it('lapses by itself after two minutes, is renewed by heartbeats, and only by its holder’s', async () => {
  const [holder, other] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
  const task = await submitPayment(bank);
  await openReview(holder, task.id, at(1));
  await openReview(other, task.id, at(1));
  await claimEscalation(holder, task.id, at(1));
  await recordHeartbeat(holder, task.id, beat, at(100));
  await recordHeartbeat(other, task.id, beat, at(200));
  await expect(claimEscalation(other, task.id, at(219))).rejects.toMatchObject({ code: 'lease_held' });
  expect((await claimEscalation(other, task.id, at(221))).lease).toMatchObject({ mine: true });
  const late = await recordHeartbeat(holder, task.id, beat, at(222));
  expect(late.lease).toMatchObject({ person: other.person.id, mine: false });
});

it('a lapsed lease is not revived by a late heartbeat', async () => {
  const holder = await bank.person(['reviewer']);
  const task = await submitPayment(bank);
  await openReview(holder, task.id, at(1));
  await claimEscalation(holder, task.id, at(1));
  expect((await recordHeartbeat(holder, task.id, beat, at(122))).lease).toBeNull();
});

it('is put back by its holder and by nobody else', async () => {
  const [holder, other] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
  const task = await submitPayment(bank);
  await claimEscalation(holder, task.id, at(1));
  expect((await releaseEscalation(other, task.id, at(2))).lease).toMatchObject({ person: holder.person.id });
  expect((await releaseEscalation(holder, task.id, at(3))).lease).toBeNull();
  expect((await claimEscalation(other, task.id, at(4))).lease).toMatchObject({ mine: true });
});

it('is not held by somebody who may not decide', async () => {
  const weak = await bank.person(['reviewer'], { ...ANY, limits: [{ amount: '1', currency: 'INR' }] });
  const task = await submitPayment(bank);
  await expect(claimEscalation(weak, task.id, at(1))).rejects.toMatchObject({
    code: 'insufficient_authority',
  });
});

it('a heartbeat without an open page is refused', async () => {
  const reviewer = await bank.person(['reviewer']);
  const task = await submitPayment(bank);
  await expect(recordHeartbeat(reviewer, task.id, beat, at(1))).rejects.toMatchObject({ code: 'not_opened' });
});
