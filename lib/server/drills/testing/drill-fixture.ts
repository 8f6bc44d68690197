import type { SubmitRequest } from '@/lib/escalations/access-request';
import { redeemApproval } from '../../approvals/redeem';
import { reportOutcome } from '../../approvals/report-outcome';
import { listQueue } from '../../escalations/list-queue';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  reviewPolicy,
  submitPayment,
  type TestOrganisation,
  verdictOn,
} from '../../escalations/testing/escalation-fixture';
import { decideEscalation } from '../../reviews/decide';
import type { Reviewer } from '../../reviews/reviewer';
import { type DrillWish, planDrillByHand } from '../plan-drill';
import { surfaceDrills } from '../surface-drill';

const query = { state: 'pending', filter: 'all', limit: 50 } as const;
/** Seconds after the model was submitted: it is settled, and drills are made of it. */
export const LATER = 2 * 3_600;

/** An organisation with one settled case of the past, from which drills are made. */
export async function settledBank(
  attention: object = {},
  review: Partial<ReturnType<typeof reviewPolicy>['review']> = {},
  extra: Partial<SubmitRequest> = {},
): Promise<TestOrganisation & { model: string; reviewer: Reviewer; officer: Reviewer }> {
  const policy = reviewPolicy();
  const bank = await createOrganisation({ ...policy, review: { ...policy.review, ...review, attention } });
  const [reviewer, officer] = [await bank.person(['reviewer']), await bank.person(['compliance'])];
  const action = largePayment('18500.00', 'acct-44718823');
  const task = await submitPayment(bank, action, {
    ...extra,
    evidence: {
      agentSaid: 'The invoice matches the order.',
      retrieved: [
        {
          id: 'invoice-20417',
          mediaType: 'text/plain',
          text: 'Please pay INR 18,500.00 to acct-44718823 by Friday.',
        },
      ],
      guardrails: [{ name: 'sanctions', version: '3', verdict: 'pass', score: '0.02' }],
    },
  });
  const detail = await readEscalationPage(reviewer, task.id);
  const done = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
  if (!done.approval) throw new Error('the model was not approved');
  const { id, token } = done.approval;
  await redeemApproval(bank.gateway, id, { token, action: { ...action } }, at(21));
  await reportOutcome(bank.gateway, id, { state: 'forwarded', downstream: [] }, at(22));
  return { ...bank, model: task.id, reviewer, officer };
}

export type DrillBank = Awaited<ReturnType<typeof settledBank>>;

/** Plans a drill by hand, shows it, and gives its escalation's id. */
export async function injectDrill(bank: DrillBank, wish: Partial<DrillWish> = {}): Promise<string> {
  await planDrillByHand(
    bank.officer,
    { known: 'bad', recipe: 'planted-instruction', withinMinutes: 1, ...wish },
    at(LATER),
  );
  await surfaceDrills(bank.tenant, at(LATER + 61));
  const page = await listQueue(bank.reviewer, query, at(LATER + 62));
  const [row] = page.rows;
  if (!row) throw new Error('no drill in the queue');
  return row.id;
}
