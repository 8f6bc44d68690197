import type { SequenceGap } from '@/lib/producers/decide-sequence';
import type { ActionEvidence, StoredRecord } from './action-evidence';
import { type ActionReading, readAction } from './action-reading';
import { checkAttribution } from './check-attribution';
import { checkAuthorisation } from './check-authorisation';
import { checkConsistency } from './check-consistency';
import { CONDITION_CODES, type FoundCondition, formatScope } from './condition';

/**
 * Everything that stands between this action and its token, in the order of the codes; empty when nothing does. Pure: the
 * same evidence gives the same answer, whoever asks.
 */
export function decideConditions(evidence: ActionEvidence): FoundCondition[] {
  const reading = readAction(evidence);
  const found = [
    ...checkContinuity(evidence),
    ...checkChains(reading),
    ...checkLineage(evidence),
    ...checkAuthorisation(reading),
    ...checkAttribution(reading),
    ...checkConsistency(reading),
  ];
  const seen = new Set<string>();
  return found
    .filter(({ code, scope }) => {
      const name = `${code} ${scope}`;
      return !seen.has(name) && seen.add(name);
    })
    .sort((a, b) => CONDITION_CODES.indexOf(a.code) - CONDITION_CODES.indexOf(b.code));
}

/** The records of this action that are named, each once. */
function recordsOf({ decision, submitted, reviews, issued }: ActionEvidence): StoredRecord[] {
  return [decision, submitted, ...reviews.map(({ record }) => record), issued].filter(
    (record) => record !== null,
  );
}

/** A hole in a producer's counter as a condition of its stream. */
export function describeHole({ stream, fromSeq, toSeq }: SequenceGap & { stream: string }): FoundCondition {
  return {
    code: 'continuity_missing',
    scope: formatScope({ kind: 'stream', stream }),
    detail:
      fromSeq === toSeq
        ? `Number ${fromSeq} of ${stream} never arrived.`
        : `Numbers ${fromSeq} to ${toSeq} of ${stream} never arrived.`,
  };
}

function checkContinuity({ escalation, decisionPlaces, gaps }: ActionEvidence): FoundCondition[] {
  const found = gaps.map(describeHole);
  if (escalation.decision !== null && decisionPlaces.length === 0) {
    found.push({
      code: 'continuity_missing',
      scope: formatScope({ kind: 'decision', id: escalation.decision }),
      detail: `The record of decision ${escalation.decision}, which the gateway named, has not arrived.`,
    });
  }
  return found;
}

function checkChains(reading: ActionReading): FoundCondition[] {
  return recordsOf(reading.evidence).flatMap((record) => {
    const placed = reading.placed(record);
    if (placed.ok) return [];
    const { stream, position } = record;
    return [
      {
        code: 'chain_invalid' as const,
        scope: formatScope({ kind: 'record', stream, position }),
        detail: `Record ${position} of ${stream} does not verify: ${placed.code}.`,
      },
    ];
  });
}

function checkLineage({ parents }: ActionEvidence): FoundCondition[] {
  return parents
    .filter(({ held }) => !held)
    .map(({ id, fault }) => ({
      code: 'lineage_hole' as const,
      scope: formatScope({ kind: 'decision', id }),
      detail: fault
        ? `The parent decision ${id} does not verify: ${fault}.`
        : `The parent decision ${id} is neither here nor shared by another console.`,
    }));
}
