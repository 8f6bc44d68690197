import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import { describeLimit, LIMIT_WORDS } from './authority-words';

/** Which of the reader's own limits stands against a verdict of theirs, and what it is. */
export function LimitLine({ shown }: { shown: EscalationDetail }) {
  const { limit } = shown.may;
  if (!limit) return null;
  const currency = shown.row.sentence.amount?.currency ?? null;
  const yours = limit.authority && describeLimit(limit.authority, limit.code, currency);
  return (
    <p>
      {LIMIT_WORDS[limit.code]}
      {yours ? ` Yours: ${yours}.` : ''}
    </p>
  );
}
