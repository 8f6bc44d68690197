import { formatInstant, parseInstant } from '@/lib/core/instant';
import { isMeaningful } from '@/lib/escalations/reason';
import { type Authority, isPartOf } from '@/lib/identity/authority';
import { type DelegateRequest, MAX_DELEGATION_MS } from '@/lib/identity/delegation-requests';
import { formatAuthority } from '@/lib/identity/format-authority';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import type { Role } from '@/lib/identity/role';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { lockMember } from '../identity/create-person';
import { findHumans } from '../identity/find-humans';
import { newId } from '../random';
import { journal } from '../records/journal';
import { findStandings, type Standing } from '../reviews/find-standings';
import type { Reviewer } from '../reviews/reviewer';
import { storeReason } from '../reviews/store-reason';

/**
 * Hands the viewer's own authority, or a part of it, to a colleague who reviews here too, from and until. What was lent to
 * the viewer is not theirs to lend. At every use it is measured again against what its owner then holds.
 * @throws ServiceError `role_required`, `insufficient_authority` (there is none to lend), `delegation_unfit`,
 * `reason_required`
 */
export async function delegateAuthority(
  viewer: Reviewer,
  request: DelegateRequest,
  { nowMs = clockNowMs() } = {},
): Promise<{ id: string }> {
  const tenant = viewer.tenant.id;
  const delegator = viewer.person.id;
  const { fromMs, untilMs } = requireSpan(request, nowMs);
  if (!isMeaningful(request.reasonText))
    throw new ServiceError('reason_required', 'Say why, in a few words that say something.');
  return inTransaction(async (tx) => {
    // Held until the commit: nobody's roles or authority change between the check and the record.
    await lockMember(tx, { tenant, person: delegator });
    const standings = await findStandings(tx, tenant, [delegator, request.to]);
    const own = requireLendable(standings.get(delegator), request.authority);
    await requireTaker(tx, { tenant, delegator, to: request.to }, standings.get(request.to));
    const id = newId('dlg', nowMs);
    const reason = await storeReason(tx, viewer, { escalation: null, text: request.reasonText, nowMs });
    await tx.query(
      `INSERT INTO delegations (id, tenant, delegator, delegate, roles, authority, from_at, until_at, reason_code,
         reason_ref, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        id,
        tenant,
        delegator,
        request.to,
        own.roles,
        JSON.stringify(own.authority),
        new Date(fromMs),
        new Date(untilMs),
        request.reasonCode,
        reason.ref,
        new Date(nowMs),
      ],
    );
    await journal(tx, {
      tenant,
      kind: 'delegation.granted',
      id,
      body: {
        delegation_id: id,
        from: delegator,
        to: request.to,
        roles: own.roles,
        authority: formatAuthority(own.authority),
        from_at: formatInstant(fromMs),
        until_at: formatInstant(untilMs),
        reason_code: request.reasonCode,
        reason_digest: reason.digest,
      },
      occurredAtMs: nowMs,
    });
    return { id };
  });
}

function requireSpan(request: DelegateRequest, nowMs: number): { fromMs: number; untilMs: number } {
  const [from, until] = [parseInstant(request.from), parseInstant(request.until)];
  if (!from.ok || !until.ok) throw new ServiceError('delegation_unfit', 'The dates cannot be read.');
  const fromMs = Math.max(from.value, nowMs);
  if (until.value <= fromMs)
    throw new ServiceError('delegation_unfit', 'It would end before it begins, or has ended already.');
  if (until.value - fromMs > MAX_DELEGATION_MS)
    throw new ServiceError('delegation_unfit', 'At most 92 days at once.');
  return { fromMs, untilMs: until.value };
}

function requireLendable(
  own: Standing | undefined,
  part: Authority | null,
): { roles: Role[]; authority: Authority } {
  const roles = DECIDING_ROLES.filter((role) => own?.roles.includes(role));
  if (!own || roles.length === 0)
    throw new ServiceError('role_required', 'Only reviewers have authority to lend.');
  if (!own.authority) throw new ServiceError('insufficient_authority', 'You hold no authority to lend.');
  const authority = part ?? own.authority;
  if (!isPartOf(authority, own.authority))
    throw new ServiceError('delegation_unfit', 'It is wider than your own authority.');
  return { roles, authority };
}

async function requireTaker(
  tx: Tx,
  { tenant, delegator, to }: { tenant: string; delegator: string; to: string },
  taker: Standing | undefined,
): Promise<void> {
  const reviews = DECIDING_ROLES.some((role) => taker?.roles.includes(role));
  if (!taker || !reviews || taker.roles.includes('admin'))
    throw new ServiceError(
      'delegation_unfit',
      'It can only go to somebody who reviews in this organisation.',
    );
  const { humanOf } = await findHumans(tx, tenant);
  if (humanOf(delegator) === humanOf(to))
    throw new ServiceError('delegation_unfit', 'It cannot go to yourself, whichever account you use.');
}
