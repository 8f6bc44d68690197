import type { EscalationDetail, ReviewProgress } from '@/lib/escalations/escalation-view';

/**
 * What a page shows: the evidence as it was first drawn (so that nothing moves under the reader's eye), the state of
 * the case as it is now.
 */
export function holdEvidence(first: EscalationDetail, now: EscalationDetail): EscalationDetail {
  return {
    ...now,
    actionJson: first.actionJson,
    actionDigest: first.actionDigest,
    displayDigest: first.displayDigest,
    instance: first.instance,
    policy: first.policy,
    quorum: first.quorum,
    measured: first.measured,
    budgets: first.budgets,
    evidence: first.evidence,
    evidenceGone: first.evidenceGone,
    marked: first.marked,
    unusual: first.unusual,
    flow: holdFlow(first.flow, now.flow),
    recentAmounts: first.recentAmounts,
    history: first.history,
    row: {
      ...now.row,
      sentence: first.row.sentence,
      tier: first.row.tier,
      control: first.row.control,
      rule: first.row.rule,
      reasonCode: first.row.reasonCode,
    },
  };
}

/** Answers and a machine's words are evidence: they stay as first drawn. Questions and comments come as they come. */
function holdFlow(first: EscalationDetail['flow'], now: EscalationDetail['flow']): EscalationDetail['flow'] {
  const drawn = new Map(first.information.map((each) => [each.id, each]));
  return {
    ...now,
    recommendation: first.recommendation,
    information: now.information.map(
      (each) => drawn.get(each.id) ?? { ...each, answer: null, answeredBy: null, answeredAt: null },
    ),
  };
}

/** True when what would be signed now is no longer what was drawn. */
export function isStaleView(first: EscalationDetail, now: EscalationDetail): boolean {
  return (
    first.actionDigest !== now.actionDigest ||
    first.instance !== now.instance ||
    first.displayDigest !== now.displayDigest
  );
}

/** Brings the answer of a heartbeat or claim into the detail. Only a full fetch moves the state on. */
export function mergeProgress(detail: EscalationDetail, progress: ReviewProgress): EscalationDetail {
  return {
    ...detail,
    session: progress.session ?? detail.session,
    load: progress.load,
    row: { ...detail.row, lease: progress.lease, version: Math.max(detail.row.version, progress.version) },
    now: progress.now,
  };
}

/**
 * What is known after an answer has arrived. Answers overtake each other: one that was read before the page was opened
 * may come after the one that says so. Measured reading never shrinks, and an older state never replaces a newer one.
 */
export function keepNewest(known: EscalationDetail | undefined, arrived: EscalationDetail): EscalationDetail {
  if (known === undefined) return arrived;
  if (known.row.version > arrived.row.version) return known;
  const isRead = (known.session?.activeMs ?? -1) > (arrived.session?.activeMs ?? -1);
  return isRead ? { ...arrived, session: known.session } : arrived;
}
