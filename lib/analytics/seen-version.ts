/**
 * Versions as decisions name them, and which of them no change record announced. A version is new where decisions named
 * another one of the same thing before; the first one ever is where the record begins, not a change.
 */
import { compareAmounts } from '@/lib/core/money';
import type { VersionUseRow } from '@/lib/producers/projection';

export type VersionKind = VersionUseRow['kind'];

export interface VersionUse {
  kind: VersionKind;
  name: string;
  version: string;
  agents: string[];
  /** Instants of the first and the last decision that named it. */
  firstAt: string;
  lastAt: string;
  n: number;
}

export interface Announcement {
  target: string;
  name: string;
  toVersion: string;
  at: string;
}

export interface SeenVersion extends VersionUse {
  /** The version that decisions named last before this one came. */
  previous: string;
  /** Only of a guardrail's threshold. */
  direction: 'raised' | 'lowered' | null;
  announced: boolean;
}

/** What a change record calls what decisions name by kind. */
const TARGETS: Partial<Record<VersionKind, readonly string[]>> = {
  model: ['model'],
  prompt: ['prompt'],
  index: ['retrieval_index'],
  policy: ['policy'],
  routing: ['routing'],
  guardrail: ['guardrail'],
  'guardrail-threshold': ['threshold', 'guardrail'],
};

/** A threshold that moved with its guardrail is announced by that record when it came within this time. */
const TOGETHER_MS = 7 * 86_400_000;

/** True when a name in a decision is the one that a change record means: a vendor's prefix may be left out. */
export function isSameName(seen: string, announced: string): boolean {
  return seen === announced || seen.endsWith(`/${announced}`);
}

function announces(change: Announcement, use: VersionUse): boolean {
  if (!TARGETS[use.kind]?.includes(change.target) || !isSameName(use.name, change.name)) return false;
  if (change.toVersion === use.version) return true;
  return (
    use.kind === 'guardrail-threshold' &&
    Math.abs(Date.parse(change.at) - Date.parse(use.firstAt)) <= TOGETHER_MS
  );
}

/** Every version that replaced another one in the decisions, newest first. A kind that no record could announce is left out. */
export function listSeenVersions(
  uses: readonly VersionUse[],
  announcements: readonly Announcement[],
): SeenVersion[] {
  const byName = new Map<string, VersionUse[]>();
  for (const use of uses) {
    if (!TARGETS[use.kind]) continue;
    const key = `${use.kind}\n${use.name}`;
    byName.set(key, [...(byName.get(key) ?? []), use]);
  }
  const seen: SeenVersion[] = [];
  for (const versions of byName.values()) {
    versions.sort((a, b) => (a.firstAt < b.firstAt ? -1 : 1));
    for (const [at, use] of versions.entries()) {
      const previous = at === 0 ? undefined : lastInUse(versions.slice(0, at), use.firstAt);
      if (!previous) continue;
      seen.push({
        ...use,
        previous: previous.version,
        direction: directionOf(use, previous),
        announced: announcements.some((change) => announces(change, use)),
      });
    }
  }
  return seen.sort((a, b) => (a.firstAt > b.firstAt ? -1 : 1));
}

/** Of the versions that came before, the one that decisions named latest before this moment. */
function lastInUse(earlier: readonly VersionUse[], at: string): VersionUse | undefined {
  const until = (use: VersionUse) => (use.lastAt < at ? use.lastAt : at);
  return earlier.reduce<VersionUse | undefined>(
    (best, use) => (!best || until(use) >= until(best) ? use : best),
    undefined,
  );
}

function directionOf(use: VersionUse, previous: VersionUse): SeenVersion['direction'] {
  if (use.kind !== 'guardrail-threshold') return null;
  const order = compareAmounts(use.version, previous.version);
  if (!order.ok || order.value === 0) return null;
  return order.value < 0 ? 'lowered' : 'raised';
}
