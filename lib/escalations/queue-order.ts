/**
 * Order of the queue and its keyset cursors. Pending: what ends first is first. Ended: what ended last is first. Ids
 * break ties, so that pages neither skip nor repeat while rows come and go.
 */

import { parseId } from '@/lib/core/id';
import { formatInstant, parseInstant } from '@/lib/core/instant';
import { err, ok, type Result } from '@/lib/core/result';
import type { EscalationRow } from '@/lib/escalations/escalation-view';

export interface QueueCursor {
  /** Expiry of a pending row, end of an ended one. */
  atMs: number;
  id: string;
}

/** `<instant>~<escalation id>` of the last row of a page. */
export function formatQueueCursor(cursor: QueueCursor): string {
  return `${formatInstant(cursor.atMs)}~${cursor.id}`;
}

/** Inverse of `formatQueueCursor`; anything else is refused. */
export function parseQueueCursor(text: string): Result<QueueCursor, 'cursor_syntax'> {
  const [instantText = '', id = '', ...rest] = text.split('~');
  const atMs = parseInstant(instantText);
  if (!atMs.ok || rest.length > 0 || !parseId(id, 'esc').ok) return err('cursor_syntax');
  return ok({ atMs: atMs.value, id });
}

type Ordered = Pick<EscalationRow, 'id' | 'state' | 'expiresAt' | 'endedAt'>;

/** Comparator of rows of one list: all pending, or all ended. */
export function compareQueueRows(a: Ordered, b: Ordered): number {
  if (a.state === 'pending' && b.state === 'pending') {
    return compareText(a.expiresAt, b.expiresAt) || compareText(a.id, b.id);
  }
  return compareText(b.endedAt ?? '', a.endedAt ?? '') || compareText(b.id, a.id);
}

/** By code unit, as the database's C collation orders these ASCII texts. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
