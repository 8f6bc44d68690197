import { type ChannelView, channelView } from '@/lib/notifications/channel-requests';
import { getPool } from '../database/pool';
import { type ChannelRow, channelAdapterOf, listChannelRows, openChannelSecrets } from './channel-row';

interface Counts {
  channel: string;
  waiting: number;
  failing: number;
  given_up: number;
}

/** Every channel of the organisation and how it does, in name order; of secrets only the names. */
export async function listChannels(tenant: string): Promise<ChannelView[]> {
  const pool = getPool();
  const [rows, counted] = await Promise.all([
    listChannelRows(pool, tenant),
    pool.query<Counts>(
      `SELECT channel, (count(*) FILTER (WHERE state = 'waiting'))::int AS waiting,
              (count(*) FILTER (WHERE state = 'waiting' AND attempts > 0))::int AS failing,
              (count(*) FILTER (WHERE state = 'given_up'))::int AS given_up
         FROM notification_deliveries WHERE tenant = $1 GROUP BY channel`,
      [tenant],
    ),
  ]);
  return rows.map((row) =>
    formatChannel(
      row,
      counted.rows.find(({ channel }) => channel === row.name),
    ),
  );
}

function formatChannel(row: ChannelRow, counts: Counts | undefined): ChannelView {
  const secrets = openChannelSecrets(row) ?? {};
  return channelView.parse({
    name: row.name,
    type: row.type,
    settings: row.settings,
    secrets: channelAdapterOf(row.type).secretFields.filter((field) => Object.hasOwn(secrets, field)),
    kinds: row.kinds,
    gateway: row.gateway,
    enabled: row.enabled,
    allowPrivate: row.allow_private,
    state: stateOf(row, counts),
    waiting: counts?.waiting ?? 0,
    givenUp: counts?.given_up ?? 0,
    lastSentAt: row.last_sent_at?.toISOString() ?? null,
    lastError: row.last_error,
    lastErrorAt: row.last_error_at?.toISOString() ?? null,
    addedAt: row.added_at.toISOString(),
  });
}

/** Failing while something is being tried again, or when the last thing it did was to fail. */
function stateOf(row: ChannelRow, counts: Counts | undefined): ChannelView['state'] {
  if (!row.enabled) return 'disabled';
  const [sentMs, errorMs] = [row.last_sent_at?.getTime() ?? 0, row.last_error_at?.getTime() ?? 0];
  if ((counts?.failing ?? 0) > 0 || errorMs > sentMs) return 'failing';
  return sentMs === 0 ? 'unused' : 'ok';
}
