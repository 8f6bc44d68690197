import { describeScheduleChange, type RetentionSchedule } from '@/lib/retention/schedule';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import type { VaultViewer } from '../vault/require-look-behind';
import { findSchedule } from './find-schedule';
import { lockDocument, publishVersion } from './publish-version';

/**
 * Says how long each kind is kept from now on; what is kept already is measured by it as well, at the scheduler's next pass.
 * @throws ServiceError `role_required`, `version_conflict`
 */
export async function setSchedule(
  viewer: VaultViewer,
  input: { schedule: RetentionSchedule; baseVersion: number },
  { nowMs = clockNowMs() } = {},
): Promise<{ version: number }> {
  if (!viewer.roles.includes('compliance'))
    throw new ServiceError('role_required', 'Only a compliance officer sets this.');
  const tenant = viewer.tenant.id;
  return inTransaction(async (tx) => {
    await lockDocument(tx, 'retention-schedule', tenant);
    const before = await findSchedule(tx, tenant);
    const version = await publishVersion(tx, 'retention-schedule', {
      tenant,
      by: viewer.person.id,
      before: { version: before.version, document: before.schedule },
      baseVersion: input.baseVersion,
      document: input.schedule,
      changes: describeScheduleChange(before.schedule, input.schedule),
      nowMs,
    });
    return { version };
  });
}
