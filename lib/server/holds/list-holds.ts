import { type HoldView, holdView } from '@/lib/retention/hold';
import type { Tx } from '../database/transaction';
import { namePeople } from '../vault/name-people';
import { HOLD_COVERS_PAYLOAD } from './hold-conditions';

/** More than these many contents under one hold are not counted one by one. */
const MOST_COUNTED = 10_000;

interface Row {
  id: string;
  subjects: string[];
  agents: string[];
  from_at: Date | null;
  until_at: Date | null;
  scope_case: string | null;
  case_ref: string;
  reason_code: string;
  placed_by: string;
  authority: string;
  placed_at: Date;
  position: number;
  payloads: number;
  released_by: string | null;
  requested_by: string | null;
  released_at: Date | null;
}

/** A tenant's holds, those in force first, then the newest. */
export async function listHolds(tx: Tx, tenant: string, most: number): Promise<HoldView[]> {
  const { rows } = await tx.query<Row>(
    `SELECT h.id, h.subjects, h.agents, h.from_at, h.until_at, h.scope_case, h.case_ref, h.reason_code, h.placed_by, h.authority,
            h.placed_at, h.position, r.released_by, r.requested_by, r.released_at,
            (SELECT count(*)::int FROM (SELECT 1 FROM payloads p WHERE ${HOLD_COVERS_PAYLOAD} LIMIT ${MOST_COUNTED}) c) AS payloads
       FROM holds h LEFT JOIN hold_releases r ON r.hold = h.id
      WHERE h.tenant = $1 ORDER BY (r.hold IS NULL) DESC, h.placed_at DESC, h.id DESC LIMIT $2`,
    [tenant, most],
  );
  const name = await namePeople(
    rows.flatMap(({ placed_by, released_by, requested_by }) => [placed_by, released_by, requested_by]),
  );
  return rows.map((row) =>
    holdView.parse({
      id: row.id,
      scope: {
        subjects: row.subjects,
        agents: row.agents,
        from: row.from_at?.toISOString() ?? null,
        until: row.until_at?.toISOString() ?? null,
        caseRef: row.scope_case,
      },
      caseRef: row.case_ref,
      reasonCode: row.reason_code,
      placedBy: name(row.placed_by),
      authority: row.authority,
      placedAt: row.placed_at.toISOString(),
      payloads: row.payloads,
      released:
        row.released_by && row.requested_by && row.released_at
          ? {
              by: name(row.released_by),
              askedBy: name(row.requested_by),
              at: row.released_at.toISOString(),
            }
          : null,
      position: row.position,
    }),
  );
}
