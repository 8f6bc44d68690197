import type { InsightsView } from '@/lib/analytics/insights-view';
import { shiftAround } from '@/lib/analytics/rate-series';
import { areDistinct } from '@/lib/analytics/wilson';
import { formatPercent } from './rate-words';

export interface ChangeMarker {
  day: string;
  number: number;
  words: string;
  id: string;
  at: string;
}

const SPAN_DAYS = 14;
const MOST_MARKERS = 9;

/** What a change is called: a lowered threshold is called that. */
export function changeWords(change: InsightsView['changes'][number]): string {
  const target = change.target.replaceAll('_', ' ');
  return change.direction
    ? `${target} ${change.direction}, ${change.name}`
    : `${target}, ${change.name} ${change.toVersion}`;
}

/** Numbered markers of the latest changes, and a sentence of what can be told apart around them; never a cause. */
export function summariseChanges(view: InsightsView): { markers: ChangeMarker[]; sentence: string } {
  const markers = view.changes.slice(-MOST_MARKERS).map((change, index) => ({
    day: change.at.slice(0, 10),
    number: index + 1,
    words: changeWords(change),
    id: change.id,
    at: change.at,
  }));
  const sentences: string[] = [];
  for (const marker of markers) {
    for (const [outcome, word] of [
      ['escalate', 'Escalations'],
      ['refuse', 'Refusals'],
    ] as const) {
      const shift = shiftAround(view.days, marker.day, outcome, SPAN_DAYS);
      if (!shift || !areDistinct(shift.before, shift.after)) continue;
      const way = shift.after.rate > shift.before.rate ? 'rose' : 'fell';
      sentences.push(
        `${word} ${way} from ${formatPercent(shift.before.rate)} to ${formatPercent(shift.after.rate)} around change ${marker.number}, ${marker.words}.`,
      );
    }
  }
  if (sentences.length > 0) return { markers, sentence: sentences.slice(-3).join(' ') };
  return {
    markers,
    sentence:
      markers.length === 0
        ? 'Nothing was changed in this window.'
        : 'Around no change do the rates of the 14 days before and after differ by more than chance explains.',
  };
}
