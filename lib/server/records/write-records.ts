import { formatInstant } from '@/lib/core/instant';
import { nextLink, recordDigest } from '@/lib/integrity/chain';
import type { Projection } from '@/lib/producers/projection';
import type { Tx } from '../database/transaction';
import { arrayLiteral } from './array-literal';
import { insertStatement, type Statement } from './insert-statement';
import type { StreamHead } from './lock-stream';
import { projectionInserts } from './projection-inserts';

/** A record whose envelope, signature and schema were checked; `bytes` are stored as they arrived. */
export interface CheckedRecord {
  bytes: Uint8Array;
  id: string;
  kind: string;
  seq: number;
  projection: Projection;
}

export interface WrittenRecord {
  position: number;
  link: Uint8Array;
}

const LINK_BYTES = 64;

/** All records of a batch travel as one binary parameter; rows are cut out of it by offset. */
const RECORDS_CTE = `records_in AS (
  INSERT INTO records (stream, position, tenant, id, kind, seq, occurred_at, accepted_at, envelope, link)
  SELECT $1::text, $2::bigint - $3::int + r.ord, $4::text, r.id, r.kind, r.seq, r.occurred_at, $5::timestamptz,
    substring($6::bytea FROM r.start FOR r.length), substring($7::bytea FROM (${LINK_BYTES} * (r.ord - 1) + 1)::int FOR ${LINK_BYTES})
  FROM unnest($8::text[], $9::text[], $10::bigint[], $11::timestamptz[], $12::int[], $13::int[])
    WITH ORDINALITY AS r(id, kind, seq, occurred_at, start, length, ord))`;

const HEAD_UPDATE = `UPDATE streams SET position = $2::bigint, link = $14::bytea, last_seq = $15::bigint, last_seen_at = $5::timestamptz
  WHERE stream = $1::text`;

/**
 * Appends checked records to a locked stream: links, rows, projections and the head, in one statement.
 * @param options.lastSeq the producer's highest counter after these records
 * @param options.written position and link of each, where they were told already (`follow`)
 * @returns position and link of each, in order, and the new head
 */
export async function writeRecords(
  tx: Tx,
  head: StreamHead,
  records: readonly CheckedRecord[],
  options: { acceptedAtMs: number; lastSeq: number; written?: WrittenRecord[] },
): Promise<{ written: WrittenRecord[]; head: StreamHead }> {
  if (records.length === 0) return { written: [], head };
  const written = options.written ?? chain(head, records);
  const last = written[written.length - 1] as WrittenRecord;
  const newHead = { ...head, position: last.position, link: last.link, lastSeq: options.lastSeq };
  const lengths = records.map((record) => record.bytes.length);
  let next = 1;
  const starts = lengths.map((length) => {
    const start = next;
    next += length;
    return start;
  });
  const base: Statement = {
    name: 'write-records',
    text: HEAD_UPDATE,
    values: [
      head.stream,
      last.position,
      records.length,
      head.tenant,
      formatInstant(options.acceptedAtMs),
      Buffer.concat(records.map((record) => record.bytes)),
      Buffer.concat(written.map((record) => record.link)),
      arrayLiteral(records.map((record) => record.id)),
      arrayLiteral(records.map((record) => record.kind)),
      arrayLiteral(records.map((record) => record.seq)),
      arrayLiteral(records.map((record) => record.projection.occurredAt)),
      arrayLiteral(starts),
      arrayLiteral(lengths),
      Buffer.from(last.link),
      options.lastSeq,
    ],
  };
  const statement = insertStatement(
    projectionInserts(
      { ...head, nowMs: options.acceptedAtMs },
      records.map((record, index) => ({
        position: (written[index] as WrittenRecord).position,
        projection: record.projection,
      })),
    ),
    base,
    RECORDS_CTE,
  );
  await tx.query(statement);
  return { written, head: newHead };
}

function chain(head: StreamHead, records: readonly CheckedRecord[]): WrittenRecord[] {
  let before: WrittenRecord = head;
  return records.map(({ bytes }) => {
    before = follow(before, bytes);
    return before;
  });
}

/** Place and link of the record that comes after `before`. */
export function follow(before: WrittenRecord, bytes: Uint8Array): WrittenRecord {
  const position = before.position + 1;
  return { position, link: nextLink(before.link, position, recordDigest(bytes)) };
}
