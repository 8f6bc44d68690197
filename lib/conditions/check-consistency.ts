import type { ActionReading } from './action-reading';
import type { FoundCondition } from './condition';

/** That everything says the same of the action: one digest, one outcome, one decision, no execution before its approval. */
export function checkConsistency(reading: ActionReading): FoundCondition[] {
  const { escalation, evaluation, claimants, rival, executedBefore, decisionPlaces } = reading.evidence;
  const fault = (detail: string) => reading.fault('evidence_inconsistent', detail);
  const found: FoundCondition[] = [];
  const differs = (what: string) => found.push(fault(`${what} speaks of another action.`));
  if (!evaluation) found.push(fault('The evaluation that asked for a person is not there.'));
  else {
    if (evaluation.actionDigest !== escalation.actionDigest) differs('The evaluation');
    if (evaluation.gateway !== escalation.gateway)
      found.push(fault('The evaluation was made for another gateway.'));
    if (evaluation.policyDigest !== escalation.policyDigest)
      found.push(fault('The evaluation was made under another policy.'));
  }
  const said = reading.submitted;
  if (said) {
    if (said.action_digest !== escalation.actionDigest || said.tool !== escalation.tool)
      differs('The request’s record');
    if ((said.decision_id ?? null) !== escalation.decision)
      found.push(fault('The request’s record names another decision.'));
  }
  const told = reading.decision;
  if (told) {
    const { output, review } = told.body;
    if (told.id !== escalation.decision) found.push(fault('At the decision’s place stands another record.'));
    const digest = output.action.action_digest;
    if (
      (digest !== undefined && digest !== escalation.actionDigest) ||
      output.action.name !== escalation.tool
    )
      differs('The decision’s record');
    if (output.outcome.verdict !== 'escalate')
      found.push(
        fault(`The decision’s record says “${output.outcome.verdict}”, not that a person was asked.`),
      );
    const { evaluation_id } = output.outcome;
    if (evaluation_id !== undefined && evaluation_id !== escalation.evaluation)
      found.push(fault('The decision’s record rests on another evaluation.'));
    if (review && review.escalation_id !== escalation.id)
      found.push(fault('The decision’s record names another escalation.'));
  }
  if (decisionPlaces.length > 1) found.push(fault('Two records claim to be this decision.'));
  if (claimants.some((id) => id !== escalation.decision))
    found.push(fault('Another decision claims this escalation.'));
  if (rival !== null) found.push(fault(`Escalation ${rival} asks for another action of the same decision.`));
  if (executedBefore !== null)
    found.push(fault(`Record ${executedBefore} says the action was carried out before it was approved.`));
  return found;
}
