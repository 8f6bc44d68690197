import type { Result } from '@/lib/core/result';
import type { Tier } from '@/lib/decisions/record-payload';
import { type EligibilityCode, mayDecide } from '@/lib/escalations/eligibility';
import type { Role, Verdict } from '@/lib/escalations/escalation-view';
import type { Approver } from '@/lib/escalations/quorum';
import type { Authority } from '@/lib/identity/authority';
import type { Tx } from '../database/transaction';
import type { EscalationRecord } from '../escalations/escalation-record';
import type { Reviewer } from './reviewer';

export interface Eligibility {
  may: Result<Role, EligibilityCode>;
  ownVerdict: Verdict | null;
  /** Everyone who approved so far. */
  approvers: Approver[];
}

/** Reads what the pure rule needs: verdicts so far, the person's authority, and every name under which they ask. */
export async function findEligibility(
  tx: Tx,
  viewer: Reviewer,
  escalation: EscalationRecord,
): Promise<Eligibility> {
  const { tenant } = escalation;
  const person = viewer.person.id;
  const verdicts = await tx.query<{ person: string; role: Role; verdict: Verdict }>(
    'SELECT person, role, verdict FROM reviews WHERE escalation = $1 AND tenant = $2 ORDER BY decided_at, id',
    [escalation.id, tenant],
  );
  const approvers = verdicts.rows
    .filter(({ verdict }) => verdict === 'approve')
    .map(({ person: approver, role }) => ({ person: approver, role }));
  const ownVerdict = verdicts.rows.find((row) => row.person === person)?.verdict ?? null;
  const may = mayDecide({
    names: { person, linked: await findLinkedNames(tx, tenant, person) },
    roles: viewer.roles,
    authority: await findAuthority(tx, tenant, person),
    ownVerdict,
    escalation: {
      ...escalation,
      approvers,
      askedBy: [
        escalation.agent,
        escalation.gateway,
        ...(escalation.principal ? [escalation.principal] : []),
      ],
    },
  });
  return { may, ownVerdict, approvers };
}

async function findLinkedNames(tx: Tx, tenant: string, person: string): Promise<string[]> {
  const links = await tx.query<{ value: string }>(
    'SELECT value FROM person_links WHERE tenant = $1 AND person = $2',
    [tenant, person],
  );
  return links.rows.map(({ value }) => value);
}

async function findAuthority(tx: Tx, tenant: string, person: string): Promise<Authority | null> {
  const found = await tx.query<{
    max_tier: Tier;
    max_amount: string | null;
    currency: string | null;
    tools: string[];
  }>(
    `SELECT max_tier, trim_scale(max_amount)::text AS max_amount, currency, tools
       FROM authorities WHERE tenant = $1 AND person = $2`,
    [tenant, person],
  );
  const row = found.rows[0];
  if (!row) return null;
  return { maxTier: row.max_tier, maxAmount: row.max_amount, currency: row.currency, tools: row.tools };
}
