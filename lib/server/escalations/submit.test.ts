import { describe, expect, it } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import { actionDigest } from '@/lib/tokens/action';
import { evaluate } from '../access/evaluate';
import { getPool } from '../database/pool';
import { publishPolicy } from '../policies/publish-policy';
import { startTestConsole } from '../testing/test-console';
import { getTask } from './get-task';
import { submitEscalation } from './submit';
import {
  at,
  createOrganisation,
  evaluatedRequest,
  largePayment,
  newKey,
  recordsOf,
  reviewPolicy,
  submitPayment,
  T0,
} from './testing/escalation-fixture';

await startTestConsole();
const bank = await createOrganisation();

describe('submitEscalation', () => {
  it('makes a pending task, with a record of digests only', async () => {
    const action = largePayment('18500.00', 'IBAN-SECRET-77');
    const task = await submitPayment(bank, action, {
      evidence: { agentSaid: 'words of the agent', retrieved: [], guardrails: [] },
    });
    expect(task).toMatchObject({
      status: 'pending',
      progress: { approvals: 0, needed: 1 },
      action_digest: actionDigest(action),
      expires_at: formatInstant(T0 + 30 * 60_000),
    });
    const record = (await recordsOf(bank.tenant, 'escalation')).find(({ id }) => id === task.id);
    expect(record?.body).toMatchObject({
      escalation_id: task.id,
      state: 'pending',
      gateway: bank.gateway.producerId,
    });
    const text = JSON.stringify(record);
    expect(text).not.toContain('IBAN-SECRET-77');
    expect(text).not.toContain('words of the agent');
  });

  it('keeps action and evidence encrypted', async () => {
    await submitPayment(bank, largePayment('18500.00', 'IBAN-SECRET-78'));
    const stored = await getPool().query<{ n: number }>(
      `SELECT count(*)::int AS n FROM payloads WHERE position('IBAN-SECRET' IN encode(ciphertext, 'escape')) > 0`,
    );
    expect(stored.rows[0]?.n).toBe(0);
  });

  it('answers the same request under the same key with the same task, once journalled', async () => {
    const request = await evaluatedRequest(bank.gateway, largePayment());
    const idempotencyKey = newKey();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => submitEscalation(bank.gateway, { idempotencyKey, request }, at(0))),
    );
    expect(new Set(answers.map(({ task }) => task.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    const id = answers[0]?.task.id;
    expect(
      (await recordsOf(bank.tenant, 'escalation')).filter((record) => record.body.escalation_id === id),
    ).toHaveLength(1);
  });

  it('refuses another body under a used key', async () => {
    const idempotencyKey = newKey();
    const request = await evaluatedRequest(bank.gateway, largePayment());
    await submitEscalation(bank.gateway, { idempotencyKey, request }, at(0));
    await expect(
      submitEscalation(
        bank.gateway,
        { idempotencyKey, request: { ...request, decision_id: 'dec-other' } },
        at(1),
      ),
    ).rejects.toMatchObject({ code: 'duplicate_request' });
  });

  it('lifts one denial at most once: a second key for a used evaluation is refused', async () => {
    const request = await evaluatedRequest(bank.gateway, largePayment());
    const both = await Promise.allSettled([
      submitEscalation(bank.gateway, { idempotencyKey: newKey(), request }, at(0)),
      submitEscalation(bank.gateway, { idempotencyKey: newKey(), request }, at(0)),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'duplicate_request' },
    });
  });

  it('never waits longer than the policy allows', async () => {
    const task = await submitPayment(bank, largePayment(), { expires_at: formatInstant(T0 + 86_400_000) });
    expect(task.expires_at).toBe(formatInstant(T0 + 30 * 60_000));
    const sooner = await submitPayment(bank, largePayment(), { expires_at: formatInstant(T0 + 60_000) });
    expect(sooner.expires_at).toBe(formatInstant(T0 + 60_000));
  });

  describe('refuses', () => {
    const submit = async (overrides: object, seconds = 0, caller = bank.gateway) =>
      submitEscalation(
        caller,
        {
          idempotencyKey: newKey(),
          request: { ...(await evaluatedRequest(bank.gateway, largePayment())), ...overrides },
        },
        at(seconds),
      );

    it('an expired denial', async () => {
      await expect(submit({}, 301)).rejects.toMatchObject({ code: 'evaluation_expired' });
    });
    it('an invented evaluation', async () => {
      await expect(submit({ evaluation_id: 'evl_unknown' })).rejects.toMatchObject({
        code: 'evaluation_unknown',
      });
    });
    it('the evaluation of another gateway', async () => {
      await expect(submit({}, 0, bank.otherGateway)).rejects.toMatchObject({ code: 'evaluation_unknown' });
    });
    it('the evaluation of another tenant', async () => {
      const shop = await createOrganisation();
      await expect(submit({}, 0, shop.gateway)).rejects.toMatchObject({ code: 'evaluation_unknown' });
    });
    it('a changed amount', async () => {
      const { action } = largePayment('99999.00');
      await expect(submit({ action })).rejects.toMatchObject({ code: 'evaluation_mismatch' });
    });
    it('what was allowed, so that nobody approves what needs no approval', async () => {
      const small = largePayment('10.00');
      const request = await evaluatedRequest(bank.gateway, small);
      await expect(
        submitEscalation(bank.gateway, { idempotencyKey: newKey(), request }, at(0)),
      ).rejects.toMatchObject({ code: 'not_requestable' });
    });
    it('a refusal that nobody can lift', async () => {
      const rogue = { ...largePayment(), subject: { type: 'agent', id: 'rogue-agent' } };
      const { context } = await evaluate(bank.gateway, rogue, {}, at(0));
      expect(context.verdict).toBe('refuse');
      const request = { ...rogue, evaluation_id: context.evaluation_id as string };
      await expect(
        submitEscalation(bank.gateway, { idempotencyKey: newKey(), request }, at(0)),
      ).rejects.toMatchObject({ code: 'not_requestable' });
    });
    it('a time that has passed', async () => {
      await expect(submit({ expires_at: formatInstant(T0 - 1) })).rejects.toMatchObject({
        code: 'expired_request',
      });
    });
    it('an unregistered callback', async () => {
      await expect(submit({ callback: { url: 'http://169.254.169.254/' } })).rejects.toMatchObject({
        code: 'callback_unregistered',
      });
    });
    it('an action with members that nobody would be shown', async () => {
      const { action } = largePayment();
      await expect(submit({ action: { ...action, hidden: 1 } })).rejects.toMatchObject({
        code: 'malformed_request',
      });
    });
    it.each(['a\u0000b', 'a\\\\\u0000'])('text with U+0000, which nobody could be shown (%j)', async (to) => {
      const { action } = largePayment('600', to);
      await expect(submit({ action })).rejects.toMatchObject({ code: 'malformed_request' });
    });
    it('nothing for a backslash before "u0000", which is only text', async () => {
      expect((await submitPayment(bank, largePayment('600', 'a\\u0000'))).status).toBe('pending');
    });
    it('an action that would not fit into a token', async () => {
      const action = { name: 'pay', properties: { amount: '600', to: 'x'.repeat(7_000) } };
      await expect(submit({ action })).rejects.toMatchObject({ code: 'request_too_large' });
    });
    it('a pipeline, which may only record', async () => {
      await expect(submit({}, 0, { ...bank.gateway, kind: 'pipeline' })).rejects.toMatchObject({
        code: 'producer_kind',
      });
    });
    it('an evaluation under a policy that has changed', async () => {
      const shop = await createOrganisation();
      const request = await evaluatedRequest(shop.gateway, largePayment());
      const changed = JSON.stringify(reviewPolicy({ title: 'Changed' }));
      await publishPolicy({ tenant: shop.tenant, text: changed, publishedBy: 'test' }, at(1));
      await expect(
        submitEscalation(shop.gateway, { idempotencyKey: newKey(), request }, at(2)),
      ).rejects.toMatchObject({ code: 'evaluation_expired' });
    });
  });

  it('shows a task to nobody but its gateway', async () => {
    const request = await evaluatedRequest(bank.gateway, largePayment());
    const { task } = await submitEscalation(bank.gateway, { idempotencyKey: newKey(), request }, at(0));
    const shop = await createOrganisation();
    for (const caller of [bank.otherGateway, shop.gateway]) {
      await expect(getTask(caller, task.id)).rejects.toMatchObject({ code: 'task_unknown' });
    }
  });
});
