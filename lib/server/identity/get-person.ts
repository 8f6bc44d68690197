import { formatInstant } from '@/lib/core/instant';
import type { LinkEnding, PersonLinkKind, PersonLinkView, PersonView } from '@/lib/identity/person-requests';
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
    ended_at: Date | null;
    ending: LinkEnding | null;
  }>(
    `SELECT l.kind, other.value, p.name, l.created_at, l.ended_at, l.ending
       FROM person_links l
       CROSS JOIN LATERAL (SELECT CASE WHEN l.kind = 'person' AND l.value = $2 THEN l.person ELSE l.value END AS value) other
       LEFT JOIN people p ON l.kind = 'person' AND p.id = other.value
      WHERE l.tenant = $1 AND (l.person = $2 OR (l.kind = 'person' AND l.value = $2))
      ORDER BY l.ended_at NULLS FIRST, l.kind, l.created_at, other.value`,
    [tenant, person],
  );
  return {
    person: found,
    links: rows.map(({ kind, value, name, created_at, ended_at, ending }) => ({
      kind,
      value,
      name,
      since: formatInstant(created_at.getTime()),
      ended: ended_at && ending && { at: formatInstant(ended_at.getTime()), why: ending },
    })),
    others: people.filter(({ id }) => id !== person),
  };
}
