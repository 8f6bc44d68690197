import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { requireProducerRow } from '../producers/require-producer-row';
import { newId } from '../random';
import { journal } from '../records/journal';

/**
 * Says how often a producer should be heard, or takes that back; a record. Saying the same again changes nothing. The
 * caller has authorised `by` as an administrator of the tenant.
 * @throws ServiceError `producer_unknown`, `producer_disabled`
 */
export async function setRhythm(
  input: { tenant: string; producer: string; expectedSeconds: number | null; by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const { tenant, producer, expectedSeconds, by } = input;
  await inTransaction(async (tx) => {
    await requireProducerRow(tx, input);
    const found = await tx.query<{ expected_seconds: number }>(
      'SELECT expected_seconds FROM producer_rhythms WHERE producer = $1',
      [producer],
    );
    const before = found.rows[0]?.expected_seconds ?? null;
    if (before === expectedSeconds) return;
    if (expectedSeconds === null)
      await tx.query('DELETE FROM producer_rhythms WHERE producer = $1', [producer]);
    else
      await tx.query(
        `INSERT INTO producer_rhythms (producer, expected_seconds, changed_by, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (producer) DO UPDATE SET expected_seconds = EXCLUDED.expected_seconds,
           changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at`,
        [producer, expectedSeconds, by, new Date(nowMs)],
      );
    await journal(tx, {
      tenant,
      kind: 'producer.changed',
      id: newId('rec', nowMs),
      body: {
        producer,
        by,
        ...(before === null ? {} : { expected_seconds_before: before }),
        ...(expectedSeconds === null ? {} : { expected_seconds: expectedSeconds }),
      },
      occurredAtMs: nowMs,
    });
  });
}
