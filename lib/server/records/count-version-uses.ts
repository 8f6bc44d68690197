import type { GuardrailRow, Projection, VersionUseRow } from '@/lib/producers/projection';

/** Stands in no projected text, so no two keys print alike. */
const NUL = '\u0000';

export interface VersionUseCount extends VersionUseRow {
  agent: string;
  firstAt: string;
  lastAt: string;
  n: number;
}

/** A batch's uses, one row a key: a statement may not touch the same row twice. */
export function countVersionUses(batch: readonly Projection[]): VersionUseCount[] {
  const counts = new Map<string, VersionUseCount>();
  for (const { decision, occurredAt, versionUses } of batch) {
    if (!decision) continue;
    for (const use of versionUses) {
      const key = `${use.kind}${NUL}${use.name}${NUL}${use.version}${NUL}${decision.agent}`;
      const known = counts.get(key);
      if (!known) {
        counts.set(key, { ...use, agent: decision.agent, firstAt: occurredAt, lastAt: occurredAt, n: 1 });
        continue;
      }
      known.n += 1;
      if (occurredAt < known.firstAt) known.firstAt = occurredAt;
      if (occurredAt > known.lastAt) known.lastAt = occurredAt;
    }
  }
  return [...counts.values()];
}

export interface GuardrailCount extends GuardrailRow {
  hour: string;
  agent: string;
  n: number;
}

/** A batch's guardrail results by the hour, one row a key. */
export function countGuardrails(batch: readonly Projection[]): GuardrailCount[] {
  const counts = new Map<string, GuardrailCount>();
  for (const { decision, occurredAt, guardrails } of batch) {
    if (!decision) continue;
    const hour = `${occurredAt.slice(0, 13)}:00:00.000Z`;
    for (const row of guardrails) {
      const { name, version, threshold, verdict, scoreClass } = row;
      const key = [hour, decision.agent, name, version, threshold, verdict, scoreClass].join(NUL);
      const known = counts.get(key);
      if (known) known.n += 1;
      else counts.set(key, { ...row, hour, agent: decision.agent, n: 1 });
    }
  }
  return [...counts.values()];
}
