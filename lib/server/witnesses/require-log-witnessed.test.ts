import { beforeAll, describe, expect, it } from 'vitest';
import { redeemApproval } from '../approvals/redeem';
import { getPool } from '../database/pool';
import { getFrame } from '../escalations/get-frame';
import {
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
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { requireLogWitnessed } from './require-log-witnessed';
import { pinKey, registerWitness, runDue, startLocalWitness } from './testing/witness-fixture';
import { changeWitness } from './write-witness';

const { owner } = await startTestConsole();
const [ONE, TWO] = [await startLocalWitness('one.example', 1), await startLocalWitness('two.example', 2)];
const strict = (required: number, withholdTokens = true) =>
  reviewPolicy({ witnesses: { required, withinSeconds: 60, withholdTokens } });
const publish = async (seconds: number) => {
  const done = await sequence({ force: true, ...at(seconds) });
  if (done.outcome !== 'published') throw new Error(done.outcome);
};
const policyOf = (required: number, withinSeconds = 60, withholdTokens = true) =>
  ({
    document: {
      containment: { unwitnessed: 'issue' },
      witnesses: { required, withinSeconds, withholdTokens },
    },
  }) as Parameters<typeof requireLogWitnessed>[1];
const asks = (required: number, seconds: number, withinSeconds?: number) =>
  requireLogWitnessed(getPool(), policyOf(required, withinSeconds), T0 + seconds * 1000).then(
    () => 'issued',
    (error: { code: string }) => error.code,
  );

let bank: TestOrganisation;
beforeAll(async () => {
  await openLog();
  bank = await createOrganisation(strict(2));
  for (const { vkey } of [ONE, TWO]) await pinKey(vkey);
});

describe('a policy that wants witnesses', () => {
  it('issues nothing before any of them has seen the log', async () => {
    expect(await asks(1, 1)).toBe('log_unwitnessed');
    await publish(2);
    expect(await asks(1, 3)).toBe('log_unwitnessed');
    expect(await asks(0, 3)).toBe('issued');
    const said = policyOf(2, 60, false);
    await expect(requireLogWitnessed(getPool(), said, T0 + 3_000)).resolves.toBeUndefined();
  });

  it('refuses an approval, keeps nothing of it, and takes the same verdict once they have', async () => {
    const reviewer = await bank.person(['reviewer']);
    const action = largePayment();
    const task = await submitPayment(bank, action);
    const detail = await readEscalationPage(reviewer, task.id);
    await expect(
      decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20)),
    ).rejects.toMatchObject({ code: 'log_unwitnessed', headers: { 'retry-after': '30' } });
    expect(await recordsOf(bank.tenant, 'review')).toEqual([]);
    await registerWitness('one', { vkey: ONE.vkey, address: ONE.url });
    await registerWitness('one-again', { vkey: ONE.vkey, address: ONE.url });
    expect(await runDue({ nowMs: T0 + 21_000 })).toEqual(['complete', 'complete']);
    expect([await asks(1, 22), await asks(2, 22)]).toEqual(['issued', 'log_unwitnessed']);
    await registerWitness('two', { vkey: TWO.vkey, address: TWO.url });
    expect(await runDue({ nowMs: T0 + 22_000 })).toEqual(['complete']);
    const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(23));
    expect(answer.approval?.token).toBeTruthy();
    // A refused redemption spends nothing; a denial waits for nobody.
    await changeWitness({ name: 'two', enabled: false, by: 'test' });
    await publish(30);
    await runDue({ nowMs: T0 + 31_000 });
    const { id = '', token = '' } = answer.approval ?? {};
    const redeem = (seconds: number) => redeemApproval(bank.gateway, id, { token, action }, at(seconds));
    await expect(redeem(95)).rejects.toMatchObject({ code: 'log_unwitnessed' });
    const another = await submitPayment(bank, largePayment());
    const shown = await readEscalationPage(reviewer, another.id);
    const denied = await decideEscalation(reviewer, another.id, verdictOn(shown, 'deny'), at(96));
    expect(denied.state).toBe('denied');
    await changeWitness({ name: 'two', enabled: true, by: 'test' });
    await runDue({ nowMs: T0 + 97_000 });
    expect((await redeem(98)).approval_id).toBe(id);
  });

  it('gives them the time that it names, and no more', async () => {
    await publish(200);
    expect(await asks(2, 259, 60)).toBe('issued');
    expect(await asks(2, 260, 60)).toBe('log_unwitnessed');
    expect(await asks(2, 260, 61)).toBe('issued');
    await runDue({ nowMs: T0 + 261_000 });
    expect(await asks(2, 262, 60)).toBe('issued');
    expect(await asks(3, 262, 60)).toBe('log_unwitnessed');
  });

  it('shows on every page since when it is not satisfied', async () => {
    const [reviewer] = [await bank.person(['reviewer'])];
    expect((await getFrame(reviewer, at(263))).integrity).toMatchObject({
      state: 'valid',
      unwitnessedSince: null,
    });
    await changeWitness({ name: 'two', enabled: false, by: 'test' });
    await publish(300);
    await runDue({ nowMs: T0 + 301_000 });
    const { integrity: soon } = await getFrame(reviewer, at(310));
    expect(soon).toMatchObject({ state: 'valid', unwitnessedSince: new Date(T0 + 300_000).toISOString() });
    const { integrity: late } = await getFrame(reviewer, at(361));
    expect(late).toMatchObject({
      state: 'unwitnessed',
      unwitnessedSince: new Date(T0 + 300_000).toISOString(),
    });
    expect(late.witnessesTotal).toBe(2);
  });

  it('counts nothing that rests on a root which is trusted no more', async () => {
    const before = await asks(2, 362);
    await owner.query("UPDATE trust_roots SET unpinned_at = now() WHERE root->>'name' = 'one.example'");
    expect([before, await asks(1, 362), await asks(2, 362)]).toEqual([
      'log_unwitnessed',
      'log_unwitnessed',
      'log_unwitnessed',
    ]);
  });
});
