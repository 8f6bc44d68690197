import type { AlertMeasured, AlertSettings } from '@/lib/analytics/alert-rule';
import { type AlertReading, readAbove, readBelow } from '@/lib/analytics/judge-alert';
import { expectationOf, hearingOf } from '@/lib/completeness/producer-state';
import { listSeenChanges } from '../changes/list-seen-changes';
import { getCompleteness } from '../completeness/get-completeness';
import { getPool } from '../database/pool';
import { getLogHealth } from '../log/get-log-health';
import { findWitnessRule, isUnwitnessed } from '../witnesses/find-witness-rule';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
const BASELINE_DAYS = 28;
/** An unannounced version is told of while it is news. */
const NEWS_MS = 7 * DAY_MS;

/** One thing that a rule looks at, and how it stands. A rule without enough to go by reads nothing. */
export interface Measurement {
  scope: string;
  reading: AlertReading;
  measured: AlertMeasured;
}

/** Everything that a rule looks at in a tenant, as it stands at `nowMs`. What is not among it is clear. */
export async function measureRule(
  tenant: string,
  settings: AlertSettings,
  nowMs: number,
): Promise<Measurement[]> {
  switch (settings.kind) {
    case 'rate':
      return measureRate(tenant, settings, nowMs);
    case 'silence':
      return measureSilence(tenant, nowMs);
    case 'gaps':
      return measureGaps(tenant, settings.olderMinutes, nowMs);
    case 'dwell':
      return measureDwell(tenant, settings, nowMs);
    case 'backlog':
      return measureBacklog(tenant, settings, nowMs);
    case 'unwitnessed':
      return measureUnwitnessed(tenant, settings.olderMinutes, nowMs);
    case 'unannounced':
      return measureUnannounced(tenant, nowMs);
  }
}

type Of<K extends AlertSettings['kind']> = Extract<AlertSettings, { kind: K }>;

/** The hour that runs and the whole ones before it: rollups are kept by the hour. */
async function measureRate(tenant: string, settings: Of<'rate'>, nowMs: number): Promise<Measurement[]> {
  const { outcome, windowHours, minimum, abovePercent, agent, control } = settings;
  const from = Math.floor(nowMs / HOUR_MS) * HOUR_MS - (windowHours - 1) * HOUR_MS;
  const found = await getPool().query<{ n: number; of: number }>(
    `SELECT coalesce(sum(n) FILTER (WHERE verdict = $4 AND ($6::text IS NULL OR control = $6)), 0)::bigint AS n,
        coalesce(sum(n), 0)::bigint AS of
       FROM rollups WHERE tenant = $1 AND hour >= $2 AND hour <= $3 AND ($5::text IS NULL OR agent = $5)`,
    [tenant, new Date(from), new Date(nowMs), outcome, agent, control],
  );
  const { n, of } = found.rows[0] ?? { n: 0, of: 0 };
  // Too few say nothing either way: an open alert stays, and none opens.
  const percent = of === 0 ? 0 : (100 * n) / of;
  const reading = of < minimum ? 'between' : readAbove(percent, abovePercent);
  return [
    {
      scope: 'all',
      reading,
      measured: { value: percent.toFixed(2), bound: String(abovePercent), unit: 'percent', n: of },
    },
  ];
}

const minutesOf = (ms: number) => String(Math.floor(ms / MINUTE_MS));

async function measureSilence(tenant: string, nowMs: number): Promise<Measurement[]> {
  const { producers } = await getCompleteness(tenant, { nowMs, countHeartbeats: false });
  return producers.flatMap((producer): Measurement[] => {
    const { hearing, silentMs } = hearingOf(producer, nowMs);
    if (silentMs === null || hearing === 'stood-down') return [];
    return [
      {
        scope: producer.producer,
        reading: hearing === 'silent' ? 'breached' : hearing === 'late' ? 'between' : 'clear',
        measured: {
          value: minutesOf(silentMs),
          bound: minutesOf(expectationOf(producer)?.everyMs ?? 0),
          unit: 'minutes',
          n: null,
        },
      },
    ];
  });
}

async function measureGaps(tenant: string, olderMinutes: number, nowMs: number): Promise<Measurement[]> {
  const found = await getPool().query<{ stream: string; n: number; since: Date }>(
    `SELECT g.stream, sum(g.to_seq - g.from_seq + 1)::bigint AS n, min(g.noted_at) AS since
       FROM stream_gaps g JOIN streams s ON s.stream = g.stream WHERE s.tenant = $1 AND g.noted_at <= $2 GROUP BY g.stream`,
    [tenant, new Date(nowMs - olderMinutes * MINUTE_MS)],
  );
  return found.rows.map(({ stream, n, since }) => ({
    scope: stream,
    reading: 'breached',
    measured: { value: minutesOf(nowMs - since.getTime()), bound: String(olderMinutes), unit: 'minutes', n },
  }));
}

async function measureDwell(tenant: string, settings: Of<'dwell'>, nowMs: number): Promise<Measurement[]> {
  const { windowHours, belowPercent, minimum } = settings;
  const from = nowMs - windowHours * HOUR_MS;
  const found = await getPool().query<{ late: boolean; n: number; median: number }>(
    `SELECT decided_at >= $3 AS late, count(*)::bigint AS n,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY active_ms)::float8 AS median
       FROM reviews WHERE tenant = $1 AND decided_at >= $2 AND decided_at <= $4 GROUP BY 1`,
    [tenant, new Date(from - BASELINE_DAYS * DAY_MS), new Date(from), new Date(nowMs)],
  );
  const now = found.rows.find(({ late }) => late);
  const before = found.rows.find(({ late }) => !late);
  if (!now || !before || before.n < minimum || before.median <= 0) return [];
  const percent = (100 * now.median) / before.median;
  return [
    {
      scope: 'all',
      reading: now.n < minimum ? 'between' : readBelow(percent, belowPercent),
      measured: {
        value: percent.toFixed(1),
        bound: String(belowPercent),
        unit: 'percent of the median before',
        n: now.n,
      },
    },
  ];
}

async function measureBacklog(
  tenant: string,
  settings: Of<'backlog'>,
  nowMs: number,
): Promise<Measurement[]> {
  const found = await getPool().query<{ n: number; oldest: Date | null }>(
    `SELECT count(*)::bigint AS n, min(created_at) AS oldest FROM escalations
      WHERE tenant = $1 AND state = 'pending' AND expires_at > $2`,
    [tenant, new Date(nowMs)],
  );
  const { n = 0, oldest = null } = found.rows[0] ?? {};
  const ageMs = oldest === null ? 0 : nowMs - oldest.getTime();
  const many = readAbove(n, settings.waiting);
  const old = readAbove(ageMs / MINUTE_MS, settings.oldestMinutes);
  const reading =
    many === 'breached' || old === 'breached'
      ? 'breached'
      : many === 'clear' && old === 'clear'
        ? 'clear'
        : 'between';
  return [
    {
      scope: 'all',
      reading,
      measured:
        many === 'breached' || old !== 'breached'
          ? { value: String(n), bound: String(settings.waiting), unit: 'escalations', n }
          : { value: minutesOf(ageMs), bound: String(settings.oldestMinutes), unit: 'minutes', n },
    },
  ];
}

async function measureUnwitnessed(
  tenant: string,
  olderMinutes: number,
  nowMs: number,
): Promise<Measurement[]> {
  const rule = await findWitnessRule(tenant, nowMs);
  const { witnesses } = await getLogHealth(getPool(), { required: rule.required, nowMs });
  const since = isUnwitnessed(witnesses, rule, nowMs) ? witnesses.unwitnessedSince : null;
  const ageMs = since ? nowMs - since.getTime() : 0;
  return [
    {
      scope: 'log',
      reading: ageMs > olderMinutes * MINUTE_MS ? 'breached' : since ? 'between' : 'clear',
      measured: { value: minutesOf(ageMs), bound: String(olderMinutes), unit: 'minutes', n: rule.required },
    },
  ];
}

async function measureUnannounced(tenant: string, nowMs: number): Promise<Measurement[]> {
  const seen = await listSeenChanges(tenant);
  return seen
    .filter(({ announced, at }) => !announced && nowMs - Date.parse(at) <= NEWS_MS)
    .map(({ id, times, n }) => ({
      scope: id,
      reading: 'breached',
      measured: { value: String(times), bound: '0', unit: 'versions', n },
    }));
}
