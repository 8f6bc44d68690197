import type { ChannelType } from '@/lib/notifications/channel-requests';
import { slack } from '../adapters/slack';
import { smtp } from '../adapters/smtp';
import { callback, webhook } from '../adapters/webhook';
import type { Tx } from '../database/transaction';
import { openSecrets } from '../secrets/seal-secrets';
import { WitnessError } from '../witnesses/witness-adapter';
import type { ChannelAdapter } from './channel-adapter';

export interface ChannelRow {
  tenant: string;
  name: string;
  type: ChannelType;
  /** Without the secrets. */
  settings: Record<string, unknown>;
  secrets: Buffer | null;
  kinds: string[];
  gateway: string | null;
  enabled: boolean;
  allow_private: boolean;
  added_at: Date;
  last_sent_at: Date | null;
  last_error: string | null;
  last_error_at: Date | null;
}

const COLUMNS = `tenant, name, type, settings, secrets, kinds, gateway, enabled, allow_private, added_at, last_sent_at,
  last_error, last_error_at`;

const ADAPTERS: Readonly<Record<ChannelType, ChannelAdapter<unknown>>> = {
  email: smtp as ChannelAdapter<unknown>,
  slack: slack as ChannelAdapter<unknown>,
  webhook: webhook as ChannelAdapter<unknown>,
  callback: callback as ChannelAdapter<unknown>,
};

export function channelAdapterOf(type: ChannelType): ChannelAdapter<unknown> {
  return ADAPTERS[type];
}

export async function listChannelRows(tx: Tx, tenant: string): Promise<ChannelRow[]> {
  const rows = await tx.query<ChannelRow>(
    `SELECT ${COLUMNS} FROM notification_channels WHERE tenant = $1 ORDER BY name`,
    [tenant],
  );
  return rows.rows;
}

/** One channel; `lock` keeps others from changing it until the transaction ends. */
export async function findChannel(
  tx: Tx,
  at: { tenant: string; name: string },
  { lock = false } = {},
): Promise<ChannelRow | null> {
  const found = await tx.query<ChannelRow>(
    `SELECT ${COLUMNS} FROM notification_channels WHERE tenant = $1 AND name = $2${lock ? ' FOR UPDATE' : ''}`,
    [at.tenant, at.name],
  );
  return found.rows[0] ?? null;
}

export function openChannelSecrets(row: ChannelRow): Record<string, string> | null {
  if (!row.secrets) return {};
  return openSecrets(
    { scope: 'channel-secrets', tenant: row.tenant, name: row.name },
    new Uint8Array(row.secrets),
  );
}

/**
 * The adapter of a channel and its whole settings, secrets opened.
 * @throws WitnessError `witness_misconfigured`
 */
export function configureChannel(row: ChannelRow): { adapter: ChannelAdapter<unknown>; settings: unknown } {
  const adapter = channelAdapterOf(row.type);
  const secrets = openChannelSecrets(row);
  const parsed = secrets && adapter.settings.safeParse({ ...row.settings, ...secrets });
  if (!parsed?.success) throw new WitnessError('witness_misconfigured', 'the settings are not complete');
  return { adapter, settings: parsed.data };
}
