/** A quorum as escalations know it: the rule itself is the token's (`lib/tokens/quorum.ts`), so that gateways share it. */
import type { Quorum, Role } from '@/lib/escalations/escalation-view';
import { fillQuorum, type QuorumStatus } from '@/lib/tokens/quorum';

export type { QuorumStatus } from '@/lib/tokens/quorum';

export interface Approver {
  /** One human, however many accounts are theirs. */
  person: string;
  /** The role under which the approval was given. */
  role: Role;
}

/** How far a quorum is filled. A quorum without places is never reached: zero approvals never pass. */
export function decideQuorum(quorum: Quorum, approvers: readonly Approver[]): QuorumStatus {
  return fillQuorum(quorum, approvers);
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
