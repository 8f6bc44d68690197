import type { CountedOutcomes, EscalationStates, GuardrailWindow } from '@/lib/analytics/change-comparison';
import type { OutcomeVerdict } from '@/lib/decisions/record-payload';
import { getPool } from '../database/pool';

/** Verdicts are given at human speed; more than this many in one window are not read one by one. */
const MOST_REVIEWS = 50_000;

export interface WindowCounts {
  outcomes: CountedOutcomes;
  guardrails: Map<string, GuardrailWindow>;
  /** Active milliseconds of each verdict, least first. */
  dwellMs: number[];
  escalations: EscalationStates;
}

/** What happened in a window of whole hours; `agents` null: of every agent. */
export async function countWindow(
  tenant: string,
  agents: readonly string[] | null,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<WindowCounts> {
  const values = [tenant, new Date(fromMs), new Date(toMs), agents];
  const [outcomes, guardrails, dwell, escalations] = await Promise.all([
    getPool().query<{ verdict: OutcomeVerdict; n: number }>(
      `SELECT verdict, sum(n)::bigint AS n FROM rollups WHERE tenant = $1 AND hour >= $2 AND hour < $3
          AND ($4::text[] IS NULL OR agent = ANY($4)) GROUP BY verdict`,
      values,
    ),
    getPool().query<GuardrailSqlRow>(
      `SELECT name, threshold, verdict, class, sum(n)::bigint AS n FROM guardrail_rollups
        WHERE tenant = $1 AND hour >= $2 AND hour < $3 AND ($4::text[] IS NULL OR agent = ANY($4))
        GROUP BY name, threshold, verdict, class ORDER BY name, class, threshold`,
      values,
    ),
    getPool().query<{ active_ms: number }>(
      `SELECT r.active_ms FROM reviews r JOIN escalations e ON e.id = r.escalation
        WHERE r.tenant = $1 AND r.decided_at >= $2 AND r.decided_at < $3 AND e.state <> 'pending' AND ($4::text[] IS NULL OR e.agent = ANY($4))
        ORDER BY r.active_ms LIMIT ${MOST_REVIEWS}`,
      values,
    ),
    getPool().query<{ state: keyof EscalationStates; n: number }>(
      `SELECT state, count(*)::bigint AS n FROM escalations
        WHERE tenant = $1 AND created_at >= $2 AND created_at < $3 AND ($4::text[] IS NULL OR agent = ANY($4))
        GROUP BY state`,
      values,
    ),
  ]);
  const counted: CountedOutcomes = { allow: 0, refuse: 0, escalate: 0, defer: 0, of: 0 };
  for (const { verdict, n } of outcomes.rows) {
    counted[verdict] += n;
    counted.of += n;
  }
  const states = { approved: 0, denied: 0, expired: 0, cancelled: 0, superseded: 0, pending: 0 };
  for (const { state, n } of escalations.rows) if (state in states) states[state] = n;
  return {
    outcomes: counted,
    guardrails: joinGuardrails(guardrails.rows),
    dwellMs: dwell.rows.map(({ active_ms }) => active_ms),
    escalations: states,
  };
}

interface GuardrailSqlRow {
  name: string;
  threshold: string;
  verdict: keyof GuardrailWindow['verdicts'];
  class: number;
  n: number;
}

function joinGuardrails(rows: readonly GuardrailSqlRow[]): Map<string, GuardrailWindow> {
  const found = new Map<string, GuardrailWindow>();
  for (const { name, threshold, verdict, class: scoreClass, n } of rows) {
    const known = found.get(name) ?? {
      classes: [],
      verdicts: { pass: 0, fail: 0, error: 0 },
      thresholds: [],
    };
    found.set(name, known);
    known.verdicts[verdict] += n;
    if (!known.thresholds.includes(threshold)) known.thresholds.push(threshold);
    const last = known.classes.at(-1);
    if (last?.scoreClass === scoreClass) last.n += n;
    else known.classes.push({ scoreClass, n });
  }
  return found;
}
