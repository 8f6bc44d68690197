/**
 * How long what can be deleted is kept. Signed records are not in it: they hold tokens and salted digests only, and taking
 * one away would break every proof after it.
 */
import * as z from 'zod';

/** Contents kept encrypted beside the records that digest them. */
export const PAYLOAD_KINDS = [
  'producer_payload',
  'escalation_action',
  'escalation_evidence',
  'review_reason',
  'condition_reason',
  'hold_reason',
] as const;
export type PayloadKind = (typeof PAYLOAD_KINDS)[number];

export const RETENTION_KINDS = [...PAYLOAD_KINDS, 'identifier'] as const;
export const retentionKind = z.enum(RETENTION_KINDS);
export type RetentionKind = z.infer<typeof retentionKind>;

export const RETENTION_KIND_NAMES: Record<RetentionKind, string> = {
  producer_payload: 'Inputs and outputs that producers handed over',
  escalation_action: 'Actions submitted for review',
  escalation_evidence: 'Evidence submitted for review',
  review_reason: 'Reviewers’ reasons in their own words',
  condition_reason: 'Reasons for closing a condition',
  hold_reason: 'Reasons for placing or releasing a hold',
  identifier: 'Identifiers in the vault, after their subject’s last decision',
};

/** Whole days; null: until the subject is erased. */
const days = z.number().int().min(1).max(36_525).nullable();

export const retentionSchedule = z.strictObject(
  Object.fromEntries(RETENTION_KINDS.map((kind) => [kind, days])) as Record<RetentionKind, typeof days>,
);
export type RetentionSchedule = z.infer<typeof retentionSchedule>;

/**
 * In force until compliance sets another, as version 0: contents for half a year, long enough for a dispute and short enough
 * to be forgotten; why somebody decided for ten years; identifiers until erased.
 */
export const DEFAULT_SCHEDULE: RetentionSchedule = {
  producer_payload: 180,
  escalation_action: 180,
  escalation_evidence: 180,
  review_reason: 3_653,
  condition_reason: 3_653,
  hold_reason: 3_653,
  identifier: null,
};

const DAY_MS = 86_400_000;
/** 9999-12-31: what has no end still needs a place among the months. */
export const NO_EXPIRY_MS = Date.UTC(9999, 11, 31);

/** When something of this kind, kept since `createdAtMs`, is due to be deleted. */
export function expiryOf(schedule: RetentionSchedule, kind: RetentionKind, createdAtMs: number): number {
  const kept = schedule[kind];
  return kept === null ? NO_EXPIRY_MS : createdAtMs + kept * DAY_MS;
}

/** One sentence a kind whose days differ, as a `change` record's summary has it; empty when nothing does. */
export function describeScheduleChange(before: RetentionSchedule, after: RetentionSchedule): string[] {
  return RETENTION_KINDS.filter((kind) => before[kind] !== after[kind]).map(
    (kind) => `${kind}: ${wordsOf(before[kind])} to ${wordsOf(after[kind])}`,
  );
}

function wordsOf(kept: number | null): string {
  return kept === null ? 'until erased' : kept === 1 ? '1 day' : `${kept} days`;
}
