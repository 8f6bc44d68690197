import type { Control } from '@/lib/decisions/record-payload';
import type { Measured, Quorum } from '@/lib/escalations/escalation-view';
import type { PolicyReason } from './policy-reason';

/** One rule that fired: what it demands, and the numbers that made it. */
export type PolicyFinding = {
  verdict: 'refuse' | 'defer' | 'escalate';
  control: Control;
  rule: string;
  reasonCode: PolicyReason;
  /** The rule's own quorum; the policy's general one where it has none. */
  quorum?: Quorum;
  measured: Measured;
};

/** What a set of rules found; `stateMissing` when any of them lacked its answer, so that the whole must be contained. */
export type PolicyFindings = { findings: PolicyFinding[]; stateMissing: boolean };
