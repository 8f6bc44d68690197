import { formatHex } from '@/lib/core/encoding';
import { edgeRoot, formatEdge } from '@/lib/integrity/edge';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { LogInconsistency } from './log-error';
import { LOG_NAME } from './log-head';
import { verifyStoredLog } from './verify-stored-log';

export interface LogRecovery {
  /** Why it had halted. */
  haltedCode: string;
  size: number;
  checkpoints: number;
}

/**
 * Starts a halted log again, when everything it ever signed is still what its entries give. The head's edge, which follows
 * from the entries under the signed root, is written anew; nothing else is ever mended here: what does not fit is
 * restored by its operator, and until then the log stays halted. Every organisation's journal tells of it.
 * @throws ServiceError `log_running`, `log_unsound`
 */
export async function recoverLog(by: string, { nowMs = clockNowMs() } = {}): Promise<LogRecovery> {
  try {
    return await inTransaction((tx) => recoverIn(tx, by, nowMs));
  } catch (error) {
    if (!(error instanceof LogInconsistency)) throw error;
    await getPool().query(
      'UPDATE log_heads SET halted_code = $2 WHERE log = $1 AND halted_code IS NOT NULL',
      [LOG_NAME, error.code],
    );
    throw new ServiceError('log_unsound', `${error.message}.`, { cause: error });
  }
}

async function recoverIn(tx: Tx, by: string, nowMs: number): Promise<LogRecovery> {
  await tx.query("SET LOCAL statement_timeout = '30min'");
  await tx.query("SET LOCAL idle_in_transaction_session_timeout = '30min'");
  const head = await tx.query<{ size: number; halted_code: string | null }>(
    'SELECT size, halted_code FROM log_heads WHERE log = $1 FOR UPDATE',
    [LOG_NAME],
  );
  const haltedCode = head.rows[0]?.halted_code;
  if (!head.rows[0] || !haltedCode) throw new ServiceError('log_running', 'The log is not halted.');
  const { edge, checkpoints } = await verifyStoredLog(tx);
  if (edge.size !== head.rows[0].size)
    throw new LogInconsistency(
      'entries_beyond_head',
      `the head counts ${head.rows[0].size}, the log ${edge.size}`,
    );
  await tx.query('UPDATE log_heads SET halted_code = NULL, edge = $2, checkpoint_size = $3 WHERE log = $1', [
    LOG_NAME,
    Buffer.from(formatEdge(edge)),
    edge.size,
  ]);
  const tenants = await tx.query<{ id: string }>('SELECT id FROM tenants ORDER BY id');
  for (const { id: tenant } of tenants.rows) {
    await journal(tx, {
      tenant,
      kind: 'verification',
      id: newId('rec', nowMs),
      body: {
        log: LOG_NAME,
        halted: haltedCode,
        resolution: 'cleared',
        size: edge.size,
        root: `sha-256:${formatHex(edgeRoot(edge))}`,
        checkpoints,
        by,
      },
      occurredAtMs: nowMs,
    });
  }
  return { haltedCode, size: edge.size, checkpoints };
}
