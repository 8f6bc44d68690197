import { describe, expect, it } from 'vitest';
import type { Action } from '@/lib/tokens/action';
import { redeemApproval } from '../approvals/redeem';
import { getPool } from '../database/pool';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { formatTask } from './format-task';
import { getDetail } from './get-detail';
import { narrowEscalation } from './narrow';
import { submitEscalation } from './submit';
import {
  at,
  createOrganisation,
  evaluatedRequest,
  largePayment,
  newKey,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  verdictOn,
} from './testing/escalation-fixture';

const { owner } = await startTestConsole();
const org = await createOrganisation();
const withAmount = (action: Action, amount: string): Action => ({
  ...action,
  action: { ...action.action, properties: { ...action.action.properties, amount } },
});

/** A payment that one reviewer has open. */
async function opened(organisation = org) {
  const reviewer = await organisation.person(['reviewer']);
  const action = largePayment();
  const task = await submitPayment(organisation, action);
  const detail = await readEscalationPage(reviewer, task.id);
  const narrow = (edited: Action, change: object = {}) =>
    narrowEscalation(
      reviewer,
      task.id,
      {
        action: { ...edited },
        actionDigest: detail.actionDigest,
        version: detail.row.version,
        ...change,
      },
      at(15),
    );
  return { reviewer, action, task, detail, narrow };
}

describe('narrowing', () => {
  it('supersedes the request by a narrower one, linked both ways, which its editor may approve and the gateway redeem', async () => {
    const { reviewer, action, task, narrow } = await opened();
    const edited = withAmount(action, '900.00');
    const { successor, narrowed } = await narrow(edited);
    expect(narrowed).toEqual([
      { pointer: '/action/properties/amount', kind: 'lower', from: '18500.00', to: '900.00' },
    ]);

    const old = await formatTask(getPool(), { tenant: org.tenant, id: task.id });
    expect(old).toMatchObject({
      status: 'failed',
      result: { superseded: { id: successor, action: edited } },
    });
    expect(old.links.superseded_by).toMatch(new RegExp(`/access/v1/requests/${successor}$`));
    expect((await formatTask(getPool(), { tenant: org.tenant, id: successor })).links.supersedes).toMatch(
      new RegExp(`/${task.id}$`),
    );

    const shown = await readEscalationPage(reviewer, successor, 20);
    expect(shown.flow).toMatchObject({ supersedes: task.id, narrowed: [{ from: '18500.00', to: '900.00' }] });
    expect(shown.row.expiresAt).toBe(old.expires_at);
    expect((await getDetail(reviewer, task.id, at(20))).flow.supersededBy).toBe(successor);
    const decided = await decideEscalation(reviewer, successor, verdictOn(shown, 'approve'), at(32));
    expect(decided.state).toBe('approved');

    const records = await recordsOf(org.tenant, 'escalation');
    expect(
      records.find(({ body }) => body.escalation_id === task.id && body.state === 'superseded')?.body,
    ).toMatchObject({
      superseded_by: successor,
      edited_by: reviewer.person.id,
      narrowed: ['/action/properties/amount'],
    });
    expect(records.find(({ id }) => id === successor)?.body).toMatchObject({
      supersedes: task.id,
      edited_by: reviewer.person.id,
    });

    const token = decided.approval?.token ?? '';
    const redeem = (executed: Action) =>
      redeemApproval(org.gateway, decided.approval?.id ?? '', { token, action: executed }, at(33));
    await expect(redeem(action)).rejects.toMatchObject({ code: 'action_mismatch' });
    expect((await redeem(edited)).approval_id).toBe(decided.approval?.id);
  });

  it('recognises what is proposed afterwards: the narrowed action finds its request, the original is refused', async () => {
    const { action, narrow } = await opened();
    const edited = withAmount(action, '900.00');
    const { successor } = await narrow(edited);
    const propose = async (proposed: Action, idempotencyKey = newKey()) =>
      submitEscalation(
        org.gateway,
        { idempotencyKey, request: await evaluatedRequest(org.gateway, proposed) },
        at(20),
      );
    await expect(propose(action)).rejects.toMatchObject({
      code: 'request_superseded',
      detail: expect.stringContaining(successor),
    });
    const key = newKey();
    const request = await evaluatedRequest(org.gateway, edited);
    const adopt = () => submitEscalation(org.gateway, { idempotencyKey: key, request }, at(21));
    expect(await adopt()).toMatchObject({ created: false, task: { id: successor } });
    expect(await adopt()).toMatchObject({ created: false, task: { id: successor } });
    expect((await propose(edited)).task.id).not.toBe(successor);
    const foreign = await evaluatedRequest(org.otherGateway, action);
    const other = await submitEscalation(
      org.otherGateway,
      { idempotencyKey: newKey(), request: foreign },
      at(22),
    );
    expect(other.created).toBe(true);
  });

  it.each<[string, string, (of: Awaited<ReturnType<typeof opened>>) => Promise<unknown>]>([
    ['a larger amount', 'edit_widens', ({ action, narrow }) => narrow(withAmount(action, '18500.01'))],
    [
      'another payee beside a smaller amount',
      'edit_widens',
      ({ action, narrow }) =>
        narrow({ ...withAmount(action, '1.00'), resource: { type: 'account', id: 'acct-x' } }),
    ],
    ['nothing', 'edit_unchanged', ({ action, narrow }) => narrow(action)],
    ['what is no action', 'malformed_request', ({ narrow }) => narrow({ nothing: 1 } as unknown as Action)],
    [
      'what the page no longer shows',
      'stale_view',
      ({ action, narrow }) => narrow(withAmount(action, '900.00'), { version: 7 }),
    ],
  ])('refuses %s', async (_name, code, edit) => {
    const before = (await recordsOf(org.tenant, 'escalation')).length;
    const of = await opened();
    await expect(edit(of)).rejects.toMatchObject({ code });
    expect((await formatTask(getPool(), { tenant: org.tenant, id: of.task.id })).status).toBe('pending');
    expect((await recordsOf(org.tenant, 'escalation')).length).toBe(before + 1);
  });

  it('refuses whoever may not decide, has not opened it, or belongs elsewhere', async () => {
    const { action, task, detail } = await opened();
    const request = {
      action: { ...withAmount(action, '900.00') },
      actionDigest: detail.actionDigest,
      version: detail.row.version,
    };
    const edit = async (who: Awaited<ReturnType<typeof org.person>>) =>
      narrowEscalation(who, task.id, request, at(15));
    await expect(edit(await org.person(['compliance']))).rejects.toMatchObject({ code: 'role_required' });
    await expect(edit(await org.person(['reviewer']))).rejects.toMatchObject({ code: 'not_opened' });
    const elsewhere = await (await createOrganisation()).person(['reviewer']);
    await expect(edit(elsewhere)).rejects.toMatchObject({ code: 'escalation_unknown' });
  });

  it('refuses after an approval, and of two editors at once lets one win', async () => {
    const two = await createOrganisation(
      reviewPolicy({ review: { ...reviewPolicy().review, quorum: [{ role: 'reviewer', count: 2 }] } }),
    );
    const { action, task, narrow } = await opened(two);
    const second = await two.person(['reviewer']);
    const shown = await readEscalationPage(second, task.id);
    await decideEscalation(second, task.id, verdictOn(shown, 'approve'), at(12));
    await expect(narrow(withAmount(action, '900.00'))).rejects.toMatchObject({
      code: 'edit_after_approval',
    });
    const racing = await opened(two);
    const ends = await Promise.allSettled(
      ['900.00', '800.00'].map((amount) => racing.narrow(withAmount(racing.action, amount))),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const made = await getPool().query('SELECT 1 FROM escalations WHERE supersedes = $1', [racing.task.id]);
    expect(made.rowCount).toBe(1);
  });

  it('keeps the editor from approving where the policy says so', async () => {
    const strict = await createOrganisation(
      reviewPolicy({ review: { ...reviewPolicy().review, editorMayApprove: false } }),
    );
    const { reviewer, action, narrow } = await opened(strict);
    const { successor } = await narrow(withAmount(action, '900.00'));
    expect((await getDetail(reviewer, successor, at(20))).may).toMatchObject({
      decide: false,
      code: 'self_approval',
    });
    const other = await strict.person(['reviewer']);
    expect((await getDetail(other, successor, at(20))).may.decide).toBe(true);
  });

  it('never extends the clock', async () => {
    const { action, task, narrow } = await opened();
    await owner.query('UPDATE escalations SET expires_at = $2 WHERE id = $1', [
      task.id,
      new Date(at(15).nowMs),
    ]);
    await expect(narrow(withAmount(action, '900.00'))).rejects.toMatchObject({ code: 'escalation_ended' });
  });
});
