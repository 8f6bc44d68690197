import { formatDuration } from '@/components/ui/format-time';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import type { LoadView } from '@/lib/escalations/load-view';

/** How long an approval must have been read and why, said before anything is locked by it. */
export function describeMinimum({ minimumActive, minimumActiveMs, row }: EscalationDetail): string | null {
  const { tierMs, byEvidenceMs, characters, items } = minimumActive;
  if (minimumActiveMs === 0) return null;
  const amount = `${characters.toLocaleString('en')} characters${items === 0 ? '' : ` and ${items} ${items === 1 ? 'item' : 'items'}`}`;
  const parts = [
    ...(tierMs > 0 ? [`${formatDuration(tierMs)} for the tier ${row.tier}`] : []),
    ...(byEvidenceMs > 0 ? [`${formatDuration(byEvidenceMs)} for ${amount}`] : []),
  ];
  return `An approval needs ${formatDuration(minimumActiveMs)} of active reading: ${parts.join(', ')}. A denial needs none.`;
}

/** A person's load in one sentence; null while there is nothing to say. */
export function describeLoad(load: LoadView): { title: string; meaning: string } | null {
  if (load.state === 'free') return null;
  const minutes = (ms: number) => Math.floor(ms / 60_000);
  const figures = `${load.used} of ${load.limit} in the last hour; ${minutes(load.activeMs)} of ${minutes(load.activeLimitMs)} active minutes without a break of ${load.breakMinutes} min.${load.lowered ? ' Your limits are lowered for four hours.' : ''}`;
  return load.state === 'near'
    ? { title: 'You are near your limit', meaning: `${figures} After it new work goes to the next person.` }
    : {
        title: 'You have reached your limit',
        meaning: `${figures} You can finish what you had open, and deny anything. What you had only claimed was put back for the next person.`,
      };
}
