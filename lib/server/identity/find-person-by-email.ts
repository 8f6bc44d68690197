import { getPool } from '../database/pool';

/** The id of the enabled person with this e-mail address (compared in lower case), or null. */
export async function findPersonByEmail(email: string | null | undefined): Promise<string | null> {
  if (!email) return null;
  const { rows } = await getPool().query<{ id: string }>(
    'SELECT id FROM people WHERE email = $1 AND disabled_at IS NULL',
    [email.trim().toLowerCase()],
  );
  return rows[0]?.id ?? null;
}
