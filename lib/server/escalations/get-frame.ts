import { formatInstant } from '@/lib/core/instant';
import type { FrameView } from '@/lib/escalations/escalation-view';
import { findApproval } from '../approvals/find-approval';
import { verifyReviewRecord } from '../approvals/verify-review-record';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { getLogHealth } from '../log/get-log-health';
import type { Reviewer } from '../reviews/reviewer';

const RECHECKED = 8;

/** What every page shows: how many wait, and whether the log and the records that approvals rest on still hold. */
export async function getFrame(viewer: Reviewer, { nowMs = clockNowMs() } = {}): Promise<FrameView> {
  const tenant = viewer.tenant.id;
  const waiting = await getPool().query<{ n: number }>(
    `SELECT count(*)::int AS n FROM escalations WHERE tenant = $1 AND state = 'pending' AND expires_at > $2`,
    [tenant, new Date(nowMs)],
  );
  const health = await getLogHealth();
  const { witnesses } = health;
  const finding = health.haltedCode
    ? `The log is halted: ${health.haltedCode}.`
    : await findBrokenRecord(tenant);
  return {
    queueCount: waiting.rows[0]?.n ?? 0,
    integrity: {
      treeSize: health.treeSize,
      witnessedAt: witnesses.lastAt ? formatInstant(witnesses.lastAt.getTime()) : null,
      witnessesOk: witnesses.ok,
      witnessesTotal: witnesses.total,
      state: stateOf(health, finding),
      ...(finding ? { finding } : {}),
    },
  };
}

function stateOf(
  health: { checkpointAt: Date | null; witnesses: { ok: number } },
  finding: string | null,
): FrameView['integrity']['state'] {
  if (finding) return 'invalid';
  if (!health.checkpointAt) return 'unknown';
  return health.witnesses.ok > 0 ? 'valid' : 'unwitnessed';
}

/**
 * The newest review record that a redemption found broken and that still does not verify. One that verifies again is no
 * finding any more; its incident stays in the log.
 */
async function findBrokenRecord(tenant: string): Promise<string | null> {
  const pool = getPool();
  const incidents = await pool.query<{ approval: string }>(
    `SELECT split_part(id, ':', 3) AS approval FROM records
      WHERE tenant = $1 AND kind = 'incident' AND id LIKE 'incident:record\\_unverifiable:%'
      GROUP BY 1 ORDER BY max(occurred_at) DESC LIMIT ${RECHECKED}`,
    [tenant],
  );
  for (const { approval: id } of incidents.rows) {
    const approval = await findApproval(pool, { tenant, id });
    const record = approval && (await verifyReviewRecord(pool, tenant, approval.claims));
    if (approval && record && !record.ok) {
      const { stream, position } = approval.claims.record;
      return `Record ${position} of ${stream} does not verify: ${record.code}.`;
    }
  }
  return null;
}
