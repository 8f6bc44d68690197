import { formatInstant } from '@/lib/core/instant';
import type { DelegationReason, DelegationView } from '@/lib/identity/delegation-requests';
import { holdsRole } from '@/lib/identity/permissions';
import { authoritySchema } from '@/lib/identity/person-requests';
import type { Role } from '@/lib/identity/role';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { readText } from '../payloads/read-text';
import type { Reviewer } from '../reviews/reviewer';

interface Row {
  id: string;
  delegator: string;
  delegator_name: string;
  delegate: string;
  delegate_name: string;
  roles: Role[];
  authority: unknown;
  from_at: Date;
  until_at: Date;
  revoked_at: Date | null;
  reason_code: DelegationReason;
  reason_ref: string;
}

const SHOWN = 50;

/**
 * The newest delegations that concern `person`, or of the whole tenant when null. Whoever is neither of the two people
 * nor compliance, audit or administration sees none.
 */
export async function listDelegations(
  viewer: Reviewer,
  person: string | null,
  { nowMs = clockNowMs() } = {},
): Promise<DelegationView[]> {
  const tenant = viewer.tenant.id;
  const own = viewer.person.id;
  const pool = getPool();
  const found = await pool.query<Row>(
    `SELECT d.id, d.delegator, giver.name AS delegator_name, d.delegate, taker.name AS delegate_name, d.roles,
            d.authority, d.from_at, d.until_at, d.revoked_at, d.reason_code, d.reason_ref
       FROM delegations d JOIN people giver ON giver.id = d.delegator JOIN people taker ON taker.id = d.delegate
      WHERE d.tenant = $1 AND ($2::text IS NULL OR d.delegator = $2 OR d.delegate = $2)
        AND ($3 OR d.delegator = $4 OR d.delegate = $4)
      ORDER BY d.until_at DESC, d.id LIMIT ${SHOWN}`,
    [tenant, person, holdsRole(viewer.roles, ['compliance', 'auditor', 'admin']), own],
  );
  const ends = holdsRole(viewer.roles, ['compliance', 'admin']);
  return Promise.all(
    found.rows.map(async (row) => {
      const state = stateOf(row, nowMs);
      return {
        id: row.id,
        from: { id: row.delegator, name: row.delegator_name },
        to: { id: row.delegate, name: row.delegate_name },
        roles: row.roles,
        authority: authoritySchema.parse(row.authority),
        fromAt: formatInstant(row.from_at.getTime()),
        untilAt: formatInstant((row.revoked_at ?? row.until_at).getTime()),
        reasonCode: row.reason_code,
        reasonText: await readText(pool, { tenant, ref: row.reason_ref }),
        state,
        mayRevoke:
          (state === 'coming' || state === 'in_force') &&
          (ends || row.delegator === own || row.delegate === own),
      };
    }),
  );
}

function stateOf(row: Row, nowMs: number): DelegationView['state'] {
  if (row.revoked_at) return 'revoked';
  if (row.until_at.getTime() <= nowMs) return 'ended';
  return row.from_at.getTime() <= nowMs ? 'in_force' : 'coming';
}
