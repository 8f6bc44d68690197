import type { WitnessHealth } from '@/lib/evidence/witness-view';
import { getPool } from '../database/pool';
import { getLogHealth } from '../log/get-log-health';

export interface Health {
  live: true;
  /** The database answers and the log was opened; requests can be served. */
  ready: boolean;
  chain: {
    streams: number;
    records: number /** Sequence numbers that producers skipped. */;
    missing: number;
  };
  log: { size: number; checkpointSize: number; checkpointAt: string | null; halted: string | null };
  witnesses: {
    ok: number;
    total: number;
    lastAt: string | null;
    unwitnessedSince: string | null;
    each: WitnessSummary[];
  };
  backlog: { records: number; pendingEscalations: number };
}

/** One witness in figures; `lastError` is a code. */
type WitnessSummary = Pick<
  WitnessHealth,
  'name' | 'type' | 'state' | 'lastSize' | 'lastAt' | 'backlog' | 'lastError'
>;

const UNREADY: Health = {
  live: true,
  ready: false,
  chain: { streams: 0, records: 0, missing: 0 },
  log: { size: 0, checkpointSize: 0, checkpointAt: null, halted: null },
  witnesses: { ok: 0, total: 0, lastAt: null, unwitnessedSince: null, each: [] },
  backlog: { records: 0, pendingEscalations: 0 },
};

/** The console's state in totals, nothing of any tenant. Never throws: a database that is away is "not ready". */
export async function getHealth(): Promise<Health> {
  try {
    const [log, totals] = await Promise.all([getLogHealth(), readTotals()]);
    return {
      live: true,
      ready: log.checkpointAt !== null,
      chain: { streams: totals.streams, records: totals.records, missing: totals.missing },
      log: {
        size: log.treeSize,
        checkpointSize: log.checkpointSize,
        checkpointAt: log.checkpointAt?.toISOString() ?? null,
        halted: log.haltedCode,
      },
      witnesses: {
        ok: log.witnesses.ok,
        total: log.witnesses.total,
        lastAt: log.witnesses.lastAt?.toISOString() ?? null,
        unwitnessedSince: log.witnesses.unwitnessedSince?.toISOString() ?? null,
        each: log.witnesses.each.map(({ name, type, state, lastSize, lastAt, backlog, lastError }) => ({
          name,
          type,
          state,
          lastSize,
          lastAt,
          backlog,
          lastError,
        })),
      },
      backlog: { records: log.backlogRecords, pendingEscalations: totals.pending },
    };
  } catch (error) {
    console.warn('health:', (error as { code?: string }).code ?? (error as Error).message);
    return UNREADY;
  }
}

interface Totals {
  streams: number;
  records: number;
  missing: number;
  pending: number;
}

/** From heads and partial indexes; no big table is scanned. */
async function readTotals(): Promise<Totals> {
  const rows = await getPool().query<Totals>({
    name: 'health-totals',
    text: `SELECT s.streams, s.records,
        (SELECT coalesce(sum(to_seq - from_seq + 1), 0)::bigint FROM stream_gaps) AS missing,
        (SELECT count(*)::int FROM escalations WHERE state = 'pending') AS pending
      FROM (SELECT count(*)::int AS streams, coalesce(sum(position), 0)::bigint AS records FROM streams) AS s`,
  });
  return rows.rows[0] as Totals;
}
