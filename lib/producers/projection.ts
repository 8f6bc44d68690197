import type { EdgeKind } from './edge-kinds';

/** One row of `decisions`; column names as in the table, absent values null. */
export interface DecisionRow {
  id: string;
  occurredAt: string;
  agent: string;
  agentVersion: string;
  runtime: string | null;
  principal: string | null;
  sessionId: string | null;
  runId: string | null;
  traceId: string | null;
  tool: string;
  resource: string | null;
  actionDigest: string | null;
  tier: string;
  verdict: string;
  source: string;
  control: string | null;
  rule: string | null;
  reasonCode: string;
  model: string | null;
  modelVersion: string | null;
  promptDigest: string | null;
  policyId: string | null;
  policyVersion: string | null;
  amount: string | null;
  currency: string | null;
  escalation: string | null;
  prompt: string | null;
  promptVersion: string | null;
  /** `\nname=verdict\n…\n` of what was evaluated, in the record's order; null when nothing was. */
  guardrails: string | null;
  evaluation: string | null;
}

/** What a decision may have several of, each findable by its own index. */
export interface MarkRow {
  kind: 'guardrail' | 'reviewer' | 'downstream' | 'origin';
  value: string;
}

/** A mark that a later record gives: `owner` is the decision's id, or that of its escalation or approval. */
export interface LateMarkRow extends MarkRow {
  owner: string;
}

export interface EdgeRow {
  source: string;
  kind: EdgeKind;
  target: string;
}

/** The first sight of the very prompt, policy, model or index version that was active. */
export interface VersionRow {
  digest: string;
  kind: 'prompt' | 'policy' | 'model' | 'index' | 'guardrail' | 'threshold' | 'routing';
  name: string;
  version: string;
}

export interface ChangeRow {
  id: string;
  occurredAt: string;
  target: string;
  name: string;
  fromVersion: string | null;
  toVersion: string;
  direction: string | null;
  summary: string;
}

/** A version that a decision ran under; a guardrail's threshold is a version of its own. */
export interface VersionUseRow {
  kind: 'agent' | 'model' | 'prompt' | 'index' | 'policy' | 'routing' | 'guardrail' | 'guardrail-threshold';
  name: string;
  version: string;
}

/** One guardrail's word on one decision; `threshold` is empty where it named none. */
export interface GuardrailRow {
  name: string;
  version: string;
  threshold: string;
  verdict: 'pass' | 'fail' | 'error';
  scoreClass: number;
}

/** Everything that search, lineage and insights keep of one record. Rebuilt from records, never the truth. */
export interface Projection {
  occurredAt: string;
  decision: DecisionRow | null;
  subjects: readonly { token: string; type: string }[];
  marks: readonly MarkRow[];
  lateMarks: readonly LateMarkRow[];
  edges: readonly EdgeRow[];
  versions: readonly VersionRow[];
  versionUses: readonly VersionUseRow[];
  guardrails: readonly GuardrailRow[];
  change: ChangeRow | null;
}
