import type { SequenceGap } from '@/lib/producers/decide-sequence';
import type { ActionEvidence } from './action-evidence';
import { type ConditionCode, formatScope } from './condition';

/** The scopes that this action rests on, but for its decision's parents: an open condition of any of them stops it. */
export function scopesOf(action: {
  escalation: Pick<ActionEvidence['escalation'], 'id' | 'gateway' | 'decision'>;
  decisionPlaces: ActionEvidence['decisionPlaces'];
  /** Its own records. */
  places: readonly { stream: string; position: number }[];
}): string[] {
  const { escalation, places } = action;
  return [
    formatScope({ kind: 'escalation', id: escalation.id }),
    ...scopesOfDecisions(escalation.decision ? [escalation.decision] : []),
    ...streamsOf(action).map((stream) => formatScope({ kind: 'stream', stream })),
    ...places.map((place) => formatScope({ kind: 'record', ...place })),
  ];
}

export function scopesOfDecisions(ids: readonly string[]): string[] {
  return ids.map((id) => formatScope({ kind: 'decision', id }));
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
