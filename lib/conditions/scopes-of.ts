import type { SequenceGap } from '@/lib/producers/decide-sequence';
import type { ActionEvidence } from './action-evidence';
import { type ConditionCode, formatScope } from './condition';

/** What an action rests on, by name. */
type Rests = Pick<ActionEvidence, 'decisionPlaces' | 'decision' | 'submitted' | 'reviews' | 'issued'> & {
  escalation: Pick<ActionEvidence['escalation'], 'id' | 'gateway' | 'decision'>;
  parents: readonly { id: string }[];
};

/** Every scope that this action rests on: an open condition of any of them stops it. */
export function scopesOf(evidence: Rests): string[] {
  const { escalation, decision, submitted, reviews, issued, parents } = evidence;
  const records = [decision, submitted, ...reviews.map(({ record }) => record), issued];
  const decisions = [...(escalation.decision ? [escalation.decision] : []), ...parents.map(({ id }) => id)];
  return [
    formatScope({ kind: 'escalation', id: escalation.id }),
    ...decisions.map((id) => formatScope({ kind: 'decision', id })),
    ...streamsOf(evidence).map((stream) => formatScope({ kind: 'stream', stream })),
    ...records.flatMap((record) => (record ? [formatScope({ kind: 'record', ...record })] : [])),
  ];
}

/** The streams whose holes matter: the one that carries the decision, and the gateway's own. */
export function streamsOf({
  escalation,
  decisionPlaces,
}: {
  escalation: Pick<ActionEvidence['escalation'], 'gateway'>;
  decisionPlaces: ActionEvidence['decisionPlaces'];
}): string[] {
  return [...new Set([escalation.gateway, ...decisionPlaces.map(({ stream }) => stream)])];
}

/** A condition as it was recorded, as far as it decides about others. */
export interface PriorCondition {
  code: ConditionCode;
  scope: string;
  open: boolean;
  /** Holes of the stream that a person answered for. */
  gaps: readonly SequenceGap[];
}

/** Whether every number of this hole is one that somebody has answered for. */
export function isAcceptedGap(
  gap: SequenceGap & { stream: string },
  prior: readonly PriorCondition[],
): boolean {
  const scope = formatScope({ kind: 'stream', stream: gap.stream });
  const accepted = prior.filter(
    (one) => !one.open && one.code === 'continuity_missing' && one.scope === scope,
  );
  return accepted.some(({ gaps }) =>
    gaps.some(({ fromSeq, toSeq }) => fromSeq <= gap.fromSeq && gap.toSeq <= toSeq),
  );
}
