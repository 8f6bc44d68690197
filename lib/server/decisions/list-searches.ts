import type { SavedSearch } from '@/lib/decisions/saved-search';
import type { Viewer } from '@/lib/identity/viewer';
import { getPool } from '../database/pool';

const SHOWN = 500;

/** The viewer's own searches, then those that others of the organisation share; by name. */
export async function listSearches(viewer: Viewer): Promise<SavedSearch[]> {
  const { rows } = await getPool().query<SavedSearch>(
    `SELECT s.id, s.name, s.query, s.shared, s.person = $2 AS mine, p.name AS by
       FROM saved_searches s JOIN people p ON p.id = s.person
      WHERE s.tenant = $1 AND (s.person = $2 OR (s.shared AND EXISTS (
        SELECT 1 FROM memberships m WHERE m.tenant = $1 AND m.person = s.person)))
      ORDER BY s.person <> $2, s.name, s.id LIMIT ${SHOWN}`,
    [viewer.tenant.id, viewer.person.id],
  );
  return rows;
}
