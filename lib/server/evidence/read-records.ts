import type { StoredRecord } from '@/lib/evidence/package/build-chain';
import { getPool } from '../database/pool';

const PAGE_RECORDS = 500;

/** Records [from, to] of a stream in order, page by page. */
export async function* readRecords(stream: string, from: number, to: number): AsyncGenerator<StoredRecord> {
  for (let next = from; next <= to; ) {
    const { rows } = await getPool().query<{
      position: number;
      envelope: Buffer;
      link: Buffer;
      accepted_at: Date;
    }>({
      name: 'read-records-for-evidence',
      text: `SELECT position, envelope, link, accepted_at FROM records
        WHERE stream = $1 AND position BETWEEN $2 AND $3 ORDER BY position LIMIT ${PAGE_RECORDS}`,
      values: [stream, next, to],
    });
    const last = rows.at(-1);
    if (!last) return;
    for (const { position, envelope, link, accepted_at } of rows)
      yield {
        position,
        bytes: new Uint8Array(envelope),
        link: new Uint8Array(link),
        acceptedAt: accepted_at.toISOString(),
      };
    next = last.position + 1;
  }
}
