import { randomUUID } from 'node:crypto';
import { parseId } from '@/lib/core/id';
import { inTransaction } from '../database/transaction';
import type { ErrorCode } from '../errors';
import type { ProducerCaller } from '../machine-auth/require-producer';
import { journal } from '../records/journal';

/** Refusals that speak of tampering or replay; the others are the perimeter's ordinary work. */
const SUSPICIOUS: ReadonlySet<ErrorCode> = new Set([
  'signature_invalid',
  'audience_mismatch',
  'already_redeemed',
  'action_mismatch',
  'record_unverifiable',
]);

/** Journals a suspicious refusal as an `incident` of the caller's tenant, in a transaction of its own. */
export async function recordRefusedRedemption(
  caller: ProducerCaller,
  refused: { approvalId: string; code: ErrorCode; detail?: string | undefined; nowMs: number },
): Promise<void> {
  if (!SUSPICIOUS.has(refused.code)) return;
  const approval = parseId(refused.approvalId, 'apr').ok ? refused.approvalId : null;
  await inTransaction((tx) =>
    journal(tx, {
      tenant: caller.tenant,
      kind: 'incident',
      id: `incident:${refused.code}:${approval ?? 'unknown'}:${randomUUID()}`,
      body: {
        code: refused.code,
        detail: refused.detail,
        gateway: caller.producerId,
        approval_id: approval ?? undefined,
      },
      occurredAtMs: refused.nowMs,
    }),
  );
}
