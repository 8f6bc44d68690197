import { randomBytes } from 'node:crypto';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash } from '@/lib/integrity/merkle';
import { getPool } from '@/lib/server/database/pool';
import { inTransaction } from '@/lib/server/database/transaction';
import { lockLogHead } from '@/lib/server/log/log-head';
import { openLog } from '@/lib/server/log/open-log';
import type { LogRun } from '@/lib/server/log/read-backlog';
import { integrate, sequence } from '@/lib/server/log/sequence';
import { openBenchDatabase } from './bench-database';
import type { BenchReport } from './bench-report';
import { describeMachine } from './describe-machine';
import { spreadOf } from './statistics';

const LEAVES = 100_000;
const STREAMS = 4;
const REPETITIONS = 5;
const SMALL = 1_000;
const SMALL_REPETITIONS = 21;
const SMALL_WARM_UP = 20;
const BIG_LOG = 10_000_000;
/** Leaves of one transaction while the big log is made. */
const GROW_BY = 65_536;
/** Bytes of a stored record, so that rows are as wide as in use. */
const RECORD_BYTES = 1_600;

/**
 * The sequencer alone: waiting records become leaves, tiles and a signed checkpoint, each pass committed and synced. The
 * reference hashes the same leaves and does nothing else. Then a thousand leaves at a time, into a log that has just
 * begun and into one of ten million.
 */
export async function benchSequence(): Promise<BenchReport> {
  const database = await openBenchDatabase('http://127.0.0.1:3000');
  try {
    await openLog();
    await addRecords(1);
    await drain();
    const small = await measureSmall();
    const pairs: { sequenced: number; hashed: number }[] = [];
    for (let n = 0; n < REPETITIONS; n++) {
      await addRecords(LEAVES);
      const hashed = measureHashing(await waitingEntries());
      pairs.push({ sequenced: await timed(drain), hashed });
    }
    const size = await growLog(BIG_LOG);
    const big = await measureSmall();
    const ratio = spreadOf(pairs.map(({ sequenced, hashed }) => sequenced / hashed));
    const flat = spreadOf(big.map((ms) => ms / spreadOf(small).median));
    const row = (figure: string, values: readonly number[]) => ({
      figure,
      unit: 'ms',
      spread: spreadOf(values),
    });
    return {
      name: 'sequence',
      work: `${LEAVES.toLocaleString('en')} waiting records of ${STREAMS} streams integrated: leaves, entries, tiles and signed checkpoints, committed`,
      reference: 'SHA-256 of the same leaves in this process, one after the other, and nothing else',
      repetitions: REPETITIONS,
      records: LEAVES * REPETITIONS,
      conditions: [
        database.durability,
        describeMachine(),
        `the larger log was grown to ${size.toLocaleString('en')} leaves by the same transaction with made-up leaves`,
        'the ratio of logs divides each pass into the larger by the median into the smaller',
      ],
      notIncluded: ['appending the records', 'witnesses', 'serving tiles'],
      rows: [
        row(
          'sequenced',
          pairs.map(({ sequenced }) => sequenced),
        ),
        row(
          'hashed',
          pairs.map(({ hashed }) => hashed),
        ),
        row(`${SMALL.toLocaleString('en')} leaves, log just begun`, small),
        row(`${SMALL.toLocaleString('en')} leaves, log of ten million`, big),
      ],
      ratios: [
        { figure: 'sequenced ÷ hashed', spread: ratio, goal: '≤ 4', reached: ratio.median <= 4 },
        {
          figure: 'ten million ÷ just begun',
          spread: flat,
          goal: '≤ 1.2',
          reached: flat.median <= 1.2,
        },
      ],
    };
  } finally {
    await database.stop();
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Sequences until nothing waits. */
async function drain(): Promise<void> {
  for (;;) {
    const pass = await sequence({ force: true });
    if (pass.outcome !== 'published' || pass.remaining === 0) return;
  }
}

/** The first passes, while statements are prepared and caches filled, do not count. */
async function measureSmall(): Promise<number[]> {
  const passes: number[] = [];
  for (let n = 0; n < SMALL_WARM_UP + SMALL_REPETITIONS; n++) {
    await addRecords(SMALL);
    passes.push(await timed(drain));
  }
  return passes.slice(SMALL_WARM_UP);
}

/** Rows as the append path leaves them, as far as the sequencer reads them: heads, and records with a link. */
async function addRecords(count: number): Promise<void> {
  const each = Math.ceil(count / STREAMS);
  await getPool().query(
    `INSERT INTO streams (stream, tenant, producer, position, link, last_seq, last_seen_at)
     SELECT 'bench/' || s, 'bench', 'bench', 0, '', 0, now() FROM generate_series(1, ${STREAMS}) s ON CONFLICT DO NOTHING`,
  );
  await getPool().query(
    `INSERT INTO records (stream, position, tenant, id, kind, seq, occurred_at, accepted_at, envelope, link)
     SELECT s.stream, s.position + n, 'bench', s.stream || s.position + n, 'decision', s.position + n, now(), now(),
       convert_to(repeat('x', ${RECORD_BYTES}), 'utf8'), sha512(convert_to(s.stream || s.position + n, 'utf8'))
     FROM streams s, generate_series(1, $1::int) n WHERE s.tenant = 'bench'`,
    [each],
  );
  await getPool().query(`UPDATE streams SET position = position + $1 WHERE tenant = 'bench'`, [each]);
}

/** The entries that wait, formatted. */
async function waitingEntries(): Promise<Uint8Array[]> {
  const rows = await getPool().query<{ stream: string; position: number; link: Buffer }>(
    `SELECT r.stream, r.position, r.link FROM records r JOIN stream_integrations i USING (stream)
      WHERE r.position > i.position`,
  );
  return rows.rows.map(({ stream, position, link }) =>
    formatEntry({ stream, position, link: new Uint8Array(link) }),
  );
}

function measureHashing(entries: readonly Uint8Array[]): number {
  const start = performance.now();
  for (const entry of entries) leafHash(entry);
  return performance.now() - start;
}

/** Integrates made-up leaves of a stream of their own until the log has at least `size`. */
async function growLog(size: number): Promise<number> {
  const stream = 'bench/history';
  let position = 0;
  for (;;) {
    const reached = await inTransaction(async (tx) => {
      const head = await lockLogHead(tx);
      if (!head) throw new Error('bench sequence: the log stands still');
      const count = Math.min(GROW_BY, size - head.edge.size);
      if (count <= 0) return head.edge.size;
      await tx.query(
        `INSERT INTO streams (stream, tenant, producer, position, link, last_seq, last_seen_at)
         VALUES ($1, 'history', 'history', $2, '', $2, now()) ON CONFLICT (stream) DO UPDATE SET position = EXCLUDED.position`,
        [stream, position + count],
      );
      const run: LogRun = {
        stream,
        position: position + 1,
        count,
        leaves: new Uint8Array(randomBytes(32 * count)),
      };
      const grown = await integrate(tx, head, [run], head.checkpointAtMs);
      position += count;
      return grown;
    });
    if (reached >= size) return reached;
  }
}
