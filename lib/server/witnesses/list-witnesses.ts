import { decideWitnessState } from '@/lib/evidence/witness-state';
import type { WitnessHealth, WitnessView } from '@/lib/evidence/witness-view';
import type { WitnessReport, WitnessType } from '@/lib/integrity/witness/witness-report';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import type { Tx } from '../database/transaction';
import { adapterOf } from './adapters';
import { listWitnessRows } from './witness-row';
import { openSecrets } from './witness-secrets';

interface Row {
  name: string;
  type: WitnessType;
  demo: boolean;
  enabled: boolean;
  every_seconds: number;
  last_size: number | null;
  last_at: Date | null;
  backlog: number;
  uncovered_since: Date | null;
  pending: number;
  attempts: number | null;
  last_error: string | null;
  last_error_at: Date | null;
  next_at: Date | null;
  size: number | null;
  state: 'complete' | 'pending' | null;
  verified_at: Date | null;
  witnessed_at: Date | null;
  report: WitnessReport | null;
  authority: string | null;
}

/** Every witness, how it does, and what was found of its newest receipt when that was verified; in name order. */
export async function listWitnessHealth(
  { nowMs = clockNowMs() }: { nowMs?: number } = {},
  tx: Tx = getPool(),
): Promise<WitnessHealth[]> {
  const rows = await tx.query<Row>({
    name: 'witness-health',
    text: `SELECT w.name, w.type, w.demo, w.enabled, w.every_seconds,
        valid.size AS last_size, valid.verified_at AS last_at,
        (SELECT count(*)::bigint FROM checkpoints c WHERE c.size > coalesce(valid.size, 0)) AS backlog,
        (SELECT c.created_at FROM checkpoints c WHERE c.size > coalesce(valid.size, 0) ORDER BY c.size LIMIT 1) AS uncovered_since,
        (SELECT count(*)::bigint FROM witness_jobs p WHERE p.witness = w.name AND p.kind = 'upgrade') AS pending,
        j.attempts, j.last_error, j.last_error_at, j.next_at,
        newest.size, newest.state, newest.verified_at, newest.witnessed_at, newest.report, newest.authority
      FROM witnesses w
      LEFT JOIN LATERAL (SELECT r.size, r.verified_at FROM receipts r
        WHERE r.witness = w.name AND r.state = 'complete' ORDER BY r.size DESC LIMIT 1) AS valid ON true
      LEFT JOIN LATERAL (SELECT r.* FROM receipts r
        WHERE r.witness = w.name AND r.size = greatest(
          (SELECT max(c.size) FROM receipts c WHERE c.witness = w.name AND c.state = 'complete'),
          (SELECT max(p.size) FROM receipts p WHERE p.witness = w.name AND p.state = 'pending'))
        ORDER BY r.n DESC LIMIT 1) AS newest ON true
      LEFT JOIN LATERAL (SELECT k.attempts, k.last_error, k.last_error_at, k.next_at FROM witness_jobs k
        WHERE k.witness = w.name ORDER BY (k.kind = 'stamp') DESC, k.size DESC LIMIT 1) AS j ON true
      ORDER BY w.name`,
  });
  return rows.rows.map((row) => formatHealth(row, nowMs));
}

function formatHealth(row: Row, nowMs: number): WitnessHealth {
  const instant = (at: Date | null) => at?.toISOString() ?? null;
  const { size, state, report, verified_at } = row;
  return {
    name: row.name,
    type: row.type,
    demo: row.demo,
    enabled: row.enabled,
    state: decideWitnessState({
      type: row.type,
      enabled: row.enabled,
      everySeconds: row.every_seconds,
      uncoveredSinceMs: row.uncovered_since?.getTime() ?? null,
      attempts: row.attempts ?? 0,
      lastError: row.last_error,
      nowMs,
    }),
    lastSize: row.last_size,
    lastAt: instant(row.last_at),
    backlog: row.backlog,
    pending: row.pending,
    lastError: row.last_error,
    lastErrorAt: instant(row.last_error_at),
    nextAt: instant(row.next_at),
    latest:
      size !== null && state && report && verified_at
        ? {
            size,
            state,
            verdict: report.verdict,
            checks: [...report.checks],
            verifiedAt: verified_at.toISOString(),
            witnessedAt: instant(row.witnessed_at),
            authority: row.authority ?? '',
          }
        : null,
  };
}

/** The same with the settings, for whoever may see them; of secrets only the names. */
export async function listWitnesses({
  nowMs = clockNowMs(),
}: {
  nowMs?: number;
} = {}): Promise<WitnessView[]> {
  const [health, rows] = await Promise.all([listWitnessHealth({ nowMs }), listWitnessRows()]);
  return rows.flatMap((row) => {
    const own = health.find(({ name }) => name === row.name);
    if (!own) return [];
    const fields = adapterOf(row.type, row.settings)?.secretFields ?? [];
    const secrets = row.secrets ? (openSecrets(row.name, new Uint8Array(row.secrets)) ?? {}) : {};
    return [
      {
        ...own,
        everySeconds: row.every_seconds,
        allowPrivate: row.allow_private,
        settings: row.settings,
        secrets: fields.filter((field) => Object.hasOwn(secrets, field)),
        addedAt: row.added_at.toISOString(),
      },
    ];
  });
}
