import { formatInstant } from '@/lib/core/instant';
import { listCoverage, reviewDwellMs } from '@/lib/escalations/dwell';
import type { DecideRequest } from '@/lib/escalations/escalation-view';
import type { ReviewStatement } from '@/lib/escalations/record-bodies';
import type { EscalationRecord } from '../escalations/escalation-record';
import type { CheckedVerdict } from './check-verdict';
import type { Reviewer } from './reviewer';

/**
 * The statement that a verdict would be recorded with (formats.md §9), decided at `nowMs`: everything in it but the
 * verdict and its reason is the server's own measurement.
 */
export function draftStatement(
  viewer: Reviewer,
  escalation: EscalationRecord,
  request: DecideRequest,
  checked: CheckedVerdict,
  given: { reasonDigest: string; nowMs: number },
): ReviewStatement {
  const { reading, right } = checked;
  return {
    v: 1,
    escalation: escalation.id,
    instance: escalation.instance,
    action_digest: escalation.actionDigest,
    display_digest: checked.displayDigest,
    verdict: request.verdict,
    reason_code: request.reasonCode,
    reason_digest: given.reasonDigest,
    policy_digest: escalation.policy.digest,
    reviewer: viewer.person.id,
    role: right.role,
    opened_at: formatInstant(reading.openedAtMs),
    decided_at: formatInstant(given.nowMs),
    review_dwell_ms: reviewDwellMs(reading, given.nowMs),
    active_ms: reading.activeMs,
    coverage: listCoverage(reading.seenMs),
    ...(right.delegation
      ? { delegation: { id: right.delegation.id, on_behalf_of: right.delegation.onBehalfOf } }
      : {}),
    ...(right.breakGlass === null ? {} : { break_glass: right.breakGlass }),
  };
}
