import { getPool } from '@/lib/server/database/pool';
import type { BenchConsole } from './bench-console';
import { type BenchProducer, createBenchProducer } from './bench-producer';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { measureVerify } from './measure-verify';
import { createPoster } from './post-bytes';
import { spreadOf } from './statistics';

const STREAMS = 4;
const BATCH_LINES = 1_000;
const REPETITIONS = 5;
const REFERENCE_MS = 1_500;
const NEWLINE = Buffer.from('\n');

interface Repetition {
  verifiesPerSecond: number;
  recordsPerSecond: number;
}

/**
 * Signed decision records over HTTP as NDJSON into four streams, until every one is durable. Each repetition measures
 * the reference first, with the server idle; records are signed before the clock starts.
 */
export async function benchIngest(console: BenchConsole, seconds: number): Promise<BenchReport> {
  const producers = await Promise.all(Array.from({ length: STREAMS }, (_, n) => createBenchProducer(n + 1)));
  // The first rounds fill caches and tell how many records fit into the time.
  let rate = await load(producers, console.origin, 2);
  rate = await load(producers, console.origin, 4);
  const repetitions: Repetition[] = [];
  let records = STREAMS * BATCH_LINES * 6;
  for (let n = 0; n < REPETITIONS; n++) {
    const verifiesPerSecond = measureVerify(REFERENCE_MS);
    const batches = Math.max(2, Math.round((rate * seconds) / REPETITIONS / STREAMS / BATCH_LINES));
    rate = await load(producers, console.origin, batches);
    records += STREAMS * BATCH_LINES * batches;
    repetitions.push({ verifiesPerSecond, recordsPerSecond: rate });
  }
  await requireStored(records);
  const ratio = spreadOf(repetitions.map((r) => r.recordsPerSecond / r.verifiesPerSecond));
  const sample = producers[0]?.nextRecord() ?? Buffer.alloc(0);
  const payload = JSON.parse(sample.toString()) as { payload: string };
  return {
    name: 'ingest',
    work: `signed decision records over HTTP as NDJSON (${BATCH_LINES} a request), ${STREAMS} streams: parsed, signature verified, chained, projected for search, lineage and rollups, committed`,
    reference: 'raw node:crypto Ed25519 verifies on one thread, same run, server idle',
    repetitions: REPETITIONS,
    records,
    conditions: [
      console.durability,
      `payload ${Buffer.from(payload.payload, 'base64').length} bytes, envelope ${sample.length} bytes`,
      describeMachine(),
      'every record was counted in the database afterwards',
    ],
    notIncluded: ['making and signing the records', 'TLS', 'a network between them'],
    rows: [
      { figure: 'ingest', unit: 'records/s', spread: spreadOf(repetitions.map((r) => r.recordsPerSecond)) },
      {
        figure: 'reference',
        unit: 'verifies/s',
        spread: spreadOf(repetitions.map((r) => r.verifiesPerSecond)),
      },
    ],
    ratios: [{ figure: 'ingest ÷ reference', spread: ratio, goal: '≥ 0.6', reached: ratio.median >= 0.6 }],
  };
}

/** Sends `batches` requests per stream, the streams side by side, each in order; records per second. */
async function load(producers: readonly BenchProducer[], origin: string, batches: number): Promise<number> {
  const bodies = producers.map((producer) => Array.from({ length: batches }, () => makeBatch(producer)));
  const { post, close } = createPoster(origin);
  const start = performance.now();
  const answers = await Promise.all(
    bodies.map(async (stream) => {
      const texts: string[] = [];
      for (const body of stream) {
        const { status, text } = await post('application/x-ndjson', body);
        if (status !== 200) throw new Error(`The console answered ${status}: ${text.slice(0, 300)}`);
        texts.push(text);
      }
      return texts;
    }),
  );
  const elapsedMs = performance.now() - start;
  close();
  for (const text of answers.flat()) requireAccepted(text);
  return (producers.length * batches * BATCH_LINES * 1000) / elapsedMs;
}

function makeBatch(producer: BenchProducer): Buffer {
  return Buffer.concat(Array.from({ length: BATCH_LINES }, () => [producer.nextRecord(), NEWLINE]).flat());
}

function requireAccepted(text: string): void {
  const lines = text.trimEnd().split('\n');
  const refused = lines.find((line) => !line.includes('"status":"accepted"') || line.includes('"note"'));
  if (lines.length !== BATCH_LINES || refused)
    throw new Error(`A record was not accepted: ${refused ?? 'missing'}`);
}

async function requireStored(records: number): Promise<void> {
  const rows = await getPool().query<{ stored: number; projected: number; counted: number }>(
    `SELECT (SELECT count(*) FROM records WHERE kind = 'decision') AS stored,
       (SELECT count(*) FROM decisions) AS projected, (SELECT sum(n)::bigint FROM rollups) AS counted`,
  );
  const { stored, projected, counted } = rows.rows[0] as {
    stored: number;
    projected: number;
    counted: number;
  };
  if (stored !== records || projected !== records || counted !== records)
    throw new Error(`Sent ${records} records; stored ${stored}, projected ${projected}, counted ${counted}.`);
}
