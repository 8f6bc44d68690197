import { DEFAULT_SCHEDULE, type RetentionSchedule, retentionSchedule } from '@/lib/retention/schedule';
import type { Tx } from '../database/transaction';

export interface ActiveSchedule {
  /** 0: the default, which nobody has set. */
  version: number;
  schedule: RetentionSchedule;
  setBy: string | null;
  setAt: Date | null;
}

/** The retention schedule of a tenant that is in force. */
export async function findSchedule(tx: Tx, tenant: string): Promise<ActiveSchedule> {
  const found = await tx.query<{ version: number; document: unknown; set_by: string; set_at: Date }>(
    'SELECT version, document, set_by, set_at FROM retention_schedules WHERE tenant = $1 ORDER BY version DESC LIMIT 1',
    [tenant],
  );
  const row = found.rows[0];
  if (!row) return { version: 0, schedule: DEFAULT_SCHEDULE, setBy: null, setAt: null };
  const schedule = retentionSchedule.parse(row.document);
  return { version: row.version, schedule, setBy: row.set_by, setAt: row.set_at };
}
