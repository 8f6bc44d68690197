import { EXPIRING_WITHIN_MS } from '@/lib/escalations/escalation-lists';
import type { EscalationRow } from '@/lib/escalations/escalation-view';
import type { QueueFilter } from './queue-filter';

/** Whether a row that just arrived belongs under a filter, as the server would say. `nowMs` is the server's time. */
export function matchesFilter(row: EscalationRow, filter: QueueFilter, nowMs: number): boolean {
  if (filter.tier !== null && row.tier !== filter.tier) return false;
  if (filter.control !== null && row.control !== filter.control) return false;
  if (filter.agent !== null && row.agent !== filter.agent) return false;
  switch (filter.view) {
    case 'all':
      return true;
    case 'mine':
      return row.lease?.mine === true;
    case 'unclaimed':
      return row.lease === null;
    case 'expiring':
      return Date.parse(row.expiresAt) - nowMs <= EXPIRING_WITHIN_MS;
    case 'deferred':
      return row.deferral != null;
  }
}
