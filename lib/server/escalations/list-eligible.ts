import { mayDecide } from '@/lib/escalations/eligibility';
import type { Role } from '@/lib/identity/role';
import { findOpenBreakGlass } from '../break-glass/find-open';
import type { Tx } from '../database/transaction';
import { findLent } from '../delegations/find-lent';
import { findHumans } from '../identity/find-humans';
import { formatEligibilityInput, type PeopleRead } from '../reviews/eligibility-input';
import { findStandings } from '../reviews/find-standings';
import { findVerdicts } from '../reviews/find-verdicts';
import type { EscalationRecord } from './escalation-record';

/** Everybody of a tenant who decides, read once for all of its escalations since `sinceMs`. */
export type TenantPeople = Omit<PeopleRead, 'verdicts'>;

export async function readPeople(
  tx: Tx,
  tenant: string,
  { nowMs, sinceMs }: { nowMs: number; sinceMs: number },
): Promise<TenantPeople> {
  return {
    humans: await findHumans(tx, tenant, sinceMs),
    lent: await findLent(tx, tenant, 'anybody', nowMs),
    standings: await findStandings(tx, tenant, 'deciding', sinceMs),
    breakGlass: await findOpenBreakGlass(tx, tenant, nowMs),
    nowMs,
  };
}

/** The accounts that may decide an escalation now, each with the role in which its verdict would count; `lasting` by no clock. */
export async function listEligible(
  tx: Tx,
  escalation: EscalationRecord,
  people: TenantPeople,
): Promise<{ person: string; role: Role; lasting: boolean }[]> {
  const verdicts = await findVerdicts(tx, escalation);
  return [...people.standings.keys()].flatMap((person) => {
    const may = mayDecide(formatEligibilityInput(person, escalation, { ...people, verdicts }));
    if (!may.ok) return [];
    const { role, delegation, breakGlass } = may.value;
    const isOwn = delegation === null && breakGlass === null;
    return [{ person, role, lasting: isOwn && people.standings.get(person)?.authority?.hours === null }];
  });
}
