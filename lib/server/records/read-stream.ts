import { formatBase64 } from '@/lib/core/encoding';
import { getPool } from '../database/pool';

const PAGE_RECORDS = 500;

/**
 * Records [from, to] of a stream as NDJSON lines, page by page, so that a slow reader costs one page of memory.
 * Each line: `{position, envelope, link, id, acceptedAt}`, bytes in base64.
 */
export async function* readStream(stream: string, from: number, to: number): AsyncGenerator<string> {
  for (let next = from; next <= to; ) {
    const rows = await getPool().query<{
      position: number;
      id: string;
      envelope: Buffer;
      link: Buffer;
      accepted_at: Date;
    }>({
      name: 'read-stream',
      text: `SELECT position, id, envelope, link, accepted_at FROM records
        WHERE stream = $1 AND position BETWEEN $2 AND $3 ORDER BY position LIMIT ${PAGE_RECORDS}`,
      values: [stream, next, to],
    });
    if (rows.rows.length === 0) return;
    const lines = rows.rows.map((row) =>
      JSON.stringify({
        position: row.position,
        envelope: formatBase64(row.envelope),
        link: formatBase64(row.link),
        id: row.id,
        acceptedAt: row.accepted_at.toISOString(),
      }),
    );
    yield `${lines.join('\n')}\n`;
    next = (rows.rows.at(-1) as { position: number }).position + 1;
  }
}
