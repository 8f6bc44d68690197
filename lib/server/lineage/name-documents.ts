import { getPool } from '../database/pool';
import { type DocumentName, namesIn } from './name-from-record';

/** Records read for names at once: each is at most 64 KiB. */
const MOST_RECORDS = 100;

/** What documents and payloads are called by the first decision that names each, for those that nothing else names. */
export async function nameDocuments(
  tenant: string,
  digests: readonly string[],
): Promise<Map<string, Omit<DocumentName, 'note'>>> {
  const names = new Map<string, Omit<DocumentName, 'note'>>();
  if (digests.length === 0) return names;
  const { rows } = await getPool().query<{ id: string; stream: string; position: number }>(
    `SELECT n.id, d.stream, d.position FROM unnest($2::text[]) AS n(id),
       LATERAL (SELECT source FROM edges WHERE tenant = $1 AND target = n.id AND kind IN ('retrieved', 'input', 'output')
                 ORDER BY kind, source LIMIT 1) e,
       LATERAL (SELECT stream, position FROM decisions WHERE id = e.source AND tenant = $1 LIMIT 1) d`,
    [tenant, digests],
  );
  const places = new Map(rows.map((row) => [`${row.position} ${row.stream}`, row]));
  const wanted = [...places.values()].slice(0, MOST_RECORDS);
  const records = await getPool().query<{ stream: string; position: number; envelope: Buffer }>(
    `SELECT r.stream, r.position, r.envelope FROM unnest($2::text[], $3::bigint[]) AS n(stream, position)
       JOIN records r ON r.stream = n.stream AND r.position = n.position AND r.tenant = $1`,
    [tenant, wanted.map(({ stream }) => stream), wanted.map(({ position }) => position)],
  );
  const read = new Map(records.rows.map((row) => [`${row.position} ${row.stream}`, namesIn(row.envelope)]));
  for (const { id, stream, position } of rows) {
    // A score is one decision's; the name is the document's.
    const name = read.get(`${position} ${stream}`)?.get(id);
    if (name) names.set(id, { label: name.label });
  }
  return names;
}
