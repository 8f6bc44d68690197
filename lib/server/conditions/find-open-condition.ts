import { getPool } from '../database/pool';

/** The newest open condition of a tenant in one sentence, and how many more there are; null when all is whole. */
export async function findOpenCondition(tenant: string): Promise<string | null> {
  const found = await getPool().query<{ detail: string; n: number }>({
    name: 'find-open-condition',
    text: `SELECT detail, (count(*) OVER ())::int AS n FROM integrity_conditions
      WHERE tenant = $1 AND resolved_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT 1`,
    values: [tenant],
  });
  const newest = found.rows[0];
  if (!newest) return null;
  return newest.n === 1 ? newest.detail : `${newest.detail} ${newest.n - 1} more on /integrity.`;
}
