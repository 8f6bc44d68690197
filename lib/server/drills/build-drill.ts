import { applyRecipe, type DrillRecipe } from '@/lib/attention/drill-recipes';
import { redrawIdentifiers } from '@/lib/attention/redraw-identifiers';
import type { JsonValue } from '@/lib/core/json';
import type { Evidence } from '@/lib/escalations/escalation-view';
import type { Recommendation } from '@/lib/escalations/flow-view';
import type { PolicyDecision } from '@/lib/policy/decide-policy';
import { resolvePointer } from '@/lib/policy/json-pointer';
import { mostSpecific } from '@/lib/policy/match-pattern';
import { type Action, actionDigest } from '@/lib/tokens/action';
import { decideNow } from '../access/decide-now';
import type { Tx } from '../database/transaction';
import { type EscalationRecord, findEscalation } from '../escalations/escalation-record';
import { readContent } from '../escalations/read-content';
import { readRecommendation } from '../flow/find-recommendation';
import type { ActivePolicy } from '../policies/get-active-policy';
import { randomNumber } from './random-number';

export interface BuiltDrill {
  model: EscalationRecord;
  action: Action;
  evidence: Evidence;
  subjects: { type: string; token: string }[];
  /** What a machine said of the model: a drill without one would be known where every case has one. */
  recommendation?: Recommendation;
  clue: string;
  /** What the policy in force says of it, measured with the model's own principal: as of any real case of theirs. */
  decision: PolicyDecision;
}

/**
 * Makes a drill of one past escalation, or null when it cannot be made realistic: its content is gone, the recipe does not
 * fit, or the policy in force would not ask people about it.
 */
export async function buildDrill(
  tx: Tx,
  input: { tenant: string; model: string; recipe: DrillRecipe; policy: ActivePolicy; nowMs: number },
): Promise<BuiltDrill | null> {
  const { tenant, recipe, policy, nowMs } = input;
  const model = await findEscalation(tx, { tenant, id: input.model });
  const content = model && (await readContent(tx, model, ''));
  if (!model || !content?.action || !content.evidence) return null;
  const tool = mostSpecific(policy.document.tools, model.tool);
  if (!tool) return null;
  const draft = applyRecipe(
    recipe,
    { action: content.action.value, evidence: content.evidence },
    tool,
    randomNumber,
  );
  if (!draft) return null;
  const decision = await decideNow(tx, { tenant, policy, action: draft.action, nowMs });
  if (decision.verdict !== 'escalate' || !decision.requestable) return null;
  const named = [draft.action, content.action.value].flatMap((action) =>
    [tool.counterparty, tool.counterpartyName, tool.amount].flatMap((pointer) => {
      const value =
        pointer === undefined ? undefined : resolvePointer(action as unknown as JsonValue, pointer);
      return typeof value === 'string' ? [value] : [];
    }),
  );
  const { action, evidence } = draft;
  const recommendation = await readRecommendation(tx, model);
  const redrawn = redrawIdentifiers(
    { action, evidence, subjects: model.subjects, ...(recommendation ? { recommendation } : {}) },
    [...named, model.tool, model.agent],
    randomNumber,
  );
  const taken = await tx.query('SELECT 1 FROM escalations WHERE tenant = $1 AND action_digest = $2 LIMIT 1', [
    tenant,
    actionDigest(redrawn.action),
  ]);
  if (taken.rowCount !== 0) return null;
  return { model, ...redrawn, clue: draft.clue, decision };
}
