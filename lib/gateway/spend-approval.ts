import type { Action } from '@/lib/tokens/action';
import type { AccessClient, Task } from './access-client';
import type { ApprovalTerms } from './check-terms';
import type { GatewayResult } from './gateway-result';

/** What spending needs of a gateway. */
export type Spender = Pick<AccessClient, 'redeem'> & {
  verify(token: string, action: Action, terms: ApprovalTerms): GatewayResult<unknown>;
};

/**
 * Verifies the token offline for this very action and the terms under which people were asked, then redeems it. Only after `ok` may the action be executed, and once.
 * @returns the approval's id
 */
export async function spendApproval(
  client: Spender,
  action: Action,
  approval: NonNullable<Task['approval']>,
  terms: ApprovalTerms,
): Promise<GatewayResult<string>> {
  const verified = client.verify(approval.token, action, terms);
  if (!verified.ok) return verified;
  const redeemed = await client.redeem({ approvalId: approval.id, token: approval.token, action });
  return redeemed.ok ? { ok: true, value: approval.id } : redeemed;
}
