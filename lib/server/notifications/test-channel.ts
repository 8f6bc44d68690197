import { nowMs as clockNowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import type { Reviewer } from '../reviews/reviewer';
import { findChannel } from './channel-row';
import { notify } from './notify';

/**
 * Sends a test through one channel, on the same durable way as everything else; mail goes to whoever asks for it.
 * @throws ServiceError `channel_unknown`, `channel_invalid` when it is disabled
 */
export async function testChannel(
  viewer: Reviewer,
  name: string,
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const tenant = viewer.tenant.id;
  await inTransaction(async (tx) => {
    const row = await findChannel(tx, { tenant, name });
    if (!row) throw new ServiceError('channel_unknown');
    if (!row.enabled) throw new ServiceError('channel_invalid', 'Enable the channel first.');
    await notify(tx, {
      tenant,
      kind: 'test',
      ref: newId('ntf', nowMs),
      path: '/settings/notifications',
      channel: name,
      to: { persons: [viewer.person.id] },
      nowMs,
    });
  });
}
