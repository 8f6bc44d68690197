import { formatInstant } from '@/lib/core/instant';
import { getPool } from '../database/pool';

export interface PolicyVersionRow {
  id: string;
  version: number;
  digest: string;
  activeFrom: string;
  /** Person id, or the name of the command that published it. */
  publishedBy: string;
}

const MAX_VERSIONS = 200;

/** The tenant's published versions, newest first; at most 200 older than `beforeVersion` (default: the newest). */
export async function listPolicies(
  tenant: string,
  beforeVersion: number | null = null,
): Promise<PolicyVersionRow[]> {
  const found = await getPool().query<{
    id: string;
    version: number;
    digest: string;
    active_from: Date;
    published_by: string;
  }>(
    `SELECT id, version, digest, active_from, published_by FROM policies
      WHERE tenant = $1 AND ($2::int IS NULL OR version < $2)
      ORDER BY version DESC, id LIMIT ${MAX_VERSIONS}`,
    [tenant, beforeVersion],
  );
  return found.rows.map((row) => ({
    id: row.id,
    version: row.version,
    digest: row.digest,
    activeFrom: formatInstant(row.active_from.getTime()),
    publishedBy: row.published_by,
  }));
}
