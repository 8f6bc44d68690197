import { createConformance } from '@/lib/contract/conform-lines';
import { conformanceLevel, gravestLevel } from '@/lib/contract/conformance';
import type { FindingSum, LaterRecord, ProducerConformance } from '@/lib/contract/conformance-view';
import { formatBase64 } from '@/lib/core/encoding';
import { readRecord } from '@/lib/decisions/read-record';
import { isLaterSchema } from '@/lib/decisions/record-payload';
import { getPool } from '../database/pool';
import { findEnvelopeKeys } from './find-envelope-keys';

const NEWEST = 200;
const MOST_STREAMS = 16;
const MOST_PATHS = 3;
const MOST_LATER = 5;

interface Row {
  stream: string;
  position: number;
  envelope: Buffer;
}

/** Looks at a producer's newest records, at most 200 over its streams. Null for a producer that is not this tenant's. */
export async function getConformance(tenant: string, producer: string): Promise<ProducerConformance | null> {
  const found = await getPool().query<{ name: string }>(
    'SELECT name FROM producers WHERE tenant = $1 AND id = $2',
    [tenant, producer],
  );
  const name = found.rows[0]?.name;
  if (name === undefined) return null;
  const keys = await findEnvelopeKeys(tenant, producer);
  const sums = new Map<string, FindingSum>();
  const later: ProducerConformance['later'] = { records: 0, examples: [] };
  let records = 0;
  let complete = 0;
  const conformance = createConformance(keys);
  for (const row of await readNewest(tenant, producer)) {
    const { findings, id = '' } = conformance.add(new Uint8Array(row.envelope));
    // The newest records begin in the middle of their stream; that is no finding about it.
    const told = findings.filter(({ code }) => code !== 'sequence_first');
    records += 1;
    const level = gravestLevel(told);
    if (level === 'complete' || level === 'advice') complete += 1;
    const laterRecord = readLater(row, id);
    if (laterRecord) {
      later.records += 1;
      later.examples = [laterRecord, ...later.examples].slice(0, MOST_LATER);
    }
    const { stream, position } = row;
    for (const code of new Set(told.map((one) => one.code))) {
      const these = told.filter((one) => one.code === code);
      const sum = sums.get(code) ?? {
        code,
        level: these[0]?.level ?? 'advice',
        records: 0,
        paths: [],
        example: { stream, position, id },
      };
      sum.records += 1;
      sum.example = { stream, position, id };
      for (const { path } of these)
        if (path !== undefined && sum.paths.length < MOST_PATHS && !sum.paths.includes(path))
          sum.paths.push(path);
      sums.set(code, sum);
    }
  }
  const order = (sum: FindingSum) => conformanceLevel.options.indexOf(sum.level);
  const findings = [...sums.values()].sort((a, b) => order(a) - order(b) || b.records - a.records);
  return { producer, name, records, complete, findings, later };
}

/**
 * Oldest first within each stream, so that sequence and time are told in their order. Positions have no holes: which 200
 * are the newest of each stream, in turn, is known before any record is read.
 */
async function readNewest(tenant: string, producer: string): Promise<Row[]> {
  const { rows } = await getPool().query<Row>(
    `WITH chosen AS (
       SELECT s.stream, s.head - back AS position FROM (
         SELECT stream, position AS head FROM streams WHERE tenant = $1 AND producer = $2 AND position > 0
          ORDER BY last_seen_at DESC, stream LIMIT ${MOST_STREAMS}) s
         CROSS JOIN generate_series(0, ${NEWEST - 1}) AS back
        WHERE back < s.head ORDER BY back, s.stream LIMIT ${NEWEST})
     SELECT r.stream, r.position, r.envelope FROM chosen c
       JOIN records r ON r.stream = c.stream AND r.position = c.position ORDER BY r.stream, r.position`,
    [tenant, producer],
  );
  return rows;
}

function readLater({ stream, position, envelope }: Row, id: string): LaterRecord | null {
  const read = readRecord({ envelope: formatBase64(new Uint8Array(envelope)) });
  if (!read.ok) return null;
  const { kind, schema_version } = read.value.payload;
  if (schema_version === undefined || !isLaterSchema(schema_version)) return null;
  return { stream, position, id, kind, schemaVersion: schema_version, text: read.value.text };
}
