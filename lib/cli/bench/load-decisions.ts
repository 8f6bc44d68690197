import type { Client } from 'pg';
import { utf8 } from '@/lib/core/bytes';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { RECORD_PAYLOAD_TYPE } from '@/lib/integrity/dsse';
import { projectDecision } from '@/lib/producers/project-decision';
import type { Projection } from '@/lib/producers/projection';
import { foldDueDays } from '@/lib/server/records/fold-days';
import { insertStatement, type TableInsert } from '@/lib/server/records/insert-statement';
import { projectionInserts } from '@/lib/server/records/projection-inserts';
import { BENCH_END_MS, BENCH_STREAMS, benchDecision, benchStream } from './bench-decision';
import { copyIn, copyValue } from './copy-in';
import type { createSigner } from './create-signer';
import { dropIndexes } from './drop-indexes';

/** One row a decision, or a few: these travel by COPY. What is counted goes through the append's own upserts. */
const COPIED = ['decisions', 'decision_subjects', 'decision_marks', 'edges'] as const;
const RECORD_COLUMNS = [
  'stream',
  'position',
  'tenant',
  'id',
  'kind',
  'seq',
  'occurred_at',
  'accepted_at',
  'envelope',
  'link',
];
const BATCH = 2_000;
const DAY_MS = 86_400_000;

export interface LoadOptions {
  tenant: string;
  total: number;
  /** What is loaded of each decision: its record and lineage too, or only what is searched and counted. */
  parts: 'everything' | 'search';
  /** With `everything`: who signs the records of a stream, and when they were accepted. */
  signers?: readonly { keyid: string; sign: ReturnType<typeof createSigner> }[];
  acceptedAt?: string;
  onProgress?: (decisions: number) => void;
  onIndex?: (name: string) => void;
}

interface Batch {
  stream: string;
  decisions: ReturnType<typeof benchDecision>[];
  /** Position of the first. */
  from: number;
  projections: { position: number; projection: Projection }[];
}

/**
 * Writes the decisions of `benchDecision` as the append path would: the same projection, the same rows, by COPY, with
 * indexes made afterwards. `owner` is the database's owner, over a connection of its own. A test appends a sample both
 * ways and compares every table.
 */
export async function loadDecisions(owner: Client, options: LoadOptions): Promise<void> {
  const tables = options.parts === 'everything' ? [...COPIED, 'records'] : [...COPIED];
  const restore = await dropIndexes(owner, tables);
  await copyDecisions(owner, options);
  await owner.query(`SET maintenance_work_mem = '512MB'; SET statement_timeout = 0`);
  await restore((index) => options.onIndex?.(index));
  await foldLoadedDays();
  await owner.query('VACUUM (ANALYZE)');
}

/** Folds every day of the quarter as the console's service does, over the app's own pool; nothing where that is done. */
export async function foldLoadedDays(): Promise<void> {
  await foldDueDays({ nowMs: BENCH_END_MS + 2 * DAY_MS });
}

/** The rows alone, of all streams or of some. */
export async function copyDecisions(
  owner: Client,
  options: LoadOptions & { streams?: number[] },
): Promise<void> {
  await owner.query('SET synchronous_commit = off; SET statement_timeout = 0');
  const links = Array.from({ length: BENCH_STREAMS }, (_, n) => genesisLink(benchStream(n)));
  let done = 0;
  for (const batch of batches(options.total, options.streams)) {
    await writeProjections(owner, batch, options);
    if (options.parts === 'everything') await writeRecords(owner, batch, links, options);
    done += batch.decisions.length;
    options.onProgress?.(done);
  }
}

/** Stream by stream within each stretch of time, as producers that batch their records would send them. */
function* batches(
  total: number,
  streams = Array.from({ length: BENCH_STREAMS }, (_, n) => n),
): Generator<Batch> {
  const each = Math.ceil(total / BENCH_STREAMS);
  for (let from = 0; from < each; from += BATCH) {
    for (const n of streams) {
      const decisions = [];
      for (let k = from; k < Math.min(from + BATCH, each); k++) {
        const i = k * BENCH_STREAMS + n;
        if (i < total) decisions.push(benchDecision(i, total));
      }
      if (decisions.length === 0) continue;
      const projections = decisions.map(({ id, occurredAt, body }, at) => ({
        position: from + at + 1,
        projection: projectDecision(id, occurredAt, body),
      }));
      yield { stream: benchStream(n), decisions, from: from + 1, projections };
    }
  }
}

async function writeProjections(client: Client, batch: Batch, { tenant, parts }: LoadOptions): Promise<void> {
  const inserts = projectionInserts({ tenant, stream: batch.stream, nowMs: BENCH_END_MS }, batch.projections);
  const isCopied = ({ table }: TableInsert) => (COPIED as readonly string[]).includes(table);
  for (const insert of inserts.filter(isCopied)) {
    if (parts === 'search' && insert.table === 'edges') continue;
    await copyInsert(client, insert);
  }
  await client.query(
    insertStatement(
      inserts.filter((insert) => !isCopied(insert)),
      { name: 'load-counts', text: 'SELECT 1', values: [] },
    ),
  );
}

async function copyInsert(client: Client, { table, constants, columns }: TableInsert): Promise<void> {
  const count = columns[0]?.[2].length ?? 0;
  if (count === 0) return;
  const names = [...constants, ...columns].map(([name]) => name);
  const start = constants.map(([, , value]) => copyValue(value as string)).join('\t');
  const lines = Array.from(
    { length: count },
    (_, row) => `${start}\t${columns.map(([, , values]) => copyValue(values[row])).join('\t')}\n`,
  );
  await copyIn(client, table, names, [lines.join('')]);
}

async function writeRecords(
  client: Client,
  batch: Batch,
  links: Uint8Array[],
  { tenant, signers, acceptedAt }: LoadOptions,
): Promise<void> {
  const n = Number(batch.stream.split('/').at(-1));
  const signer = signers?.[n];
  if (!signer || !acceptedAt) throw new Error('Loading records needs who signs them and when.');
  let link = links[n] as Uint8Array;
  const lines = batch.decisions.map(({ id, occurredAt, body }, at) => {
    const position = batch.from + at;
    const payload = utf8(
      JSON.stringify({
        kind: 'decision',
        id,
        producer: batch.stream,
        stream: batch.stream,
        seq: position,
        occurred_at: occurredAt,
        body,
      }),
    );
    const envelope = Buffer.from(
      `{"payloadType":"${RECORD_PAYLOAD_TYPE}","payload":"${Buffer.from(payload).toString('base64')}","signatures":[{"keyid":"${signer.keyid}","sig":"${signer.sign(payload).toString('base64')}"}]}`,
    );
    link = nextLink(link, position, recordDigest(envelope));
    const bytes = (value: Uint8Array) => `\\\\x${Buffer.from(value).toString('hex')}`;
    return `${batch.stream}\t${position}\t${tenant}\t${id}\tdecision\t${position}\t${occurredAt}\t${acceptedAt}\t${bytes(envelope)}\t${bytes(link)}\n`;
  });
  links[n] = link;
  await copyIn(client, 'records', RECORD_COLUMNS, [lines.join('')]);
  const last = batch.from + batch.decisions.length - 1;
  await client.query(
    `INSERT INTO streams (stream, tenant, producer, position, link, last_seq, last_seen_at) VALUES ($1, $2, $1, $3, $4, $3, $5)
     ON CONFLICT (stream) DO UPDATE SET position = $3, link = $4, last_seq = $3, last_seen_at = $5`,
    [batch.stream, tenant, last, Buffer.from(link), acceptedAt],
  );
}
