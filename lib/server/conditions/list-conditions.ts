import * as z from 'zod';
import { type ConditionView, conditionView } from '@/lib/conditions/condition-view';
import { getPool } from '../database/pool';

/** Beside every open one. */
const CLOSED_SHOWN = 20;
/** More than anybody can look at; the pill says how many there are. */
const OPEN_SHOWN = 200;

/** The tenant's conditions: open ones first, newest first, then the latest that were closed. */
export async function listConditions(tenant: string): Promise<ConditionView[]> {
  const columns = `c.id, c.code, c.scope, c.detail, c.escalation, c.decision, c.opened_at, c.stream, c.position, c.resolved_at,
    c.resolution, p.name AS resolved_by, c.reason_code`;
  const from = 'FROM integrity_conditions c LEFT JOIN people p ON p.id = c.resolved_by';
  const found = await getPool().query(
    `(SELECT ${columns} ${from} WHERE c.tenant = $1 AND c.resolved_at IS NULL
       ORDER BY c.opened_at DESC, c.id DESC LIMIT ${OPEN_SHOWN})
     UNION ALL
     (SELECT ${columns} ${from} WHERE c.tenant = $1 AND c.resolved_at IS NOT NULL
       ORDER BY c.resolved_at DESC, c.id DESC LIMIT ${CLOSED_SHOWN})`,
    [tenant],
  );
  return z.array(conditionView).parse(
    found.rows.map(({ opened_at, resolved_at, resolved_by, reason_code, stream, position, ...row }) => ({
      ...row,
      openedAt: opened_at.toISOString(),
      resolvedAt: resolved_at?.toISOString() ?? null,
      resolvedBy: resolved_by,
      reasonCode: reason_code,
      record: { stream, position },
    })),
  );
}
