import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { getPool } from '@/lib/server/database/pool';
import { withProgress } from '../progress';
import { type BenchDatabase, openBenchDatabase } from './bench-database';
import { BENCH_TENANT } from './bench-producer';
import { foldLoadedDays, loadDecisions } from './load-decisions';

/**
 * A database of so many decisions, as far as they are searched and counted; their records and lineage are not loaded.
 * @param directory kept, so that what is loaded once serves several benchmarks; without it a fresh one
 */
export async function openLoadedDatabase(
  origin: string,
  total: number,
  directory: string | undefined,
): Promise<BenchDatabase> {
  const kept = directory === undefined ? undefined : join(directory, String(total));
  const done = kept === undefined ? null : join(kept, 'loaded');
  const isLoaded = done !== null && existsSync(done);
  // What a load that was cut short left behind.
  if (kept !== undefined && !isLoaded) rmSync(kept, { recursive: true, force: true });
  const database = await openBenchDatabase(origin, kept);
  try {
    if (isLoaded) await foldLoadedDays();
    else await load(database.ownerUrl, total);
    if (done !== null) writeFileSync(done, '');
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function load(ownerUrl: string, total: number): Promise<void> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    // A load that was cut short begins again.
    await owner.query(
      'TRUNCATE decisions, decision_subjects, decision_marks, rollups, rollup_days, rollup_late, rollup_folds, rollup_pairs, versions',
    );
    await getPool().query(
      'INSERT INTO tenants (id, name, created_at) VALUES ($1, $1, now()) ON CONFLICT DO NOTHING',
      [BENCH_TENANT],
    );
    await withProgress(`Loading ${total.toLocaleString('en')} decisions`, (note) =>
      loadDecisions(owner, {
        tenant: BENCH_TENANT,
        total,
        parts: 'search',
        onProgress: (decisions) => note(decisions.toLocaleString('en')),
        onIndex: (name) => note(`index ${name}`),
      }),
    );
  } finally {
    await owner.end();
  }
}
