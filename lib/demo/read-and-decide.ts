import { EVIDENCE_SECTIONS, type Verdict } from '@/lib/escalations/escalation-view';
import { displayDigest } from '@/lib/escalations/statement';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { recordHeartbeat } from '@/lib/server/reviews/heartbeat';
import { openReview } from '@/lib/server/reviews/open';
import type { Reviewer } from '@/lib/server/reviews/reviewer';

const BEAT_MS = 5_000;

export interface Reading {
  openMs: number;
  dwellMs: number;
  /** Beats of attentive reading with every section on screen. */
  beats: number;
}

/** One person opens a case, reads it as a page would report, and gives a verdict. */
export async function readAndDecide(
  viewer: Reviewer,
  escalation: string,
  { openMs, dwellMs, beats }: Reading,
  said: { verdict: Verdict; reasonCode: string; reasonText: string },
): Promise<void> {
  await openReview(viewer, escalation, { nowMs: openMs });
  const sections = [...EVIDENCE_SECTIONS];
  for (let beat = 1; beat <= beats; beat++) {
    await recordHeartbeat(
      viewer,
      escalation,
      { visible: true, focused: true, idle: false, sections },
      { nowMs: openMs + beat * BEAT_MS },
    );
  }
  const nowMs = openMs + dwellMs;
  const detail = await getDetail(viewer, escalation, { nowMs });
  await decideEscalation(
    viewer,
    escalation,
    {
      ...said,
      actionDigest: detail.actionDigest,
      displayDigest: displayDigest(detail),
      instance: detail.instance,
      version: detail.row.version,
    },
    { nowMs },
  );
}
