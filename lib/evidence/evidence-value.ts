import type { OutcomeVerdict, Tier } from '@/lib/decisions/record-payload';
import type { VersionKind } from '@/lib/producers/version-request';

/** Who vouches for a value: its signer, this browser's own digest, a conclusion, or nobody. */
export type EvidenceMark = 'attested' | 'rehashed' | 'inferred' | 'missing';

/** A value in parts that a page draws and a report prints. Text comes from outside unless it is a joint (`dim`). */
export type ValuePart =
  | { kind: 'text'; text: string; tone?: 'strong' | 'dim' }
  | { kind: 'id'; value: string }
  /** A W3C trace id: a tracing UI may know it. */
  | { kind: 'trace'; value: string }
  /** A thing with a place in the lineage. */
  | { kind: 'node'; node: string; label: string }
  | { kind: 'amount'; amount: string; currency: string }
  | { kind: 'tier'; tier: Tier }
  | { kind: 'outcome'; verdict: OutcomeVerdict }
  | { kind: 'guardrail'; verdict: 'pass' | 'fail' | 'error' }
  | { kind: 'verdict'; verdict: 'approve' | 'deny' }
  | { kind: 'time'; at: string }
  | { kind: 'duration'; ms: number }
  /** An ISO 8601 duration as it was recorded, or any other word for a stretch of time. */
  | { kind: 'window'; window: string };

/** The record that a value was taken from, and the part of it. */
export interface ValueSource {
  stream: string;
  position: number;
  kind: string;
  /** Members of the body from its top. */
  field: string;
}

/** A version whose content can be opened as of then. */
export interface VersionRef {
  kind: VersionKind;
  name: string;
  version: string;
  digest: string | null;
}

export interface EvidenceValue {
  label: string;
  evidence: EvidenceMark;
  parts: ValuePart[];
  /** Why it bears this mark, in one sentence. */
  why?: string;
  source?: ValueSource;
  version?: VersionRef;
  /** The digest named in the record is not that of the content held here. */
  mismatch?: { expected: string; computed: string };
}

export interface EvidenceGroup {
  key:
    | 'identity'
    | 'input'
    | 'model'
    | 'context'
    | 'guardrails'
    | 'output'
    | 'review'
    | 'downstream'
    /** What the signed record says beyond the eight groups; there only when it says more. */
    | 'other';
  title: string;
  values: EvidenceValue[];
}

export const text = (value: string): ValuePart => ({ kind: 'text', text: value });
export const strong = (value: string): ValuePart => ({ kind: 'text', text: value, tone: 'strong' });
export const dim = (value: string): ValuePart => ({ kind: 'text', text: value, tone: 'dim' });
export const id = (value: string): ValuePart => ({ kind: 'id', value });
export const trace = (value: string): ValuePart => ({ kind: 'trace', value });
export const node = (name: string, label: string): ValuePart => ({ kind: 'node', node: name, label });

export const attested = (label: string, ...parts: ValuePart[]): EvidenceValue => ({
  label,
  evidence: 'attested',
  parts,
});
export const inferred = (label: string, ...parts: ValuePart[]): EvidenceValue => ({
  label,
  evidence: 'inferred',
  parts,
});
export const missing = (label: string, why: string): EvidenceValue => ({
  label,
  evidence: 'missing',
  parts: [text(why)],
});

/** The value with why it bears its mark. */
export const because = (why: string, value: EvidenceValue): EvidenceValue => ({ ...value, why });

/** How many values carry each mark. */
export function countMarks(groups: readonly EvidenceGroup[]): Record<EvidenceMark, number> {
  const counts: Record<EvidenceMark, number> = { attested: 0, rehashed: 0, inferred: 0, missing: 0 };
  for (const { evidence } of groups.flatMap(({ values }) => values)) counts[evidence]++;
  return counts;
}
