/**
 * Quorum: every role of the list must be filled by distinct people (AND, never OR). A senior reviewer may also fill a
 * reviewer's place; nobody fills two. Roles that cannot decide (administrator, auditor, compliance) fill nothing.
 */
import type { Quorum, Role } from '@/lib/escalations/escalation-view';

export interface Approver {
  person: string;
  /** The role under which the approval was given. */
  role: Role;
}

export interface QuorumStatus {
  /** Places filled by distinct people. */
  approvals: number;
  needed: number;
  reached: boolean;
}

/** Which places a role may fill. */
const FILLS: Record<Role, readonly Role[]> = {
  reviewer: ['reviewer'],
  senior_reviewer: ['senior_reviewer', 'reviewer'],
  compliance: [],
  auditor: [],
  admin: [],
};

/** How far a quorum is filled. A quorum without places is never reached: zero approvals never pass. */
export function decideQuorum(quorum: Quorum, approvers: readonly Approver[]): QuorumStatus {
  const places = quorum.flatMap(({ role, count }) => Array.from({ length: count }, () => role));
  const people = [...new Map(approvers.map((approver) => [approver.person, approver])).values()];
  const holder: (number | undefined)[] = places.map(() => undefined);
  let approvals = 0;
  people.forEach((_, person) => {
    if (seat(person, places, people, holder, new Set())) approvals++;
  });
  return { approvals, needed: places.length, reached: places.length > 0 && approvals === places.length };
}

/**
 * The role under which somebody with `roles` would fill a place that is still open, or null when they cannot. The graver
 * role is preferred, so that the record says with what authority they signed.
 */
export function roleToDecide(
  quorum: Quorum,
  approvers: readonly Approver[],
  person: string,
  roles: readonly Role[],
): Role | null {
  const before = decideQuorum(quorum, approvers).approvals;
  for (const role of ['senior_reviewer', 'reviewer'] as const) {
    if (!roles.includes(role)) continue;
    if (decideQuorum(quorum, [...approvers, { person, role }]).approvals > before) return role;
  }
  return null;
}

/** Augmenting path (Kuhn): seats one person, moving others to other places they may fill. */
function seat(
  person: number,
  places: readonly Role[],
  people: readonly Approver[],
  holder: (number | undefined)[],
  tried: Set<number>,
): boolean {
  const approver = people[person];
  if (!approver) return false;
  for (let place = 0; place < places.length; place++) {
    const role = places[place];
    if (!role || tried.has(place) || !FILLS[approver.role].includes(role)) continue;
    tried.add(place);
    const current = holder[place];
    if (current === undefined || seat(current, places, people, holder, tried)) {
      holder[place] = person;
      return true;
    }
  }
  return false;
}
