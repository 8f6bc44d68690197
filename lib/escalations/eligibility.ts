import { err, ok, type Result } from '@/lib/core/result';
import type { Tier } from '@/lib/decisions/record-payload';
import type { EscalationState, Quorum, Role, Verdict } from '@/lib/escalations/escalation-view';
import { type Approver, roleToDecide } from '@/lib/escalations/quorum';
import { type Authority, decideAuthority } from '@/lib/identity/authority';

export type EligibilityCode =
  | 'escalation_ended'
  | 'role_required'
  | 'already_decided'
  | 'self_approval'
  | 'insufficient_authority';

/** Under which names somebody appears as the one who asks: their ids, the tokens they stand behind, agents, producers. */
export interface OwnNames {
  /** The person's own id. */
  person: string;
  /** Subject tokens, agent ids and producer ids linked to the person. */
  linked: readonly string[];
}

export interface EligibilityInput {
  names: OwnNames;
  roles: readonly Role[];
  authority: Authority | null;
  ownVerdict: Verdict | null;
  escalation: {
    state: EscalationState;
    quorum: Quorum;
    approvers: readonly Approver[];
    tier: Tier;
    tool: string;
    amount: string | null;
    currency: string | null;
    /** Everything that asked: principal token, agent, gateway, and each subject token of the action. */
    askedBy: readonly string[];
  };
}

/**
 * Whether a person may decide an escalation, and in which role. Requester, principal and administrator never count:
 * somebody who is also an administrator may not decide at all. Tokens and ids are compared exactly, without regard to
 * letter case (an agent id in another spelling is still the same agent to its owner).
 */
export function mayDecide(input: EligibilityInput): Result<Role, EligibilityCode> {
  const { escalation, roles } = input;
  if (escalation.state !== 'pending') return err('escalation_ended');
  if (input.ownVerdict) return err('already_decided');
  if (roles.includes('admin')) return err('role_required', 'administrators decide nothing');
  if (!roles.includes('reviewer') && !roles.includes('senior_reviewer')) return err('role_required');
  if (isOwnRequest(input.names, escalation.askedBy)) return err('self_approval');
  const role = roleToDecide(escalation.quorum, escalation.approvers, input.names.person, roles);
  if (!role) return err('role_required', 'the open place needs another role');
  const authority = decideAuthority(input.authority, escalation);
  return authority.ok ? ok(role) : err('insufficient_authority', authority.code);
}

function isOwnRequest(names: OwnNames, askedBy: readonly string[]): boolean {
  const own = new Set([names.person, ...names.linked].map((name) => name.toLowerCase()));
  return askedBy.some((name) => own.has(name.toLowerCase()));
}
