import { afterAll, describe, expect, it } from 'vitest';
import { getPool } from '../database/pool';
import { inTransaction } from '../database/transaction';
import { startTestConsole } from '../testing/test-console';
import { getEventBus } from './event-bus';
import { publishEvent, type TenantEvent } from './publish-event';
import { streamEvents } from './stream-events';
import { waitForEvent } from './wait-for-event';

const testConsole = await startTestConsole();
afterAll(() => getEventBus().close());

const event = (id: string, tenant = 'bank'): TenantEvent => ({ tenant, type: 'escalation.changed', id });
const publish = (...events: TenantEvent[]) =>
  inTransaction(async (tx) => {
    for (const each of events) await publishEvent(tx, each);
  });

function openStream(tenant: string) {
  const abort = new AbortController();
  const reader = streamEvents(tenant, abort.signal).body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('no body');
  let text = '';
  return {
    abort: () => abort.abort(),
    /** Everything received once `wanted` has arrived. */
    until: async (wanted: string): Promise<string> => {
      while (!text.includes(wanted)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`stream ended after ${text}`);
        text += value;
      }
      return text;
    },
    ended: async () => {
      for (;;) if ((await reader.read()).done) return true;
    },
  };
}

describe('the event stream', () => {
  it('tells what its own tenant should fetch again, in order', async () => {
    const stream = openStream('bank');
    await stream.until(': listening');
    await publish(event('esc_foreign', 'shop'), event('esc_1'), event('esc_2'));
    const text = await stream.until('esc_2');
    expect(text).not.toContain('esc_foreign');
    expect(text).toContain(
      'id: 1\nevent: escalation.changed\ndata: {"type":"escalation.changed","id":"esc_1"}\n\n',
    );
    expect(text.indexOf('esc_1')).toBeLessThan(text.indexOf('esc_2'));
    stream.abort();
    expect(await stream.ended()).toBe(true);
  });

  it('tells nothing of what was rolled back', async () => {
    const stream = openStream('bank');
    await stream.until(': listening');
    await inTransaction(async (tx) => {
      await publishEvent(tx, event('esc_never'));
      throw new Error('rolled back');
    }).catch(() => {});
    await publish(event('esc_after'));
    expect(await stream.until('esc_after')).not.toContain('esc_never');
    stream.abort();
  });

  it('ends after its connection was killed, so that the browser connects and fetches again', async () => {
    const [stream, other] = [openStream('bank'), openStream('shop')];
    await stream.until(': listening');
    await other.until(': listening');
    await testConsole.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    expect(await stream.ended()).toBe(true);
    expect(await other.ended()).toBe(true);
    const again = openStream('bank');
    await again.until(': listening');
    await publish(event('esc_again'));
    await again.until('esc_again');
    again.abort();
  });

  it('shares one connection among all listeners, and gives it back', async () => {
    const streams = Array.from({ length: 20 }, () => openStream('bank'));
    for (const stream of streams) await stream.until(': listening');
    const listening = async () =>
      (
        await getPool().query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
        )
      ).rowCount;
    expect(await listening()).toBe(1);
    for (const stream of streams) stream.abort();
    for (const stream of streams) await stream.ended();
    await expect.poll(listening).toBe(0);
  });

  it('ignores what others write into the channel', async () => {
    const stream = openStream('bank');
    await stream.until(': listening');
    for (const payload of ['', 'not json', '{"tenant":"bank"}', '{"tenant":"bank","type":"x","id":"y"}']) {
      await getPool().query('SELECT pg_notify($1, $2)', ['countersign_events', payload]);
    }
    await publish(event('esc_valid'));
    expect((await stream.until('esc_valid')).match(/data:/g)).toHaveLength(1);
    stream.abort();
  });
});

it('waitForEvent reads again at each matching event until there is an answer', async () => {
  let readings = 0;
  const answer = waitForEvent({
    matches: ({ id }) => id === 'esc_wanted',
    read: async () => (++readings === 3 ? 'done' : null),
    waitMs: 25_000,
  });
  await expect.poll(() => readings).toBe(1);
  await publish(event('esc_other'), event('esc_wanted'));
  await expect.poll(() => readings).toBe(2);
  await publish(event('esc_wanted'));
  expect(await answer).toBe('done');
});
