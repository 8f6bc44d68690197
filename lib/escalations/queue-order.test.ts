import { describe, expect, it } from 'vitest';
import { compareQueueRows, formatQueueCursor, parseQueueCursor } from '@/lib/escalations/queue-order';

const ID = 'esc_019aa000-0000-7000-8000-000000000001';
const cursor = { atMs: Date.UTC(2026, 10, 20, 9), id: ID };

describe('queue cursors', () => {
  it('print back to what was read', () => {
    expect(parseQueueCursor(formatQueueCursor(cursor))).toEqual({ ok: true, value: cursor });
  });

  it.each([
    ['nothing', ''],
    ['another separator', `2026-11-20T09:00:00.000Z,${ID}`],
    ['a third part', `2026-11-20T09:00:00.000Z~${ID}~x`],
    ['another kind of id', '2026-11-20T09:00:00.000Z~apr_019aa000-0000-7000-8000-000000000001'],
    ['SQL', `2026-11-20T09:00:00.000Z~'; DROP TABLE escalations --`],
    ['a loose instant', `2026-11-20T09:00:00Z~${ID}`],
  ])('refuse %s', (_, text) => {
    expect(parseQueueCursor(text).ok).toBe(false);
  });
});

it('orders pending rows by what ends first and ended rows by what ended last', () => {
  const row = (id: string, expiresAt: string, endedAt: string | null) => ({
    id,
    state: endedAt ? ('denied' as const) : ('pending' as const),
    expiresAt,
    endedAt,
  });
  const pending = [row('c', '2', null), row('b', '1', null), row('a', '2', null)];
  expect(pending.sort(compareQueueRows).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  const ended = [row('a', '1', '5'), row('b', '1', '9'), row('c', '1', '5')];
  expect(ended.sort(compareQueueRows).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});
