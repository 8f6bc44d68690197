import { saveSearch } from '@/lib/server/decisions/save-search';
import { DAY_MS } from './day-ms';
import type { HistoryStage } from './history-stage';

const SAVED_DAYS_AGO = 5;
const SEARCHES = [
  { name: 'What people were asked', query: 'outcome:escalate', shared: true },
  { name: 'Where the perimeter held', query: 'outcome:refuse', shared: true },
  { name: 'Guardrails that failed', query: 'guardrail:*=fail', shared: true },
  { name: 'My last look', query: 'tier:unbounded outcome:allow', shared: false },
];

/** A compliance officer of each organisation keeps a few searches, most of them for everybody. */
export function planSearches({ site, timeline, endMs }: HistoryStage, fromMs: number): void {
  const atMs = endMs - SAVED_DAYS_AGO * DAY_MS;
  const officer = [...site.people.values()].find(({ roles }) => roles.includes('compliance'));
  if (atMs <= fromMs || !officer) return;
  timeline.at(atMs, async () => {
    for (const search of SEARCHES) await saveSearch(officer, search, { nowMs: atMs });
  });
}
