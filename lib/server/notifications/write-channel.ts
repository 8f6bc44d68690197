import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatCanonicalJson, type JsonValue, parseJsonValue } from '@/lib/core/json';
import type {
  AddChannelRequest,
  ChangeChannelRequest,
  ChannelType,
} from '@/lib/notifications/channel-requests';
import { nowMs as clockNowMs } from '../clock';
import { inTransaction, type Tx } from '../database/transaction';
import { ServiceError } from '../errors';
import { newId } from '../random';
import { journal } from '../records/journal';
import { sealSecrets } from '../secrets/seal-secrets';
import { type ChannelRow, channelAdapterOf, findChannel, openChannelSecrets } from './channel-row';

type Written = Pick<
  ChannelRow,
  'tenant' | 'name' | 'type' | 'settings' | 'kinds' | 'gateway' | 'enabled' | 'allow_private'
> & { secrets: Uint8Array | null };

/**
 * Registers a way out of the console; only what is registered is ever called. The caller has authorised `by` as an
 * administrator of the tenant.
 * @throws ServiceError `channel_exists`, `channel_invalid`
 */
export async function addChannel(
  input: AddChannelRequest & { tenant: string; by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const { tenant, name, type } = input;
  if ((type === 'callback') !== (input.gateway !== undefined))
    throw new ServiceError('channel_invalid', 'A callback names its gateway, and nothing else does.');
  const { settings, secrets } = splitSettings(type, input.settings, {});
  const written: Written = {
    tenant,
    name,
    type,
    settings,
    secrets: seal(tenant, name, secrets),
    kinds: type === 'callback' ? [] : input.kinds,
    gateway: input.gateway ?? null,
    enabled: true,
    allow_private: input.allowPrivate,
  };
  await inTransaction(async (tx) => {
    if (written.gateway !== null) await requireGateway(tx, tenant, written.gateway);
    const inserted = await tx.query(
      `INSERT INTO notification_channels (tenant, name, type, settings, secrets, kinds, gateway, enabled, allow_private,
         added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant, name) DO NOTHING`,
      [
        tenant,
        name,
        type,
        JSON.stringify(settings),
        written.secrets,
        written.kinds,
        written.gateway,
        written.enabled,
        written.allow_private,
        new Date(nowMs),
      ],
    );
    if (!inserted.rowCount) throw new ServiceError('channel_exists');
    await record(tx, 'added', written, input.by, nowMs);
  });
}

/**
 * Changes a channel; what waits for it is tried again at once. Its type, name and gateway are for ever.
 * @throws ServiceError `channel_unknown`, `channel_invalid`
 */
export async function changeChannel(
  input: ChangeChannelRequest & { tenant: string; by: string },
  { nowMs = clockNowMs() } = {},
): Promise<void> {
  const { tenant, name } = input;
  await inTransaction(async (tx) => {
    const row = await findChannel(tx, { tenant, name }, { lock: true });
    if (!row) throw new ServiceError('channel_unknown');
    const kept = openChannelSecrets(row);
    const { settings, secrets } = splitSettings(row.type, input.settings ?? row.settings, kept ?? {});
    const written: Written = {
      ...row,
      settings,
      secrets: kept === null && input.settings === undefined ? row.secrets : seal(tenant, name, secrets),
      kinds: row.type === 'callback' ? [] : (input.kinds ?? row.kinds),
      enabled: input.enabled ?? row.enabled,
      allow_private: input.allowPrivate ?? row.allow_private,
    };
    await tx.query(
      `UPDATE notification_channels SET settings = $3, secrets = $4, kinds = $5, enabled = $6, allow_private = $7,
         last_error = NULL, last_error_at = NULL WHERE tenant = $1 AND name = $2`,
      [
        tenant,
        name,
        JSON.stringify(settings),
        written.secrets,
        written.kinds,
        written.enabled,
        written.allow_private,
      ],
    );
    await tx.query(
      `UPDATE notification_deliveries SET next_at = $3
        WHERE tenant = $1 AND channel = $2 AND state = 'waiting' AND attempts > 0`,
      [tenant, name, new Date(nowMs)],
    );
    const what = written.enabled === row.enabled ? 'changed' : written.enabled ? 'enabled' : 'disabled';
    await record(tx, what, written, input.by, nowMs);
  });
}

async function requireGateway(tx: Tx, tenant: string, gateway: string): Promise<void> {
  const found = await tx.query('SELECT 1 FROM producers WHERE id = $1 AND tenant = $2', [gateway, tenant]);
  if (found.rowCount === 0)
    throw new ServiceError('channel_invalid', 'No producer of this organisation has this id.');
}

/** Parses what was given together with the secrets that are kept, and takes the secrets out again. */
function splitSettings(
  type: ChannelType,
  given: Record<string, unknown>,
  kept: Record<string, string>,
): { settings: Record<string, unknown>; secrets: Record<string, string> } {
  const { secretFields, settings: schema } = channelAdapterOf(type);
  const whole = { ...kept, ...given };
  const parsed = schema.safeParse(whole);
  if (!parsed.success || !parseJsonValue(given, { maxDepth: 2 }).ok) {
    const issue = parsed.error?.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw new ServiceError('channel_invalid', `Setting "${field}": ${issue?.message ?? 'invalid'}.`);
  }
  const entries = Object.entries(parsed.data as Record<string, unknown>);
  const isSecret = ([field]: [string, unknown]) => secretFields.includes(field);
  return {
    settings: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: Object.fromEntries(
      entries
        .filter(isSecret)
        .flatMap(([field, value]) => (typeof value === 'string' ? [[field, value]] : [])),
    ),
  };
}

function seal(tenant: string, name: string, secrets: Record<string, string>): Uint8Array | null {
  if (Object.keys(secrets).length === 0) return null;
  return sealSecrets({ scope: 'channel-secrets', tenant, name }, secrets);
}

/** The record tells that, not where: addresses may be confidential, their digest tells a change. */
async function record(tx: Tx, change: string, written: Written, by: string, nowMs: number): Promise<void> {
  const { tenant, name, type, settings, kinds, gateway, enabled, allow_private } = written;
  await journal(tx, {
    tenant,
    kind: 'channel.changed',
    id: newId('rec', nowMs),
    body: {
      channel: name,
      type,
      change,
      kinds,
      ...(gateway === null ? {} : { gateway }),
      enabled,
      allow_private,
      settings_digest: formatDigest('sha-256', sha256(utf8(formatCanonicalJson(settings as JsonValue)))),
      by,
    },
    occurredAtMs: nowMs,
  });
}
