import { Client, Pool } from 'pg';
import type { BenchConsole } from './bench-console';
import { createBenchProducer } from './bench-producer';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { createPoster } from './post-bytes';
import { percentile, spreadOf } from './statistics';

const OFFERED_PER_SECOND = 200;
const STREAMS = 20;
const REPETITIONS = 5;

interface Latency {
  p50: number;
  p99: number;
}

/**
 * One record per request, as on an agent's synchronous path, offered at a fixed rate whether or not earlier ones have
 * been answered; latency counts from the moment a request was due. The reference is a one-row INSERT of the same bytes,
 * committed over a pool of the same size, offered in the same way.
 */
export async function benchAppend(console: BenchConsole, seconds: number): Promise<BenchReport> {
  const producers = await Promise.all(Array.from({ length: STREAMS }, (_, n) => createBenchProducer(n + 1)));
  const owner = new Client({ connectionString: console.ownerUrl });
  await owner.connect();
  await owner.query('CREATE TABLE bench_reference (id bigint PRIMARY KEY, body bytea NOT NULL)');
  const pool = new Pool({ connectionString: console.ownerUrl, max: 12, options: '-c synchronous_commit=on' });
  const count = Math.max(OFFERED_PER_SECOND, Math.round((seconds / REPETITIONS / 2) * OFFERED_PER_SECOND));
  let rowId = 0;
  const insertOnce = async (body: Buffer) => {
    rowId += 1;
    await pool.query({
      name: 'bench-reference',
      text: 'INSERT INTO bench_reference (id, body) VALUES ($1, $2)',
      values: [rowId, body],
    });
  };
  const append = async (bodies: readonly Buffer[]) => {
    const { post, close } = createPoster(console.origin);
    const latency = await offer(bodies, async (body) => {
      const { status, text } = await post('application/vnd.dsse+json', body);
      if (status !== 201) throw new Error(`The console answered ${status}: ${text.slice(0, 300)}`);
    });
    close();
    return latency;
  };
  const makeBodies = () =>
    Array.from({ length: count }, (_, i) =>
      (producers[i % STREAMS] as (typeof producers)[number]).nextRecord(),
    );
  const pairs: { append: Latency; reference: Latency }[] = [];
  let records = count;
  try {
    await offer(makeReferenceBodies(count), insertOnce);
    await append(makeBodies());
    for (let n = 0; n < REPETITIONS; n++) {
      const reference = await offer(makeReferenceBodies(count), insertOnce);
      pairs.push({ append: await append(makeBodies()), reference });
      records += count;
    }
  } finally {
    await pool.end();
    await owner.end();
  }
  const p50 = spreadOf(pairs.map(({ append, reference }) => append.p50 / reference.p50));
  const p99 = spreadOf(pairs.map(({ append, reference }) => append.p99 / reference.p99));
  const row = (figure: string, pick: (pair: (typeof pairs)[number]) => number) => ({
    figure,
    unit: 'ms',
    spread: spreadOf(pairs.map(pick)),
  });
  return {
    name: 'append',
    work: `one signed decision record per HTTP request, ${OFFERED_PER_SECOND}/s offered over ${STREAMS} streams: verified, chained, projected, committed, answered`,
    reference:
      'a one-row INSERT of as many bytes, committed, over a pool of the same size at the same offered rate',
    repetitions: REPETITIONS,
    records,
    conditions: [
      console.durability,
      describeMachine(),
      'latency from the moment a request was due, so waiting behind others counts',
    ],
    notIncluded: ['making and signing the records', 'TLS', 'a network between them'],
    rows: [
      row('append p50', ({ append }) => append.p50),
      row('append p99', ({ append }) => append.p99),
      row('reference p50', ({ reference }) => reference.p50),
      row('reference p99', ({ reference }) => reference.p99),
    ],
    ratios: [
      { figure: 'p50 ÷ reference', spread: p50, goal: '≤ 3', reached: p50.median <= 3 },
      { figure: 'p99 ÷ reference', spread: p99, goal: '≤ 6', reached: p99.median <= 6 },
    ],
  };
}

/** As many bytes as a record, which the reference table does not look into. */
function makeReferenceBodies(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => Buffer.alloc(1_900, i));
}

async function offer(bodies: readonly Buffer[], send: (body: Buffer) => Promise<void>): Promise<Latency> {
  const start = performance.now();
  const everyMs = 1000 / OFFERED_PER_SECOND;
  const latencies: number[] = [];
  await Promise.all(
    bodies.map(async (body, i) => {
      const due = start + i * everyMs;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      // A timer may fire early; a request that is sent before it is due has not waited.
      const from = Math.min(due, performance.now());
      await send(body);
      latencies.push(performance.now() - from);
    }),
  );
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
