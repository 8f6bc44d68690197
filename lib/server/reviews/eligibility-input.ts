import type { EligibilityInput, OpenBreakGlass, OwnNames } from '@/lib/escalations/eligibility';
import type { LentRow } from '../delegations/find-lent';
import type { EscalationRecord } from '../escalations/escalation-record';
import type { Humans } from '../identity/find-humans';
import type { Standing } from './find-standings';
import { type GivenVerdict, listApprovers } from './find-verdicts';

/** What was read of a tenant's people, for one of them or for all. */
export interface PeopleRead {
  verdicts: readonly GivenVerdict[];
  humans: Humans;
  /** Delegations in force; others than to this person's account are passed over. */
  lent: readonly LentRow[];
  standings: ReadonlyMap<string, Standing>;
  breakGlass: OpenBreakGlass | null;
  nowMs: number;
}

/** What `mayDecide` asks of one account: the human's names and roles over all accounts, the authority of this one only. */
export function formatEligibilityInput(
  person: string,
  escalation: EscalationRecord,
  read: PeopleRead,
): EligibilityInput {
  const { humans, verdicts, standings } = read;
  const counted = new Set(
    verdicts.flatMap((each) => [
      humans.humanOf(each.person),
      ...(each.onBehalfOf === null ? [] : [humans.humanOf(each.onBehalfOf)]),
    ]),
  );
  const namesOf = (account: string): OwnNames => ({
    person: humans.humanOf(account),
    linked: humans.accountsOf(account).flatMap((each) => [each, ...(standings.get(each)?.linked ?? [])]),
  });
  const rolesOf = (account: string) => {
    const own = standings.get(account)?.roles ?? [];
    const isAdmin = humans.accountsOf(account).some((each) => standings.get(each)?.roles.includes('admin'));
    return isAdmin && !own.includes('admin') ? [...own, 'admin' as const] : own;
  };
  const ownVerdict = verdicts.find((each) => each.person === person)?.verdict ?? null;
  return {
    names: namesOf(person),
    roles: rolesOf(person),
    authority: standings.get(person)?.authority ?? null,
    ownVerdict,
    counted: ownVerdict === null && counted.has(humans.humanOf(person)),
    lent: read.lent
      .filter(({ delegate }) => delegate === person)
      .map(({ id, delegator, roles, authority }) => ({
        id,
        from: delegator,
        fromNames: namesOf(delegator),
        fromRoles: rolesOf(delegator),
        fromAuthority: standings.get(delegator)?.authority ?? null,
        roles,
        authority,
        used: counted.has(humans.humanOf(delegator)),
      })),
    breakGlass: read.breakGlass,
    atMs: read.nowMs,
    escalation: {
      ...escalation,
      approvers: listApprovers(verdicts, humans.humanOf),
      askedBy: [
        escalation.agent,
        escalation.gateway,
        ...(escalation.principal ? [escalation.principal] : []),
        ...(escalation.editedBy !== null && !escalation.editorCounts ? [escalation.editedBy] : []),
      ],
    },
  };
}
