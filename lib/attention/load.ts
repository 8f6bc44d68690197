/**
 * How much one person may take. Two limits, both from the policy: verdicts in any sixty minutes, weighted by tier, and
 * active reading without a break. At a limit nothing new is taken and nothing more approved; what was open before it may
 * be finished, and denying is always possible. Tired people miss things (product.md): the remedy is less load.
 */
import { formatInstant } from '@/lib/core/instant';
import type { Tier } from '@/lib/decisions/record-payload';
import type { LoadView } from '@/lib/escalations/load-view';
import type { LoadRules } from '@/lib/policy/attention-rules';

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
/** What was opened this long before the limit may still be finished: opening everything in advance gains little. */
export const FINISH_WITHIN_MS = 30 * MINUTE_MS;

export interface PastVerdict {
  atMs: number;
  tier: Tier;
}

/** Active reading within one clock minute. */
export interface ActiveMinute {
  minuteMs: number;
  activeMs: number;
}

export interface LoadInput {
  rules: LoadRules;
  /** 100, or less while the person shows fatigue. */
  percent: number;
  /** Verdicts of the last hour at least, any order. */
  verdicts: readonly PastVerdict[];
  /** Any order; one entry a minute. */
  minutes: readonly ActiveMinute[];
  nowMs: number;
}

/** Where somebody stands against both limits at `nowMs`. */
export function decideLoad(input: LoadInput): LoadView {
  const { rules, percent, nowMs } = input;
  const limit = Math.max(1, Math.floor((rules.decisionsPerHour * percent) / 100));
  const activeLimitMs = Math.floor((rules.activeMinutes * MINUTE_MS * percent) / 100);
  const byCount = countVerdicts(input, limit);
  const byTime = measureStretch(input, activeLimitMs);
  const reached = [byCount, byTime].filter(({ reachedAtMs }) => reachedAtMs !== null);
  const isNear =
    byCount.used * 100 >= limit * rules.noticeAtPercent ||
    byTime.used * 100 >= activeLimitMs * rules.noticeAtPercent;
  return {
    state: reached.length > 0 ? 'reached' : isNear ? 'near' : 'free',
    used: byCount.used,
    limit,
    activeMs: byTime.used,
    activeLimitMs,
    breakMinutes: rules.breakMinutes,
    lowered: percent < 100,
    reachedAt:
      reached.length > 0
        ? formatInstant(Math.min(...reached.map((each) => each.reachedAtMs ?? nowMs)))
        : null,
    freeAt:
      reached.length > 0 ? formatInstant(Math.max(...reached.map((each) => each.freeAtMs ?? nowMs))) : null,
  };
}

/** Whether one more case may be taken or approved; `openedAtMs` is when its evidence was first shown to this person. */
export function mayTake(load: LoadView, openedAtMs: number | null): boolean {
  if (load.state !== 'reached' || load.reachedAt === null) return true;
  const reachedAtMs = Date.parse(load.reachedAt);
  return openedAtMs !== null && openedAtMs < reachedAtMs && openedAtMs >= reachedAtMs - FINISH_WITHIN_MS;
}

interface Standing {
  used: number;
  reachedAtMs: number | null;
  freeAtMs: number | null;
}

function countVerdicts({ rules, verdicts, nowMs }: LoadInput, limit: number): Standing {
  const weighed = verdicts
    .filter(({ atMs }) => atMs <= nowMs)
    .map(({ atMs, tier }) => ({ atMs, weight: rules.weights[tier] ?? 1 }))
    .sort((a, b) => a.atMs - b.atMs);
  const usedAt = (ms: number) =>
    weighed.reduce((sum, { atMs, weight }) => (atMs > ms - HOUR_MS && atMs <= ms ? sum + weight : sum), 0);
  const used = usedAt(nowMs);
  if (used < limit) return { used, reachedAtMs: null, freeAtMs: null };
  // Use only falls between verdicts, so it was reached at one of them: the earliest from which it never fell below since.
  let reachedAtMs = nowMs;
  for (let index = weighed.length - 1; index >= 0; index--) {
    const { atMs } = weighed[index] as { atMs: number };
    const untilMs = (weighed[index + 1]?.atMs ?? nowMs + 1) - 1;
    if (usedAt(atMs) < limit || usedAt(untilMs) < limit) break;
    reachedAtMs = atMs;
  }
  const freeing = weighed.map(({ atMs }) => atMs + HOUR_MS).find((ms) => ms > nowMs && usedAt(ms) < limit);
  return { used, reachedAtMs, freeAtMs: freeing ?? nowMs };
}

function measureStretch({ rules, minutes, nowMs }: LoadInput, limitMs: number): Standing {
  const breakMs = rules.breakMinutes * MINUTE_MS;
  const known = minutes
    .filter(({ minuteMs, activeMs }) => minuteMs <= nowMs && activeMs > 0)
    .sort((a, b) => b.minuteMs - a.minuteMs);
  const stretch: ActiveMinute[] = [];
  let laterMs = nowMs;
  for (const minute of known) {
    if (laterMs - (minute.minuteMs + MINUTE_MS) >= breakMs) break;
    stretch.unshift(minute);
    laterMs = minute.minuteMs;
  }
  let used = 0;
  let reachedAtMs: number | null = null;
  for (const { minuteMs, activeMs } of stretch) {
    used += Math.min(activeMs, MINUTE_MS);
    if (reachedAtMs === null && used >= limitMs) reachedAtMs = minuteMs;
  }
  const last = stretch.at(-1);
  return { used, reachedAtMs, freeAtMs: last ? last.minuteMs + MINUTE_MS + breakMs : null };
}
