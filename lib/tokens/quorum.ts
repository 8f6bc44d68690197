/**
 * Quorum: every role of the list must be filled by distinct people (AND, never OR). A senior reviewer may also fill a
 * reviewer's place; nobody fills two. Every other role fills nothing, and a quorum without places is never reached.
 *
 * The console counts with it before it issues a token, the gateway before it spends one.
 */
import { err, ok, type Result } from '@/lib/core/result';
import type { TokenApproval } from './claims';

/** So many distinct people of one role. */
export interface QuorumPlace {
  role: string;
  count: number;
}

/** Somebody who approved, and the role in which. */
export interface Seated {
  person: string;
  role: string;
}

export interface QuorumStatus {
  /** Places filled by distinct people. */
  approvals: number;
  needed: number;
  reached: boolean;
}

/** Which places a role may fill. */
const FILLS: Readonly<Record<string, readonly string[]>> = {
  reviewer: ['reviewer'],
  senior_reviewer: ['senior_reviewer', 'reviewer'],
};

/** How far a quorum is filled. */
export function fillQuorum(quorum: readonly QuorumPlace[], approvers: readonly Seated[]): QuorumStatus {
  const places = quorum.flatMap(({ role, count }) => Array.from({ length: count }, () => role));
  const people = [...new Map(approvers.map((approver) => [approver.person, approver])).values()];
  const holder: (number | undefined)[] = places.map(() => undefined);
  let approvals = 0;
  people.forEach((_, person) => {
    if (seat(person, places, people, holder, new Set())) approvals++;
  });
  return { approvals, needed: places.length, reached: places.length > 0 && approvals === places.length };
}

export type TokenQuorumCode = 'duplicate_human' | 'quorum_incomplete' | 'break_glass_refused';

/**
 * Whether the approvals of a verified token satisfy a quorum that the gateway knows: nobody stands in it twice, be it
 * for themselves or for whom they stood in, and every place is filled. An approval under an opened break-glass counts as
 * a senior's only where `breakGlass` says that the policy lets it.
 */
export function checkTokenQuorum(
  approvals: readonly TokenApproval[],
  quorum: readonly QuorumPlace[],
  { breakGlass }: { breakGlass: boolean },
): Result<true, TokenQuorumCode> {
  const people = approvals.flatMap(({ reviewer, on_behalf_of }) =>
    on_behalf_of === undefined ? [reviewer] : [reviewer, on_behalf_of],
  );
  if (new Set(people).size !== people.length) return err('duplicate_human');
  const seats = approvals.map(({ reviewer, role, break_glass }) => ({
    person: reviewer,
    role: break_glass !== undefined && breakGlass ? 'senior_reviewer' : role,
  }));
  if (fillQuorum(quorum, seats).reached) return ok(true);
  return !breakGlass && approvals.some(({ break_glass }) => break_glass !== undefined)
    ? err('break_glass_refused')
    : err('quorum_incomplete');
}

/** Augmenting path (Kuhn): seats one person, moving others to other places they may fill. */
function seat(
  person: number,
  places: readonly string[],
  people: readonly Seated[],
  holder: (number | undefined)[],
  tried: Set<number>,
): boolean {
  const approver = people[person];
  if (!approver) return false;
  const fills = Object.hasOwn(FILLS, approver.role) ? (FILLS[approver.role] ?? []) : [];
  for (let place = 0; place < places.length; place++) {
    const role = places[place];
    if (!role || tried.has(place) || !fills.includes(role)) continue;
    tried.add(place);
    const current = holder[place];
    if (current === undefined || seat(current, places, people, holder, tried)) {
      holder[place] = person;
      return true;
    }
  }
  return false;
}
