import { formatInstant } from '@/lib/core/instant';
import type { EscalationRow } from '@/lib/escalations/escalation-view';
import { decideQuorum } from '@/lib/escalations/quorum';
import { activeLease } from '../reviews/lease';
import { ESCALATION_COLUMNS, type EscalationColumns, readEscalation } from './escalation-record';

/** Columns and joins of an escalation with the names that its row shows; `e` is the escalation. */
export const ROW_COLUMNS = `${ESCALATION_COLUMNS}, holder.name AS lease_name, decider.name AS decided_by, redemption.redeemed_at`;
export const ROW_JOINS = `
  LEFT JOIN people holder ON holder.id = e.lease_person
  LEFT JOIN LATERAL (
    SELECT p.name FROM reviews r JOIN people p ON p.id = r.person
     WHERE r.escalation = e.id AND r.tenant = e.tenant ORDER BY r.decided_at DESC, r.id DESC LIMIT 1
  ) decider ON e.state IN ('approved', 'denied')
  LEFT JOIN approvals approval ON approval.escalation = e.id AND approval.tenant = e.tenant
  LEFT JOIN redemptions redemption ON redemption.approval = approval.id`;

export type RowColumns = EscalationColumns & {
  lease_name: string | null;
  decided_by: string | null;
  redeemed_at: Date | null;
};

/** A row of the queue as `viewer` sees it at `nowMs`. While it is pending nobody's verdict shows. */
export function formatRow(
  columns: RowColumns,
  viewer: string,
  nowMs: number,
  own: {
    deferral?: EscalationRow['deferral'] /** They may still decide it, and must not learn that others have. */;
    isBlind?: boolean;
  } = {},
): EscalationRow {
  const escalation = readEscalation(columns);
  const lease = activeLease(escalation.lease, nowMs);
  return {
    id: escalation.id,
    state: escalation.state,
    version: escalation.version,
    sentence: escalation.sentence,
    tier: escalation.tier,
    control: escalation.control,
    rule: escalation.rule,
    reasonCode: escalation.reasonCode,
    tool: escalation.tool,
    agent: escalation.agent,
    approvals: own.isBlind ? 0 : escalation.approvals,
    needed: decideQuorum(escalation.quorum, []).needed,
    lease: lease
      ? {
          person: lease.person,
          name: columns.lease_name ?? lease.person,
          until: formatInstant(lease.untilMs),
          mine: lease.person === viewer,
        }
      : null,
    raised: escalation.raised && {
      at: formatInstant(escalation.raised.atMs),
      to: escalation.raised.to,
      reason: escalation.raised.reason,
    },
    decidedBy: columns.decided_by,
    redeemedAt: columns.redeemed_at ? formatInstant(columns.redeemed_at.getTime()) : null,
    createdAt: formatInstant(escalation.createdAtMs),
    expiresAt: formatInstant(escalation.expiresAtMs),
    endedAt: escalation.endedAtMs === null ? null : formatInstant(escalation.endedAtMs),
    deferral: own.deferral ?? null,
  };
}
