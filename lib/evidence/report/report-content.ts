import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import type { DecisionRow } from '@/lib/decisions/decision-view';
import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import type { Check, CheckVerdict } from '@/lib/integrity/check';
import { type Ending, endingOf, tellStory } from '../decision-story';
import { listTimeline, type TimelineEvent } from '../decision-timeline';
import type { EvidenceGroup } from '../evidence-value';
import type { PackageExport, PackageManifest } from '../package/manifest';
import { reconstruct } from '../reconstruct';

/** A decision as the report tells it. */
export interface ReportedDecision {
  row: DecisionRow;
  ending: Ending;
  /** Empty where the signed record cannot be read. */
  groups: readonly EvidenceGroup[];
  timeline: readonly TimelineEvent[];
  checks: readonly Check[];
  /** Digests and places of its records, for whoever compares by hand. */
  records: readonly { kind: string; stream: string; position: number; digest: string; leaf: number | null }[];
}

/** A decision that is only listed. */
export interface ListedDecision {
  row: DecisionRow;
  ending: Ending;
  counts: Readonly<Record<CheckVerdict, number>>;
}

export interface ReportContent {
  createdAt: string;
  console: PackageManifest['console'];
  request: PackageExport;
  exportRecord: { stream: string; position: number };
  checkpoint: { size: number; root: string } | null;
  verifierDigest: string | null;
  decisions: number;
  /** Whether the search goes on in another package. */
  continues: boolean;
  reported: readonly ReportedDecision[];
  listed: readonly ListedDecision[];
  /** Decisions that are neither told nor listed; the manifest names every one. */
  unlisted: number;
  counts: Readonly<Record<CheckVerdict, number>>;
  keys: readonly { kind: string; name: string; fingerprint: string }[];
}

/** What the report tells of one decision, from what its records say and what the checks found. */
export function tellDecision(
  detail: DecisionDetail,
  checks: readonly Check[],
  records: ReportedDecision['records'],
): ReportedDecision {
  const { row, record, people } = detail;
  const story = tellStory(detail.related);
  const read = record ? readRecord(record) : null;
  const body = read?.ok ? decisionBody.safeParse(read.value.payload.body) : null;
  const ending = endingOf(row.verdict, story);
  if (!record || !read?.ok || !body?.success)
    return { row, ending, groups: [], timeline: [], checks, records };
  const { payload } = read.value;
  return {
    row,
    ending,
    groups: reconstruct({ producer: payload.producer, body: body.data, story, detail }),
    timeline: listTimeline({ view: record, occurredAt: payload.occurred_at, body: body.data }, story, people),
    checks,
    records,
  };
}

/** How many lines carry each verdict. */
export function countVerdicts(checks: readonly Pick<Check, 'verdict'>[]): Record<CheckVerdict, number> {
  const counts = { valid: 0, invalid: 0, 'not-checked': 0 };
  for (const { verdict } of checks) counts[verdict]++;
  return counts;
}
