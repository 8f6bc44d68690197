'use client';

import { formatDuration } from '@/components/ui/format-time';
import { SegmentBar } from '@/components/ui/segment-bar';
import { useNowMs } from '@/components/ui/time-context';
import { BEAT_MS, SECTION_READ_MS } from '@/lib/escalations/dwell';
import type { EvidenceSection } from '@/lib/escalations/escalation-view';
import type { Review } from './use-review';

/** Active and open time as they stand now: the server's figures, and what has passed since they arrived. */
export function useReadingMs(review: Review): { activeMs: number; openMs: number } {
  const nowMs = useNowMs();
  const session = review.shown.session;
  if (session === null) return { activeMs: 0, openMs: 0 };
  const sinceMs = Math.max(0, nowMs - review.measuredAtMs);
  const isPending = review.shown.row.state === 'pending' && review.shown.ownVerdict === null;
  return {
    activeMs: session.activeMs + (isPending && review.isAttentive() ? Math.min(sinceMs, BEAT_MS) : 0),
    openMs: isPending
      ? Math.max(session.reviewDwellMs, nowMs - review.skewMs - Date.parse(session.openedAt))
      : session.reviewDwellMs,
  };
}

/** Minutes and seconds, for counters that move: `1:48`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  return seconds < 3600
    ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    : formatDuration(ms);
}

/** "1:48 active of 2:31 open". */
export function DwellTimes({ review }: { review: Review }) {
  const { activeMs, openMs } = useReadingMs(review);
  if (review.shown.session === null) return <>not yet measured</>;
  return (
    <span className="num">
      {formatClock(activeMs)} active of {formatClock(openMs)} open
    </span>
  );
}

/** The thin line: one segment for each required section, full once the server counts it as read. */
export function DwellLine({ review }: { review: Review }) {
  const { requiredSections } = review.shown;
  const seen = countSeen(review);
  return (
    <SegmentBar
      label={`${seen} of ${requiredSections.length} required sections read`}
      shares={requiredSections.map((section) => shareOf(review, section))}
    />
  );
}

/** How many of the required sections the server counts as read. */
export function countSeen({ shown }: Review): number {
  return shown.requiredSections.filter((section) => shown.session?.covered.includes(section)).length;
}

/** True for evidence that this viewer must still read before approving. */
export function isToRead({ shown }: Review, section: EvidenceSection): boolean {
  return (
    shown.row.state === 'pending' &&
    shown.may.decide &&
    shown.requiredSections.includes(section) &&
    !shown.session?.covered.includes(section)
  );
}

function shareOf({ shown }: Review, section: EvidenceSection): number {
  if (shown.session?.covered.includes(section)) return 1;
  return Math.min(0.9, (shown.session?.seenMs[section] ?? 0) / SECTION_READ_MS);
}
