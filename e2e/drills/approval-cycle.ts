import { randomBytes } from 'node:crypto';
import type { Gateway } from '@/lib/gateway/create-gateway';
import type { GatewayResult } from '@/lib/gateway/gateway-result';
import { largePayment } from '../routes/world';

/** An approval whose token reached the gateway. */
export interface Approval {
  id: string;
  token: string;
  escalation: string;
  /** A receipt was answered for its redemption. */
  redeemed: boolean;
}

/** What a person's page sends, with their session. */
export interface DrillReviewer {
  headers: Record<string, string>;
}

/**
 * One payment: refused by the policy, submitted, approved by the reviewer over HTTP, its token verified and redeemed.
 * @returns null when the console went away before a token reached the gateway; whatever it had recorded stays
 */
export async function approvePayment(
  gateway: Gateway,
  reviewer: DrillReviewer,
  origin: string,
): Promise<Approval | null> {
  try {
    const action = largePayment(randomBytes(6).toString('hex'));
    const evaluation = value(await gateway.evaluate(action));
    const task = value(
      await gateway.escalate({
        action,
        evaluationId: evaluation.evaluationId,
        idempotencyKey: randomBytes(8).toString('hex'),
      }),
    );
    await decide(reviewer, origin, task.id);
    const approved = value(await gateway.wait(task.id, { timeoutMs: 10_000 }));
    if (!approved.approval) return null;
    const { id, token } = approved.approval;
    value(gateway.verify(token, action));
    const receipt = await gateway.redeem({ approvalId: id, token, action });
    return { id, token, escalation: task.id, redeemed: receipt.ok };
  } catch {
    return null;
  }
}

async function decide({ headers }: DrillReviewer, origin: string, id: string): Promise<void> {
  const at = `${origin}/api/v1/escalations/${id}`;
  const send = async (path: string, method: string, body?: unknown) => {
    const response = await fetch(`${at}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.json();
  };
  await send('/open', 'POST', {});
  const detail = await send('', 'GET');
  await send('/decide', 'POST', {
    verdict: 'approve',
    reasonCode: 'matches-evidence',
    reasonText: 'Invoice 4471 was compared with the order.',
    actionDigest: detail.actionDigest,
    displayDigest: detail.displayDigest,
    instance: detail.instance,
    version: detail.row.version,
  });
}

function value<T>(result: GatewayResult<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.code);
}
