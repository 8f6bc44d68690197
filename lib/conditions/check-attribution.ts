import type { ActionReading } from './action-reading';
import type { FoundCondition } from './condition';

/** Who acted, by every name under which the evidence knows them. */
export function checkAttribution(reading: ActionReading): FoundCondition[] {
  const { escalation, gatewayKey, decision, nowMs } = reading.evidence;
  const fault = (detail: string) => reading.fault('attribution_failed', detail);
  const found: FoundCondition[] = [];
  if (!gatewayKey || gatewayKey.producer !== escalation.gateway)
    found.push(fault('The key with which the gateway asked is not registered for it.'));
  else if ((gatewayKey.retiredAtMs ?? gatewayKey.disabledAtMs ?? Number.POSITIVE_INFINITY) <= nowMs)
    found.push(fault('The key with which the gateway asked has been retired.'));
  if (decision && reading.placed(decision).ok) {
    const author = reading.author(decision);
    if (!author.ok) found.push(fault(`The decision’s record cannot be attributed: ${author.code}.`));
  }
  if (reading.decision) {
    const { agent, principal } = reading.decision.body.identity;
    if (agent.id !== escalation.agent) found.push(fault('Another agent made the decision than acts.'));
    if (principal && escalation.principal !== null && principal.token !== escalation.principal)
      found.push(fault('The decision was made for another principal than the action.'));
  }
  const { submitted } = reading;
  if (
    submitted &&
    (submitted.gateway !== escalation.gateway ||
      submitted.agent !== escalation.agent ||
      (submitted.principal ?? null) !== escalation.principal)
  )
    found.push(fault('The request’s record names another gateway, agent or principal.'));
  return found;
}
