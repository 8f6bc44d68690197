import { formatInstant } from '@/lib/core/instant';
import type { PersonLinkKind, PersonLinkView, PersonView } from '@/lib/identity/person-requests';
import { getPool } from '../database/pool';
import { listPeople } from './list-people';

/** One member with everything that is linked to them, and the other members; null when they are none. */
export async function getPerson(
  tenant: string,
  person: string,
): Promise<{ person: PersonView; links: PersonLinkView[]; others: PersonView[] } | null> {
  const people = await listPeople(tenant);
  const found = people.find(({ id }) => id === person);
  if (!found) return null;
  const { rows } = await getPool().query<{
    kind: PersonLinkKind;
    value: string;
    name: string | null;
    created_at: Date;
  }>(
    `SELECT l.kind, other.value, p.name, l.created_at
       FROM person_links l
       CROSS JOIN LATERAL (SELECT CASE WHEN l.kind = 'person' AND l.value = $2 THEN l.person ELSE l.value END AS value) other
       LEFT JOIN people p ON l.kind = 'person' AND p.id = other.value
      WHERE l.tenant = $1 AND (l.person = $2 OR (l.kind = 'person' AND l.value = $2))
      ORDER BY l.kind, l.created_at, other.value`,
    [tenant, person],
  );
  return {
    person: found,
    links: rows.map(({ kind, value, name, created_at }) => ({
      kind,
      value,
      name,
      since: formatInstant(created_at.getTime()),
    })),
    others: people.filter(({ id }) => id !== person),
  };
}
