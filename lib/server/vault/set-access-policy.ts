import { type AccessPolicy, describePolicyChange } from '@/lib/vault/access-policy';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { lockDocument, publishVersion } from '../retention/publish-version';
import { findAccessPolicy } from './find-access-policy';
import type { VaultViewer } from './require-look-behind';

/**
 * Says which looks need a second person; a `change` record tells of it. Only data protection does: whoever looks most would
 * otherwise set their own bounds.
 * @throws ServiceError `role_required`, `version_conflict`
 */
export async function setAccessPolicy(
  viewer: VaultViewer,
  input: { policy: AccessPolicy; baseVersion: number },
  { nowMs = clockNowMs() } = {},
): Promise<{ version: number }> {
  if (!viewer.roles.includes('data_protection'))
    throw new ServiceError('role_required', 'Only a data-protection officer sets this.');
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    await lockDocument(tx, 'vault-access', tenant);
    const before = await findAccessPolicy(tx, tenant);
    const version = await publishVersion(tx, 'vault-access', {
      tenant,
      by: viewer.person.id,
      before: { version: before.version, document: before.policy },
      baseVersion: input.baseVersion,
      document: input.policy,
      changes: describePolicyChange(before.policy, input.policy),
      nowMs,
    });
    return { version };
  });
}
