import type { Authority } from '@/lib/identity/authority';
import { ROLES, type Role } from '@/lib/identity/role';
import type { Tx } from '../database/transaction';
import { AUTHORITY_JSON, readAuthority } from '../identity/authority-column';

/** What one account is in a tenant now, and under which names it asks. */
export interface Standing {
  roles: Role[];
  authority: Authority | null;
  /** Subject tokens, agents and producers linked to it, those of ended links among them that stood since then. */
  linked: string[];
}

interface Row {
  person: string;
  roles: string[];
  authority: unknown;
  linked: string[];
}

/**
 * The standing of these accounts, or of every member who may decide and every account ever linked to one. Links count as
 * in `findHumans`.
 */
export async function findStandings(
  tx: Tx,
  tenant: string,
  persons: readonly string[] | 'deciding',
  sinceMs?: number,
): Promise<Map<string, Standing>> {
  const all = persons === 'deciding';
  const found = await tx.query<Row>(
    `SELECT p.id AS person, ${AUTHORITY_JSON} AS authority,
            ARRAY(SELECT role FROM memberships m WHERE m.tenant = $1 AND m.person = p.id) AS roles,
            ARRAY(SELECT value FROM person_links l WHERE l.tenant = $1 AND l.person = p.id AND l.kind <> 'person'
                     AND (l.ended_at IS NULL OR l.ended_at > $2)) AS linked
       FROM people p LEFT JOIN authorities a ON a.tenant = $1 AND a.person = p.id
      WHERE ${
        all
          ? `p.id IN (SELECT person FROM memberships WHERE tenant = $1 AND role IN ('reviewer', 'senior_reviewer')
                      UNION SELECT person FROM person_links WHERE tenant = $1 AND kind = 'person'
                      UNION SELECT value FROM person_links WHERE tenant = $1 AND kind = 'person')`
          : 'p.id = ANY($3)'
      }`,
    [tenant, sinceMs === undefined ? null : new Date(sinceMs), ...(all ? [] : [persons])],
  );
  return new Map(
    found.rows.map((row) => [
      row.person,
      {
        roles: ROLES.filter((role) => row.roles.includes(role)),
        authority: readAuthority(row.authority),
        linked: row.linked,
      },
    ]),
  );
}
