import {
  ACTIVE_CLASSES_S,
  type AttentionEventKind,
  type AttentionView,
  type DrillCounts,
  MOST_EVENTS,
} from '@/lib/attention/attention-view';
import { formatInstant } from '@/lib/core/instant';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { HAS_ENDED } from '../reviews/has-ended';
import { findFatigue } from './find-fatigue';
import { findLoad } from './find-load';

const DAY_MS = 86_400_000;

/** How awake reviewing is in one organisation, and what the system did about it. People stand by name. */
export async function getAttention(
  tenant: string,
  { days }: { days: number },
  { nowMs = clockNowMs() } = {},
): Promise<AttentionView> {
  const fromMs = nowMs - days * DAY_MS;
  const pool = getPool();
  const values = [tenant, new Date(fromMs), new Date(nowMs)];
  const [classes, hours, covered, drills, open, people, events] = await Promise.all([
    pool.query<{ class: number; n: number }>(
      `SELECT width_bucket(active_ms / 1000.0, $4::float8[]) AS class, count(*)::int AS n
         FROM reviews r WHERE tenant = $1 AND decided_at > $2 AND decided_at <= $3 AND ${HAS_ENDED} GROUP BY 1`,
      [...values, [...ACTIVE_CLASSES_S]],
    ),
    pool.query<{ hour: number; n: number }>(
      `SELECT extract(hour FROM decided_at AT TIME ZONE 'UTC')::int AS hour, count(*)::int AS n
         FROM reviews r WHERE tenant = $1 AND decided_at > $2 AND decided_at <= $3 AND ${HAS_ENDED} GROUP BY 1`,
      values,
    ),
    pool.query<{ n: number; of: number }>(
      `SELECT count(*) FILTER (WHERE m.required_sections <@ r.coverage)::int AS n, count(*)::int AS of
         FROM reviews r JOIN review_measures m ON m.escalation = r.escalation AND m.person = r.person AND m.tenant = r.tenant
        WHERE r.tenant = $1 AND r.decided_at > $2 AND r.decided_at <= $3 AND cardinality(m.required_sections) > 0
          AND ${HAS_ENDED}`,
      values,
    ),
    countDrills(tenant, values),
    pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM drills WHERE tenant = $1 AND state IN ('planned', 'waiting')`,
      [tenant],
    ),
    pool.query<{ person: string; name: string; verdicts: number; active_ms: number }>(
      `SELECT p.id AS person, p.name, count(*)::int AS verdicts, sum(r.active_ms)::float8 AS active_ms
         FROM reviews r JOIN people p ON p.id = r.person
        WHERE r.tenant = $1 AND r.decided_at > $2 AND r.decided_at <= $3 AND ${HAS_ENDED}
        GROUP BY p.id, p.name ORDER BY p.name, p.id`,
      values,
    ),
    pool.query<{
      id: string;
      kind: AttentionEventKind;
      reason_code: string;
      name: string;
      escalation: string | null;
      at: Date;
    }>(
      `SELECT r.id, r.kind, r.reason_code, p.name, r.escalation, r.at FROM attention_events r JOIN people p ON p.id = r.person
        WHERE r.tenant = $1 AND r.at > $2 AND r.at <= $3 AND (r.kind <> 'second_reviewer' OR ${HAS_ENDED})
        ORDER BY r.at DESC, r.id DESC LIMIT ${MOST_EVENTS}`,
      values,
    ),
  ]);
  const active = Array.from(
    { length: ACTIVE_CLASSES_S.length + 1 },
    (_, at) => classes.rows.find((row) => row.class === at)?.n ?? 0,
  );
  const shown: AttentionView['people'] = [];
  for (const { person, name, verdicts, active_ms } of people.rows) {
    const own = drills.get(person) ?? NO_DRILLS;
    shown.push({
      person,
      name,
      verdicts,
      activeMs: Math.round(active_ms),
      drills: { bad: own.bad, caught: own.caught, good: own.good, passed: own.passed },
      spread: await findSpread(tenant, person, nowMs),
    });
  }
  return {
    days,
    from: formatInstant(fromMs),
    to: formatInstant(nowMs),
    verdicts: active.reduce((sum, each) => sum + each, 0),
    active,
    covered: covered.rows[0] ?? { n: 0, of: 0 },
    hours: Array.from({ length: 24 }, (_, hour) => hours.rows.find((row) => row.hour === hour)?.n ?? 0),
    drills: { ...sumDrills([...drills.values()]), open: open.rows[0]?.n ?? 0 },
    people: shown,
    events: events.rows.map(({ reason_code, at, ...row }) => ({
      ...row,
      reasonCode: reason_code,
      at: formatInstant(at.getTime()),
    })),
  };
}

type Counted = DrillCounts & { unanswered: number };
const NO_DRILLS: Counted = { bad: 0, caught: 0, good: 0, passed: 0, unanswered: 0 };

/** Scored drills by person; '' is nobody. */
export async function countDrills(tenant: string, values: readonly unknown[]): Promise<Map<string, Counted>> {
  const found = await getPool().query<Counted & { person: string }>(
    `SELECT coalesce(s.person, '') AS person,
            count(*) FILTER (WHERE d.known = 'bad' AND s.person IS NOT NULL)::int AS bad,
            count(*) FILTER (WHERE d.known = 'bad' AND s.result = 'right')::int AS caught,
            count(*) FILTER (WHERE d.known = 'good' AND s.person IS NOT NULL)::int AS good,
            count(*) FILTER (WHERE d.known = 'good' AND s.result = 'right')::int AS passed,
            count(*) FILTER (WHERE s.result = 'unanswered')::int AS unanswered
       FROM drill_scores s JOIN drills d ON d.id = s.drill
      WHERE s.tenant = $1 AND s.scored_at > $2 AND s.scored_at <= $3 GROUP BY 1`,
    [tenant, ...values.slice(1)],
  );
  return new Map(found.rows.map(({ person, ...counts }) => [person, counts]));
}

function sumDrills(all: readonly Counted[]): Counted {
  return all.reduce(
    (sum, each) => ({
      bad: sum.bad + each.bad,
      caught: sum.caught + each.caught,
      good: sum.good + each.good,
      passed: sum.passed + each.passed,
      unanswered: sum.unanswered + each.unanswered,
    }),
    NO_DRILLS,
  );
}

async function findSpread(
  tenant: string,
  person: string,
  nowMs: number,
): Promise<AttentionView['people'][number]['spread']> {
  const at = { tenant, person };
  const load = await findLoad(getPool(), at, { nowMs });
  if (load?.state === 'reached') return 'reached';
  if (await findFatigue(getPool(), at, { nowMs })) return 'fatigue';
  return load?.state === 'near' ? 'near' : 'nothing';
}
