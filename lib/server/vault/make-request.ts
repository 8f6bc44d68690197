import type { Role } from '@/lib/identity/role';
import type { SecondPersonRequest } from '@/lib/vault/look-request';
import { nowMs as clockNowMs } from '../clock';
import type { Tx } from '../database/transaction';
import { inVaultTransaction } from '../database/vault-pool';
import { requireErasable } from '../erasure/erase-subject';
import { ServiceError } from '../errors';
import { requireActiveHold } from '../holds/release-hold';
import { insertRequest } from './insert-request';
import { requireLookBehind, type VaultViewer } from './require-look-behind';

/**
 * Asks a second person for what always needs one. It is refused at once where it could not be granted: a hold says so before
 * anybody has to be asked.
 * @throws ServiceError `role_required`, `not_found`, `hold_unknown`, `hold_released`, `hold_applies`, `subject_unknown`,
 * `subject_erased`
 */
export async function makeRequest(
  viewer: VaultViewer,
  request: SecondPersonRequest,
  { nowMs = clockNowMs() } = {},
): Promise<{ id: string }> {
  const { kind, target, purpose, caseRef } = request;
  const authority = kind === 'payload' ? requireReader(viewer) : requireLookBehind(viewer);
  const tenant = viewer.tenant.id;
  const id = await inVaultTransaction(async (tx) => {
    if (kind === 'release') await requireActiveHold(tx, tenant, target);
    else if (kind === 'erase') await requireErasable(tx, tenant, target);
    else await requireDecision(tx, tenant, target);
    return insertRequest(
      tx,
      { tenant, kind, by: viewer.person.id, authority, purpose, caseRef, target, identifier: null },
      { nowMs },
    );
  });
  return { id };
}

/** Those who oversee may ask to read contents; an administrator may not even ask. */
function requireReader(viewer: VaultViewer): Role {
  const authority = (['compliance', 'data_protection', 'auditor'] as const).find((role) =>
    viewer.roles.includes(role),
  );
  if (!authority || viewer.roles.includes('admin'))
    throw new ServiceError('role_required', 'Contents are not for your roles.');
  return authority;
}

async function requireDecision(tx: Tx, tenant: string, decision: string): Promise<void> {
  const found = await tx.query('SELECT 1 FROM decisions WHERE id = $1 AND tenant = $2 LIMIT 1', [
    decision,
    tenant,
  ]);
  if (found.rows.length === 0) throw new ServiceError('not_found', 'No decision has this id.');
}
