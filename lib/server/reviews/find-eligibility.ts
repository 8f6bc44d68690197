import { ok, type Result } from '@/lib/core/result';
import { type EligibilityCode, mayDecide, type Right } from '@/lib/escalations/eligibility';
import type { Role, Verdict } from '@/lib/escalations/escalation-view';
import type { Approver } from '@/lib/escalations/quorum';
import type { Authority } from '@/lib/identity/authority';
import { findOpenBreakGlass } from '../break-glass/find-open';
import { nowMs as clockNowMs } from '../clock';
import { together } from '../database/side-by-side';
import type { Tx } from '../database/transaction';
import { findLent } from '../delegations/find-lent';
import type { EscalationRecord } from '../escalations/escalation-record';
import { findHumans } from '../identity/find-humans';
import { formatEligibilityInput } from './eligibility-input';
import { findStandings } from './find-standings';
import { findVerdicts, listApprovers } from './find-verdicts';
import type { Reviewer } from './reviewer';

export interface Eligibility {
  may: Result<Role, EligibilityCode>;
  /** By what right, when they may. */
  right: Right | null;
  /** The person's own authority, for what is shown when it stops them. */
  authority: Authority | null;
  ownVerdict: Verdict | null;
  /** Everyone who approved so far, as the quorum counts them. */
  approvers: Approver[];
}

/**
 * Reads what the pure rule needs at `nowMs`: verdicts so far, every account of the person and every name under which they
 * ask, their authority, what was lent to them by whom, and an open break-glass.
 */
export async function findEligibility(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
  { nowMs = clockNowMs() } = {},
): Promise<Eligibility> {
  const { tenant } = escalation;
  const person = viewer.person.id;
  // Ending a link opens nothing that was asked while it stood.
  const sinceMs = escalation.createdAtMs;
  const [verdicts, humans, lent, breakGlass] = await together([
    findVerdicts(tx, escalation),
    findHumans(tx, tenant, sinceMs),
    findLent(tx, tenant, [person], nowMs),
    findOpenBreakGlass(tx, tenant, nowMs),
  ]);
  const standings = await findStandings(
    tx,
    tenant,
    [...humans.accountsOf(person), ...lent.flatMap(({ delegator }) => humans.accountsOf(delegator))],
    sinceMs,
  );
  const own = standings.get(person);
  standings.set(person, {
    authority: own?.authority ?? null,
    linked: own?.linked ?? [],
    // Read with the session, a moment ago; the other accounts' roles are added by the rule.
    roles: [...viewer.roles],
  });
  const decided = mayDecide(
    formatEligibilityInput(person, escalation, {
      verdicts,
      humans,
      lent,
      standings,
      breakGlass,
      nowMs,
    }),
  );
  return {
    may: decided.ok ? ok(decided.value.role) : decided,
    right: decided.ok ? decided.value : null,
    authority: own?.authority ?? null,
    ownVerdict: verdicts.find((row) => row.person === person)?.verdict ?? null,
    approvers: listApprovers(verdicts, humans.humanOf),
  };
}
