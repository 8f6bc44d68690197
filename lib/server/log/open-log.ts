import { signCheckpoint } from '@/lib/integrity/checkpoint';
import { EMPTY_EDGE, formatEdge } from '@/lib/integrity/edge';
import { EMPTY_ROOT } from '@/lib/integrity/merkle';
import { nowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { LOG_NAME, logSigner } from './log-head';

/** Creates the log with the checkpoint of the empty tree, unless it exists. */
export async function openLog(): Promise<void> {
  await inTransaction(async (tx) => {
    const at = new Date(nowMs());
    const created = await tx.query(
      `INSERT INTO log_heads (log, size, edge, checkpoint_size, checkpoint_at) VALUES ($1, 0, $2, 0, $3)
       ON CONFLICT (log) DO NOTHING`,
      [LOG_NAME, Buffer.from(formatEdge(EMPTY_EDGE)), at],
    );
    if (!created.rowCount) return;
    await tx.query('INSERT INTO checkpoints (size, root, note, created_at) VALUES (0, $1, $2, $3)', [
      Buffer.from(EMPTY_ROOT),
      Buffer.from(signCheckpoint({ origin: logSigner().name, size: 0, root: EMPTY_ROOT }, logSigner())),
      at,
    ]);
  });
}
