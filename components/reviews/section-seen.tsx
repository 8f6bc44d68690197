import { Icon } from '@/components/ui/icon';
import type { EvidenceSection } from '@/lib/escalations/escalation-view';
import { formatClock, isToRead } from './dwell-words';
import type { Review } from './use-review';

/** Beside a section's heading: how long it was read, or that it must be. */
export function SectionSeen({ review, section }: { review: Review; section: EvidenceSection }) {
  const { session } = review.shown;
  if (session?.covered.includes(section)) {
    return (
      <span className="seen num">
        <Icon name="check" small />
        read {formatClock(session.seenMs[section] ?? 0)}
      </span>
    );
  }
  return isToRead(review, section) ? <span className="todo">to read</span> : null;
}
