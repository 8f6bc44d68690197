import type { EscalationRow } from '@/lib/escalations/escalation-view';

/** How long a row that was decided elsewhere stays where it was, saying by whom. */
export const LINGER_MS = 12_000;

/** A row as the list shows it; `leavesAtMs` once it has ended, in this browser's time. */
export type QueueRow = EscalationRow & { leavesAtMs: number | null };

/**
 * Brings changed rows into the list. Order is time left, then id. A row that ends stays in its place and leaves after
 * `LINGER_MS`; one that ends without ever having been listed is not shown. A row older than what is shown (lower
 * version) is ignored: answers may overtake each other.
 */
export function mergeRows(
  current: readonly QueueRow[],
  incoming: readonly EscalationRow[],
  nowMs: number,
): QueueRow[] {
  const rows = new Map(current.map((row) => [row.id, row]));
  for (const row of incoming) {
    const shown = rows.get(row.id);
    if (shown !== undefined && shown.version > row.version) continue;
    if (row.state === 'pending') {
      rows.set(row.id, { ...row, leavesAtMs: null });
    } else if (shown !== undefined) {
      rows.set(row.id, { ...row, leavesAtMs: shown.leavesAtMs ?? nowMs + LINGER_MS });
    }
  }
  return [...rows.values()]
    .filter((row) => row.leavesAtMs === null || row.leavesAtMs > nowMs)
    .sort(byTimeLeft);
}

function byTimeLeft(a: EscalationRow, b: EscalationRow): number {
  if (a.expiresAt !== b.expiresAt) return a.expiresAt < b.expiresAt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Ids that stand in `after` but not in `before`: what just arrived. */
export function listArrived(before: readonly QueueRow[], after: readonly QueueRow[]): string[] {
  const known = new Set(before.map((row) => row.id));
  return after.filter((row) => !known.has(row.id)).map((row) => row.id);
}
