import type { PolicyBreakGlass } from '@/lib/policy/policy-document';
import type { Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { findHumans } from '../identity/find-humans';
import { getActivePolicy } from '../policies/get-active-policy';
import { findStandings } from '../reviews/find-standings';
import type { Reviewer } from '../reviews/reviewer';

/**
 * The policy's words about break-glass, for somebody who may ask for one or confirm it: in a role that it names, and an
 * administrator under none of their accounts.
 * @throws ServiceError `policy_missing`, `break_glass_off`, `role_required`
 */
export async function requireBreaker(tx: Tx, viewer: Reviewer, nowMs: number): Promise<PolicyBreakGlass> {
  const tenant = viewer.tenant.id;
  const { document } = await getActivePolicy(tenant, nowMs, tx);
  const rule = document.review.breakGlass;
  if (!rule?.enabled) throw new ServiceError('break_glass_off', 'The policy in force opens none.');
  if (!rule.roles.some((role) => viewer.roles.includes(role)))
    throw new ServiceError('role_required', `This needs one of the roles: ${rule.roles.join(', ')}.`);
  const { accountsOf } = await findHumans(tx, tenant);
  const standings = await findStandings(tx, tenant, accountsOf(viewer.person.id));
  const roles = [...viewer.roles, ...[...standings.values()].flatMap((standing) => standing.roles)];
  if (roles.includes('admin')) throw new ServiceError('role_required', 'Administrators open none.');
  return rule;
}
