import type { JsonValue } from '@/lib/core/json';
import { checkNarrowing, narrowRuleOf } from '@/lib/escalations/check-narrowing';
import type { Verdict } from '@/lib/escalations/escalation-view';
import type { FlowView } from '@/lib/escalations/flow-view';
import { readAction } from '@/lib/policy/action-facts';
import { resolvePointer } from '@/lib/policy/json-pointer';
import type { PolicyDocument } from '@/lib/policy/policy-document';
import type { Tx } from '../database/transaction';
import { type EscalationRecord, findEscalation } from '../escalations/escalation-record';
import { type EscalationContent, readActionOf } from '../escalations/read-content';
import type { Reviewer } from '../reviews/reviewer';
import { listComments } from './list-comments';
import { ownsAgent } from './owns-agent';

/** What stands beside the evidence for this person at `nowMs`; the caller has recorded the disclosure. */
export async function getFlow(
  tx: Tx,
  viewer: Reviewer,
  read: {
    escalation: EscalationRecord;
    content: EscalationContent;
    document: PolicyDocument;
    mayDecide: boolean;
    ownVerdict: Verdict | null;
    nowMs: number;
  },
): Promise<FlowView> {
  const { escalation, content, document, ownVerdict } = read;
  const rule = content.action ? narrowRuleOf(readAction(document, content.action.value).tool) : null;
  const isOpen = escalation.state === 'pending' && read.nowMs < escalation.expiresAtMs;
  const places = (['lower', 'earlier', 'fewer'] as const).flatMap((kind) =>
    (rule?.[kind] ?? [])
      .filter(
        (pointer) => resolvePointer((content.action?.value ?? null) as JsonValue, pointer) !== undefined,
      )
      .map((pointer) => ({ pointer, kind })),
  );
  // Not asked here: whether somebody has given a verdict, which a second reviewer must not be told before theirs.
  const may = isOpen && read.mayDecide && places.length > 0;
  return {
    information: content.information,
    mayAnswer:
      isOpen &&
      content.information.some(({ answer }) => answer === null) &&
      (await ownsAgent(tx, viewer, escalation.agent)),
    ...(await listComments(tx, viewer, escalation, { hasDecided: ownVerdict !== null })),
    recommendation: content.recommendation,
    supersedes: escalation.supersedes,
    supersededBy: escalation.supersededBy,
    narrowed: await listNarrowed(tx, escalation, content, document),
    narrow: { may, places },
  };
}

/** Recomputed from both actions' bytes: the difference is shown, not remembered. */
async function listNarrowed(
  tx: Tx,
  escalation: EscalationRecord,
  content: EscalationContent,
  document: PolicyDocument,
): Promise<FlowView['narrowed']> {
  if (escalation.supersedes === null || !content.action) return [];
  const original = await findEscalation(tx, { tenant: escalation.tenant, id: escalation.supersedes });
  const before = original && (await readActionOf(tx, original));
  if (!before) return [];
  const rule = narrowRuleOf(readAction(document, before.value).tool);
  const compared = checkNarrowing(before.value, content.action.value, rule);
  return compared.ok ? compared.value : [];
}
