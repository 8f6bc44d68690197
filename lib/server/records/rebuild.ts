import { projectRecord } from '@/lib/producers/project-record';
import { nowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { foldDay, listDaysToFold, lockFolds } from './fold-days';
import { insertStatement } from './insert-statement';
import { joinLateMarks } from './join-late-marks';
import { projectionInserts } from './projection-inserts';
import { readStoredRecord } from './read-stored-record';

/** Derived from records alone, so that they may be thrown away and made again. */
export const PROJECTION_TABLES = [
  'decisions',
  'decision_subjects',
  'decision_marks',
  'late_marks',
  'edges',
  'rollups',
  'rollup_days',
  'rollup_late',
  'rollup_folds',
  'rollup_pairs',
  'versions',
  'version_uses',
  'guardrail_rollups',
  'changes',
] as const;

const PAGE_RECORDS = 1_000;

/**
 * `countersign rebuild`: throws the projections away and derives them again from the records, all in one transaction,
 * so that readers see the old ones until the new ones are whole. Appends wait meanwhile.
 * @param onProgress told the number of records read so far
 * @returns number of records read
 */
export async function rebuildProjections(onProgress: (records: number) => void = () => {}): Promise<number> {
  return inTransaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    // Every append locks its stream's row first; this lock lets none begin and waits for those that have.
    await tx.query('LOCK TABLE streams IN EXCLUSIVE MODE');
    await lockFolds(tx);
    for (const table of PROJECTION_TABLES) {
      // What a version said in full is not in the records, which hold its digest; such rows stay.
      const some = table === 'versions' ? 'WHERE content IS NULL' : '';
      await tx.query(`DELETE FROM ${table} ${some}`);
    }
    const streams = await tx.query<{ stream: string; tenant: string }>(
      'SELECT stream, tenant FROM streams ORDER BY stream',
    );
    const at = nowMs();
    let records = 0;
    for (const { stream, tenant } of streams.rows) {
      for (let position = 0; ; ) {
        const last = await rebuildPage(tx, { stream, tenant, nowMs: at }, position);
        if (last === null) break;
        records += last - position;
        position = last;
        onProgress(records);
      }
    }
    // Each mark once: a try makes it due again only after this moment.
    while ((await joinLateMarks(tx, at)) > 0);
    for (const day of await listDaysToFold(tx, { nowMs: at, quietMs: 0 })) await foldDay(tx, day);
    return records;
  });
}

/** Projects the page after `position`; its last position, or null when there is none. */
async function rebuildPage(
  tx: Tx,
  scope: { stream: string; tenant: string; nowMs: number },
  position: number,
): Promise<number | null> {
  const rows = await tx.query<{ position: number; envelope: Buffer }>({
    name: 'rebuild-page',
    text: `SELECT position, envelope FROM records WHERE stream = $1 AND position > $2
      ORDER BY position LIMIT ${PAGE_RECORDS}`,
    values: [scope.stream, position],
  });
  const last = rows.rows.at(-1);
  if (!last) return null;
  const batch = rows.rows.map((row) => ({
    position: row.position,
    projection: projectRecord(readStoredRecord(new Uint8Array(row.envelope))),
  }));
  await tx.query(
    insertStatement(projectionInserts(scope, batch), { name: 'rebuild', text: 'SELECT 1', values: [] }),
  );
  return last.position;
}
