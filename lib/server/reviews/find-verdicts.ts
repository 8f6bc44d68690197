import type { Role, Verdict } from '@/lib/escalations/escalation-view';
import type { Approver } from '@/lib/escalations/quorum';
import type { Tx } from '../database/transaction';

/** One verdict so far: whose it is, and whose lent authority it used. */
export interface GivenVerdict {
  person: string;
  role: Role;
  verdict: Verdict;
  onBehalfOf: string | null;
  /** Given under a break-glass that let reviewers fill a senior reviewer's place. */
  asSenior: boolean;
}

/** Verdicts on an escalation, oldest first. */
export async function findVerdicts(
  tx: Tx,
  { tenant, id }: { tenant: string; id: string },
): Promise<GivenVerdict[]> {
  const found = await tx.query<{
    person: string;
    role: Role;
    verdict: Verdict;
    on_behalf_of: string | null;
    as_senior: boolean;
  }>(
    `SELECT r.person, r.role, r.verdict, r.on_behalf_of, coalesce('senior' = ANY(b.relaxes), false) AS as_senior
       FROM reviews r LEFT JOIN break_glasses b ON b.id = r.break_glass AND b.tenant = r.tenant
      WHERE r.escalation = $1 AND r.tenant = $2 ORDER BY r.decided_at, r.id`,
    [id, tenant],
  );
  return found.rows.map(({ on_behalf_of: onBehalfOf, as_senior: asSenior, ...row }) => ({
    ...row,
    onBehalfOf,
    asSenior,
  }));
}

/** Who approved so far, as the quorum counts them: humans, in the place that their right gave them. */
export function listApprovers(
  verdicts: readonly GivenVerdict[],
  humanOf: (account: string) => string,
): Approver[] {
  return verdicts
    .filter(({ verdict }) => verdict === 'approve')
    .map(({ person, role, asSenior }) => ({
      person: humanOf(person),
      role: asSenior ? 'senior_reviewer' : role,
    }));
}
