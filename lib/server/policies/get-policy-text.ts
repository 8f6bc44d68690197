import { getPool } from '../database/pool';

export interface PolicyText {
  id: string;
  version: number;
  digest: string;
  /** The exact text that was published; `digest` is over it. */
  text: string;
  activeFrom: string;
  /** Person id, or the name of the command that published it. */
  publishedBy: string;
}

/** One published version with its exact text: the given one, or the one in force. Null when there is none. */
export async function getPolicyText(
  tenant: string,
  version: number | null,
  nowMs: number,
): Promise<PolicyText | null> {
  const { rows } = await getPool().query<{
    id: string;
    version: number;
    digest: string;
    document: string;
    active_from: Date;
    published_by: string;
  }>(
    `SELECT id, version, digest, document, active_from, published_by FROM policies
      WHERE tenant = $1 AND active_from <= $2 AND ($3::int IS NULL OR version = $3)
      ORDER BY active_from DESC, version DESC LIMIT 1`,
    [tenant, new Date(nowMs), version],
  );
  const row = rows[0];
  return row
    ? {
        id: row.id,
        version: row.version,
        digest: row.digest,
        text: row.document,
        activeFrom: row.active_from.toISOString(),
        publishedBy: row.published_by,
      }
    : null;
}
