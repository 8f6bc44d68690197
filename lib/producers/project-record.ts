/**
 * From one record's payload to what search, lineage and insights keep of it. The same mapping serves appending and
 * `countersign rebuild`, so that projections are a function of the records alone.
 *
 * Bodies of the console's own kinds name what they speak of by `escalation_id`, `decision_id` and `approval_id`.
 */
import {
  type ActionOutcomeBody,
  actionOutcomeBody,
  type ChangeBody,
  type DecisionBody,
} from '@/lib/decisions/record-payload';
import { externalNode } from './edge-kinds';
import { plainText } from './plain-text';
import { projectDecision } from './project-decision';
import type { EdgeRow, LateMarkRow, Projection, VersionRow } from './projection';
import { versionKind } from './version-request';

export interface ProjectedRecord {
  kind: string;
  id: string;
  occurred_at: string;
  /** As the kind's body schema returned it; null for a later schema's body, which is only kept. */
  body: Record<string, unknown> | null;
}

/** The projection of a record whose payload and body passed their schemas. */
export function projectRecord(record: ProjectedRecord): Projection {
  const { kind, id, body } = record;
  if (body === null) return edgesOnly(record, []);
  switch (kind) {
    case 'decision':
      return projectDecision(id, record.occurred_at, body as DecisionBody);
    case 'version.registered':
      return projectRegistration(record, body);
    case 'change':
      return projectChange(record, body as ChangeBody);
    case 'escalation':
      return edgesOnly(record, link(textOf(body.escalation_id) ?? id, 'escalates', body.decision_id));
    case 'review':
      return {
        ...edgesOnly(record, link(id, 'reviews', body.escalation_id)),
        lateMarks: reviewMarks(body),
      };
    case 'approval.issued':
      return edgesOnly(record, link(textOf(body.approval_id) ?? id, 'approves', body.escalation_id));
    case 'approval.redeemed':
      return edgesOnly(record, link(id, 'redeems', body.approval_id));
    case 'approval.revoked':
      return edgesOnly(record, link(id, 'revokes', body.approval_id));
    case 'action.outcome':
      return { ...edgesOnly(record, outcomeEdges(id, body)), lateMarks: outcomeMarks(body) };
    default:
      return edgesOnly(record, []);
  }
}

const NOTHING: Omit<Projection, 'occurredAt'> = {
  decision: null,
  subjects: [],
  marks: [],
  lateMarks: [],
  edges: [],
  versions: [],
  versionUses: [],
  guardrails: [],
  change: null,
};

function edgesOnly(record: ProjectedRecord, edges: readonly EdgeRow[]): Projection {
  return { ...NOTHING, occurredAt: record.occurred_at, edges };
}

function link(source: string, kind: EdgeRow['kind'], target: unknown): EdgeRow[] {
  const node = textOf(target);
  return node === null ? [] : [{ source, kind, target: node }];
}

/** The console's own outcome may know only the approval; a producer's always names the decision. */
export const consoleOutcomeBody = actionOutcomeBody.partial({ decision_id: true });

function outcomeEdges(id: string, body: Record<string, unknown>): EdgeRow[] {
  const parsed = consoleOutcomeBody.safeParse(body);
  if (!parsed.success) return [];
  const outcome: Partial<ActionOutcomeBody> = parsed.data;
  const things = outcome.downstream ?? [];
  const owner = outcome.decision_id ?? outcome.approval_id;
  if (!owner) return [];
  return [
    ...link(id, 'reports', outcome.decision_id),
    ...link(id, 'reports', outcome.approval_id),
    ...things.map(
      (thing): EdgeRow => ({ source: owner, kind: 'created', target: plainText(externalNode(thing)) }),
    ),
  ];
}

function outcomeMarks(body: Record<string, unknown>): LateMarkRow[] {
  const parsed = consoleOutcomeBody.safeParse(body);
  const owner = parsed.data?.decision_id ?? parsed.data?.approval_id;
  if (owner === undefined) return [];
  const ids = new Set(parsed.data?.downstream.map(({ id }) => id));
  return Array.from(ids, (value) => ({ owner, kind: 'downstream', value }));
}

/** Who reviewed it, by the statement that they signed. */
function reviewMarks(body: Record<string, unknown>): LateMarkRow[] {
  const owner = textOf(body.decision_id) ?? textOf(body.escalation_id);
  const statement = body.statement as { reviewer?: unknown } | null | undefined;
  const reviewer = textOf(statement?.reviewer);
  return owner === null || reviewer === null ? [] : [{ owner, kind: 'reviewer', value: reviewer }];
}

const VERSION_KINDS: Record<ChangeBody['target'], VersionRow['kind']> = {
  model: 'model',
  prompt: 'prompt',
  retrieval_index: 'index',
  guardrail: 'guardrail',
  policy: 'policy',
  threshold: 'threshold',
  routing: 'routing',
};

/** The console's own record of content that a producer registered. */
function projectRegistration(record: ProjectedRecord, body: Record<string, unknown>): Projection {
  const { version_kind: kind, name, version, digest } = body;
  const known = versionKind.safeParse(kind);
  const [label, number, named] = [textOf(name), textOf(version), textOf(digest)];
  const projection = edgesOnly(record, []);
  if (!known.success || label === null || number === null || named === null) return projection;
  return { ...projection, versions: [{ digest: named, kind: known.data, name: label, version: number }] };
}

function projectChange(record: ProjectedRecord, body: ChangeBody): Projection {
  const kind = VERSION_KINDS[body.target];
  const versions: VersionRow[] = [];
  const name = plainText(body.name);
  const toVersion = plainText(body.to_version);
  const fromVersion = body.from_version === undefined ? null : plainText(body.from_version);
  if (body.to_digest) versions.push({ digest: body.to_digest, kind, name, version: toVersion });
  if (body.from_digest && fromVersion !== null)
    versions.push({ digest: body.from_digest, kind, name, version: fromVersion });
  return {
    ...NOTHING,
    occurredAt: record.occurred_at,
    edges: [...link(record.id, 'changes', body.to_digest), ...link(record.id, 'replaces', body.from_digest)],
    versions,
    change: {
      id: record.id,
      occurredAt: record.occurred_at,
      target: body.target,
      name,
      fromVersion,
      toVersion,
      direction: body.direction ?? null,
      summary: plainText(body.summary),
    },
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= 512 ? plainText(value) : null;
}
