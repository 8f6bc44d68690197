/**
 * Who may decide an escalation, and by what right. Requester, principal and administrator never count, whichever of their
 * accounts they use; people are counted, not accounts; lent authority never reaches further than its owner's.
 */
import { err, ok, type Result } from '@/lib/core/result';
import type { Tier } from '@/lib/decisions/record-payload';
import type { EscalationState, Quorum, Role, Verdict } from '@/lib/escalations/escalation-view';
import { type Approver, roleToDecide } from '@/lib/escalations/quorum';
import {
  type Authority,
  type AuthorityCode,
  type AuthorityNeed,
  decideAuthority,
} from '@/lib/identity/authority';

export type EligibilityCode =
  | 'escalation_ended'
  | 'role_required'
  | 'already_decided'
  | 'duplicate_human'
  | 'self_approval'
  | 'insufficient_authority'
  | 'outside_hours';

/** Under which names somebody appears as the one who asks: their ids, the tokens they stand behind, agents, producers. */
export interface OwnNames {
  /** One id for the human, the same for all of their accounts. */
  person: string;
  /** Every account of theirs, and the subject tokens, agent ids and producer ids linked to any of them. */
  linked: readonly string[];
}

/** Authority that somebody lent to this person, as it stands now. */
export interface LentAuthority {
  id: string;
  /** The account that lent it. */
  from: string;
  fromNames: OwnNames;
  /** The lender's own roles and authority at this moment, without what was lent to them. */
  fromRoles: readonly Role[];
  fromAuthority: Authority | null;
  /** What of it was lent. */
  roles: readonly Role[];
  authority: Authority;
  /** The lender decided this themselves, or somebody did with their authority: it counts once. */
  used: boolean;
}

/** A break-glass that is open at this moment. */
export interface OpenBreakGlass {
  id: string;
  tiers: readonly Tier[];
  relaxes: readonly ('limits' | 'hours' | 'senior')[];
}

export interface EligibilityInput {
  names: OwnNames;
  roles: readonly Role[];
  authority: Authority | null;
  ownVerdict: Verdict | null;
  /** Another account of the same human decided, or this person's authority was used by whom they lent it to. */
  counted: boolean;
  lent: readonly LentAuthority[];
  breakGlass: OpenBreakGlass | null;
  atMs: number;
  escalation: {
    state: EscalationState;
    quorum: Quorum;
    approvers: readonly Approver[];
    tier: Tier;
    tool: string;
    amount: string | null;
    currency: string | null;
    counterpartyClass: string | null;
    /** Everything that asked: principal token, agent, gateway, and each subject token of the action. */
    askedBy: readonly string[];
  };
}

/** By what right somebody decides; with neither of the last two it is their own. */
export interface Right {
  /** The role that is signed. */
  role: Role;
  /** How the approval counts toward the quorum. */
  seat: Approver;
  delegation: { id: string; onBehalfOf: string } | null;
  breakGlass: string | null;
}

/**
 * Whether a person may decide an escalation, and by what right: their own, else authority lent to them, else an open
 * break-glass. Tokens and ids are compared without regard to letter case (an agent id in another spelling is still the
 * same agent to its owner). A refusal's detail is the `AuthorityCode` that stands against the person's own authority.
 */
export function mayDecide(input: EligibilityInput): Result<Right, EligibilityCode> {
  const { escalation, roles, names } = input;
  if (escalation.state !== 'pending') return err('escalation_ended');
  if (input.ownVerdict) return err('already_decided');
  if (roles.includes('admin')) return err('role_required', 'administrators decide nothing');
  if (!roles.includes('reviewer') && !roles.includes('senior_reviewer')) return err('role_required');
  if (isOwnRequest(names, escalation.askedBy)) return err('self_approval');
  if (input.counted) return err('duplicate_human');
  const need: AuthorityNeed = { ...escalation, atMs: input.atMs };
  const own = ownRight(input, need);
  if (own.ok) return own;
  return lentRight(input, need) ?? brokenRight(input, need) ?? own;
}

function ownRight(input: EligibilityInput, need: AuthorityNeed): Result<Right, EligibilityCode> {
  const role = openRole(input, input.roles);
  if (!role) return err('role_required', 'the open place needs another role');
  const authority = decideAuthority(input.authority, need);
  if (!authority.ok) return err(refusalOf(authority.code), authority.code);
  return ok(rightOf(input, role, role));
}

/** The first lent authority that reaches: wholly under it, in its owner's role, never mixed with one's own. */
function lentRight(input: EligibilityInput, need: AuthorityNeed): Result<Right, never> | null {
  for (const lent of input.lent) {
    if (lent.used || lent.fromNames.person === input.names.person) continue;
    if (lent.fromRoles.includes('admin') || isOwnRequest(lent.fromNames, input.escalation.askedBy)) continue;
    const role = openRole(
      input,
      lent.roles.filter((each) => lent.fromRoles.includes(each)),
    );
    if (!role) continue;
    if (!decideAuthority(lent.authority, need).ok || !decideAuthority(lent.fromAuthority, need).ok) continue;
    return ok({
      ...rightOf(input, role, role),
      delegation: { id: lent.id, onBehalfOf: lent.from },
    });
  }
  return null;
}

/** What two people opened for a short time lifts what its policy lists, and nothing for somebody without authority. */
function brokenRight(input: EligibilityInput, need: AuthorityNeed): Result<Right, never> | null {
  const { breakGlass, authority } = input;
  if (!breakGlass || !authority || !breakGlass.tiers.includes(need.tier)) return null;
  const lifts = (what: OpenBreakGlass['relaxes'][number]) => breakGlass.relaxes.includes(what);
  const inRole = openRole(input, input.roles);
  const seatRole = inRole ?? (lifts('senior') ? openRole(input, ['senior_reviewer']) : null);
  if (!seatRole) return null;
  const reach = decideAuthority(lifts('hours') ? { ...authority, hours: null } : authority, need);
  const within = lifts('limits')
    ? decideAuthority({ ...UNLIMITED, hours: lifts('hours') ? null : authority.hours }, need)
    : reach;
  if (!within.ok) return null;
  const role = inRole ?? 'reviewer';
  return ok({ ...rightOf(input, role, seatRole), breakGlass: breakGlass.id });
}

const UNLIMITED: Authority = { maxTier: 'unbounded', limits: [], tools: [], counterparties: [], hours: null };

function rightOf({ names }: EligibilityInput, role: Role, seatRole: Role): Right {
  return { role, seat: { person: names.person, role: seatRole }, delegation: null, breakGlass: null };
}

function openRole({ escalation, names }: EligibilityInput, roles: readonly Role[]): Role | null {
  return roleToDecide(escalation.quorum, escalation.approvers, names.person, roles);
}

function refusalOf(code: AuthorityCode): EligibilityCode {
  return code === 'outside_hours' ? 'outside_hours' : 'insufficient_authority';
}

function isOwnRequest(names: OwnNames, askedBy: readonly string[]): boolean {
  const own = new Set([names.person, ...names.linked].map((name) => name.toLowerCase()));
  return askedBy.some((name) => own.has(name.toLowerCase()));
}
