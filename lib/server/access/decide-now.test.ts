import { describe, expect, it } from 'vitest';
import type { Action } from '@/lib/tokens/action';
import { redeemApproval } from '../approvals/redeem';
import { getPool } from '../database/pool';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  reviewPolicy,
  submitPayment,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';

await startTestConsole();

async function approve(org: TestOrganisation, action: Action) {
  const reviewer = await org.person(['reviewer']);
  const task = await submitPayment(org, action);
  const detail = await readEscalationPage(reviewer, task.id);
  const { approval } = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
  if (!approval) throw new Error('not approved');
  return { id: approval.id, token: approval.token, action };
}

describe('a limit that people cannot lift', () => {
  it('holds for approvals that were each within it when evaluated, redeemed at the same instant', async () => {
    const org = await createOrganisation(
      reviewPolicy({
        budgets: [
          {
            name: 'hard',
            measure: 'value',
            per: 'principal',
            tools: ['pay'],
            window: 'P1D',
            limit: '20000',
            over: 'refuse',
          },
        ],
      }),
    );
    const approvals: Awaited<ReturnType<typeof approve>>[] = [];
    for (let n = 0; n < 4; n++) approvals.push(await approve(org, largePayment('9000.00')));
    const redeem = ({ id, token, action }: (typeof approvals)[number], seconds: number) =>
      redeemApproval(org.gateway, id, { token, action }, at(seconds));
    const results = await Promise.allSettled(approvals.map((approved) => redeem(approved, 25)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'policy_changed' });
    }
    const used = await getPool().query(
      'SELECT sum(amount)::text AS total FROM action_uses WHERE tenant = $1',
      [org.tenant],
    );
    expect(used.rows).toEqual([{ total: '18000.0000' }]);
    const spent = await getPool().query('SELECT 1 FROM redemptions WHERE tenant = $1', [org.tenant]);
    expect(spent.rowCount).toBe(2);
  });

  it('does not bind what people may lift: an approval passes a budget that escalates', async () => {
    const org = await createOrganisation(
      reviewPolicy({
        budgets: [
          {
            name: 'soft',
            measure: 'value',
            per: 'principal',
            tools: ['pay'],
            window: 'P1D',
            limit: '100',
            over: 'escalate',
          },
        ],
      }),
    );
    const { id, token, action } = await approve(org, largePayment('9000.00'));
    expect(await redeemApproval(org.gateway, id, { token, action }, at(25))).toMatchObject({
      approval_id: id,
    });
  });
});
