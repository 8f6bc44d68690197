import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { publishEvent } from '../events/publish-event';
import { newId } from '../random';
import { journal } from '../records/journal';
import type { Reviewer } from '../reviews/reviewer';
import { type BreakGlassRow, breakGlassState, lockBreakGlass } from './break-glass-row';

/**
 * Closes an open break-glass before its time. The caller has authorised the viewer as a reviewer or compliance officer:
 * closing is the safe side, and anybody of them may.
 * @throws ServiceError `not_found`, `break_glass_state`
 */
export async function closeBreakGlass(
  viewer: Reviewer,
  id: string,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  await inTransaction(async (tx) => {
    const row = await lockBreakGlass(tx, { tenant: viewer.tenant.id, id });
    if (!row) throw new ServiceError('not_found');
    if (breakGlassState(row, nowMs) !== 'open')
      throw new ServiceError('break_glass_state', 'It is not open.');
    await writeClosed(tx, row, viewer.person.id, nowMs);
  });
}

/** Records the end of every break-glass whose time is up; it lifted nothing any more since then. */
export async function closeDueBreakGlasses({ nowMs = clockNowMs() } = {}): Promise<void> {
  const due = await getPool().query<{ tenant: string; id: string }>(
    'SELECT tenant, id FROM break_glasses WHERE opened_at IS NOT NULL AND closed_at IS NULL AND until_at <= $1 LIMIT 100',
    [new Date(nowMs)],
  );
  for (const at of due.rows) {
    await inTransaction(async (tx) => {
      const row = await lockBreakGlass(tx, at);
      if (row && !row.closed_at) await writeClosed(tx, row, null, nowMs);
    });
  }
}

/** @param by null: its time was up */
async function writeClosed(tx: Tx, row: BreakGlassRow, by: string | null, nowMs: number): Promise<void> {
  const { id, tenant } = row;
  const used = await tx.query<{ escalation: string }>(
    'SELECT DISTINCT escalation FROM reviews WHERE tenant = $1 AND break_glass = $2 ORDER BY escalation',
    [tenant, id],
  );
  await tx.query('UPDATE break_glasses SET closed_at = $3, closed_by = $4 WHERE id = $1 AND tenant = $2', [
    id,
    tenant,
    new Date(nowMs),
    by,
  ]);
  await publishEvent(tx, { tenant, type: 'break_glass.changed', id });
  await journal(tx, {
    tenant,
    kind: 'break_glass.closed',
    id: newId('rec', nowMs),
    body: {
      break_glass_id: id,
      closed_by: by ?? 'time',
      // A record has a size; the reviews name their break-glass themselves.
      escalations: used.rows.slice(0, 500).map(({ escalation }) => escalation),
      decided: used.rows.length,
    },
    occurredAtMs: nowMs,
  });
}
