import { type FoundCondition, parseScope } from '@/lib/conditions/condition';
import type { SequenceGap } from '@/lib/producers/decide-sequence';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { newId } from '../random';
import { journal } from '../records/journal';

/** What was found, and in whose work. */
export interface Occasion {
  tenant: string;
  escalation?: string | undefined;
  decision?: string | undefined;
}

/**
 * Records conditions as open, each once: an `incident` in the chain and the row that stops tokens. One that is open
 * already stays as it is.
 * @returns how many were new
 */
export async function openConditions(
  occasion: Occasion,
  found: readonly FoundCondition[],
  { nowMs = clockNowMs() } = {},
): Promise<number> {
  return inTransaction(async (tx) => {
    let opened = 0;
    for (const condition of found) opened += (await openCondition(tx, occasion, condition, nowMs)) ? 1 : 0;
    return opened;
  });
}

async function openCondition(
  tx: Tx,
  { tenant, escalation, decision }: Occasion,
  condition: FoundCondition,
  nowMs: number,
): Promise<boolean> {
  const { code, scope, detail } = condition;
  // Whoever opens conditions of this tenant waits here; the unique index is the arbiter.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `countersign/conditions/${tenant}`,
  ]);
  const open = await tx.query(
    'SELECT 1 FROM integrity_conditions WHERE tenant = $1 AND code = $2 AND scope = $3 AND resolved_at IS NULL',
    [tenant, code, scope],
  );
  if (open.rowCount) return false;
  const id = newId('cnd', nowMs);
  const about = parseScope(scope);
  const gaps = about?.kind === 'stream' ? await listGaps(tx, about.stream) : [];
  const record = await journal(tx, {
    tenant,
    kind: 'incident',
    id: `incident:${code}:${id}`,
    body: {
      code,
      condition_id: id,
      scope,
      detail,
      ...(about?.kind === 'stream' || about?.kind === 'record' ? { stream: about.stream } : {}),
      escalation_id: escalation,
      decision_id: decision,
    },
    occurredAtMs: nowMs,
  });
  await tx.query(
    `INSERT INTO integrity_conditions
       (id, tenant, code, scope, detail, escalation, decision, opened_at, stream, position, gaps)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      id,
      tenant,
      code,
      scope,
      detail,
      escalation ?? null,
      decision ?? null,
      new Date(nowMs),
      record.stream,
      record.position,
      JSON.stringify(gaps),
    ],
  );
  return true;
}

/** The holes that a stream has now. */
export async function listGaps(tx: Tx, stream: string): Promise<SequenceGap[]> {
  const found = await tx.query<{ from_seq: number; to_seq: number }>(
    'SELECT from_seq, to_seq FROM stream_gaps WHERE stream = $1 ORDER BY from_seq',
    [stream],
  );
  return found.rows.map(({ from_seq, to_seq }) => ({ fromSeq: from_seq, toSeq: to_seq }));
}
