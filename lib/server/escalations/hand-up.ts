import { nextHigher, type RaiseTarget } from '@/lib/escalations/decide-raise';
import type { HandUpReason } from '@/lib/escalations/escalation-lists';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { requirePending } from '../flow/require-pending';
import { findEligibility } from '../reviews/find-eligibility';
import { activeLease } from '../reviews/lease';
import type { Reviewer } from '../reviews/reviewer';
import { listEligible, readPeople } from './list-eligible';
import { writeRaised } from './write-raised';

/**
 * A reviewer hands an escalation to the next higher authority: to the senior reviewers where another than this person may
 * decide it and they were not asked, else to compliance. A claim of theirs is given back. It is no verdict, gives nobody a
 * right, takes none from this person, and moves no clock.
 * @throws ServiceError `escalation_unknown`, `escalation_ended`, `lease_held`, `nobody_higher`, or the code of `mayDecide`
 */
export async function handUpEscalation(
  viewer: Reviewer,
  id: string,
  reason: HandUpReason,
  { nowMs = clockNowMs() } = {},
): Promise<{ to: RaiseTarget }> {
  const tenant = viewer.tenant.id;
  const person = viewer.person.id;
  return inTransaction(async (tx) => {
    const escalation = await requirePending(tx, { tenant, id }, { nowMs });
    const { may } = await findEligibility(tx, viewer, escalation, { nowMs });
    if (!may.ok) throw new ServiceError(may.code, may.detail);
    const held = activeLease(escalation.lease, nowMs);
    if (held && held.person !== person)
      throw new ServiceError('lease_held', 'Somebody else is working on this.');
    if (escalation.raised?.to === 'compliance') throw new ServiceError('nobody_higher');
    const people = await readPeople(tx, tenant, { nowMs, sinceMs: escalation.createdAtMs });
    const own = people.humans.humanOf(person);
    const others = (await listEligible(tx, escalation, people)).filter(
      (each) => people.humans.humanOf(each.person) !== own,
    );
    const to = nextHigher(
      escalation.raised?.to ?? null,
      others.map(({ role }) => role),
    );
    // Its time to go further counts from now: the sweep looks at once and says when next.
    await tx.query(
      `UPDATE escalations SET raise_check_at = $3, lease_person = NULL, lease_until = NULL
        WHERE id = $1 AND tenant = $2`,
      [id, tenant, new Date(nowMs)],
    );
    await writeRaised(tx, escalation, { to, reason, atMs: nowMs, by: person });
    return { to };
  });
}
