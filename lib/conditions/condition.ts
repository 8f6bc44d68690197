/**
 * Integrity as a runtime condition: what stands between an action and its token. A condition has one closed code and one
 * scope, the thing that must become whole (or be answered for by a person) before authority flows again:
 *
 *   stream:<name>               a producer's counter has a hole
 *   record:<stream>#<position>  stored bytes or links do not recompute
 *   decision:<id>               a decision that is named and not here
 *   escalation:<id>             what was asked, approved and evidenced for one action
 */
import * as z from 'zod';

export const CONDITION_CODES = [
  'continuity_missing',
  'chain_invalid',
  'lineage_hole',
  'authorisation_unverifiable',
  'attribution_failed',
  'evidence_inconsistent',
] as const;
export const conditionCode = z.enum(CONDITION_CODES);
export type ConditionCode = z.infer<typeof conditionCode>;

/** What is missing can be answered for by a person; what contradicts itself cannot. */
const ACCEPTABLE: ReadonlySet<ConditionCode> = new Set(['continuity_missing', 'lineage_hole']);

export function mayAccept(code: ConditionCode): boolean {
  return ACCEPTABLE.has(code);
}

/** `cleared`: the check passes again; `accepted`: it does not, and a person answers for it; `abandoned`: nothing can be executed on it any more. */
export const CONDITION_RESOLUTIONS = ['cleared', 'accepted', 'abandoned'] as const;
export type ConditionResolution = (typeof CONDITION_RESOLUTIONS)[number];

/** A condition as a check finds it; the detail names ids and places only, never contents. */
export interface FoundCondition {
  code: ConditionCode;
  scope: string;
  /** One sentence. */
  detail: string;
}

export type ConditionScope =
  | { kind: 'stream'; stream: string }
  | { kind: 'record'; stream: string; position: number }
  | { kind: 'decision'; id: string }
  | { kind: 'escalation'; id: string };

export function formatScope(scope: ConditionScope): string {
  switch (scope.kind) {
    case 'stream':
      return `stream:${scope.stream}`;
    case 'record':
      return `record:${scope.stream}#${scope.position}`;
    default:
      return `${scope.kind}:${scope.id}`;
  }
}

/** Inverse of `formatScope` for what this console stored; null for anything else. */
export function parseScope(text: string): ConditionScope | null {
  const [, kind, rest = ''] = /^(stream|record|decision|escalation):(.+)$/.exec(text) ?? [];
  if (kind === 'stream') return { kind, stream: rest };
  if (kind === 'decision' || kind === 'escalation') return { kind, id: rest };
  const [, stream, position] = /^(.+)#([1-9]\d{0,15})$/.exec(rest) ?? [];
  return kind === 'record' && stream ? { kind, stream, position: Number(position) } : null;
}

/** What people read for each code. */
export const CONDITION_WORDS: Readonly<Record<ConditionCode, { title: string; meaning: string }>> = {
  continuity_missing: {
    title: 'Records are missing',
    meaning: 'A producer counted records that never arrived here, so what it did between is not known.',
  },
  chain_invalid: {
    title: 'The chain does not recompute',
    meaning: 'Stored bytes, their link or their place in the log are not what was chained.',
  },
  lineage_hole: {
    title: 'A parent decision is missing',
    meaning: 'The action continues a decision that is neither here nor at a console that shares it.',
  },
  authorisation_unverifiable: {
    title: 'The authorisation cannot be verified',
    meaning: 'A review, its statement or the policy behind the approval does not verify.',
  },
  attribution_failed: {
    title: 'Who acted is not certain',
    meaning: 'Agent, principal, producer, gateway and keys do not agree about who acted.',
  },
  evidence_inconsistent: {
    title: 'The evidence contradicts itself',
    meaning: 'Records about this action say different things of it.',
  },
};
