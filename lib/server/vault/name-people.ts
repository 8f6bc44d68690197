import { getPool } from '../database/pool';

/** Names of people by id, from this console's directory; machines and setup go by their own id. */
export async function namePeople(
  ids: readonly (string | null)[],
): Promise<(id: string) => { id: string; name: string }> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  const { rows } = await getPool().query<{ id: string; name: string }>(
    'SELECT id, name FROM people WHERE id = ANY($1)',
    [wanted],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id) => ({ id, name: names.get(id) ?? id });
}
