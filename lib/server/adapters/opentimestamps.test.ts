import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CalendarServer, startCalendarServer } from '@/e2e/witnesses/calendar-server';
import { parseOpenTimestamps } from '@/lib/integrity/witness/opentimestamps/detached-timestamp';
import { listPending } from '@/lib/integrity/witness/opentimestamps/grow-timestamp';
import { verifyOpenTimestamps } from '@/lib/integrity/witness/opentimestamps/verify-open-timestamps';
import { openTimestampsAdapter } from './opentimestamps';
import { stampRequest, witnessErrorOf } from './testing/stamp-request';

const NOTE = new TextEncoder().encode('console.example/log\n1\nAAAA\n\n— console.example/log BBBB\n');
const NOW = Date.UTC(2026, 10, 20, 12);
const BLOCK_TIME = NOW / 1000 + 4_000;

let alice: CalendarServer;
let bob: CalendarServer;

beforeEach(async () => {
  [alice, bob] = await Promise.all([startCalendarServer(), startCalendarServer()]);
});

afterEach(() => Promise.all([alice.stop(), bob.stop()]));

function both(minimumCalendars = 1) {
  return openTimestampsAdapter.settings.parse({ calendars: [`${alice.url}/`, bob.url], minimumCalendars });
}

function verify(receipt: Uint8Array, headers: { height: number; header: Uint8Array }[] = []) {
  return verifyOpenTimestamps(receipt, { kind: 'bytes', bytes: NOTE }, { headers });
}

const upgrade = openTimestampsAdapter.upgrade?.bind(openTimestampsAdapter);
if (!upgrade) throw new Error('receipts of calendars mature');

describe('openTimestampsAdapter', () => {
  it('submits to every calendar, and grows into a proof that a block verifies', async () => {
    const pending = await openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), both(2));
    expect(pending).toMatchObject({ state: 'pending', retryAtMs: NOW + 1_800_000 });
    expect(verify(pending.receipt)).toMatchObject({ verdict: 'not-checked' });
    expect(
      verify(pending.receipt)
        .checks.flatMap(({ key }) => key ?? [])
        .sort(),
    ).toEqual([alice.url, bob.url].sort().map((url) => `the calendar ${url}`));

    expect(await upgrade(pending.receipt, stampRequest(NOTE, { nowMs: NOW }), both())).toEqual(pending);

    const header = alice.mine(102, BLOCK_TIME);
    const complete = await upgrade(pending.receipt, stampRequest(NOTE, { nowMs: NOW }), both());
    expect(complete.state).toBe('complete');
    expect(verify(complete.receipt)).toMatchObject({ verdict: 'not-checked' });
    expect(verify(complete.receipt, [header])).toMatchObject({
      verdict: 'valid',
      witness: 'Bitcoin',
      witnessedAtMs: BLOCK_TIME * 1000,
    });
    const calls = alice.requests.length + bob.requests.length;
    expect(await upgrade(complete.receipt, stampRequest(NOTE, { nowMs: NOW }), both())).toEqual(complete);
    expect(alice.requests.length + bob.requests.length).toBe(calls);
    expect(verify(complete.receipt, [bob.mine(102, BLOCK_TIME)])).toMatchObject({ verdict: 'invalid' });
  });

  it('submits no two stamps alike, and never the stamp itself', async () => {
    const seen = await Promise.all(
      [1, 2].map(() => openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), both())),
    );
    const commitments = seen.map(({ receipt }) => {
      const parsed = parseOpenTimestamps(receipt);
      return parsed.ok
        ? listPending(parsed.value).map((one) => Buffer.from(one.commitment).toString('hex'))
        : [];
    });
    expect(new Set(commitments.flat()).size).toBe(4);
    const stamp = Buffer.from(stampRequest(NOTE, { nowMs: NOW }).stamp).toString('hex');
    for (const commitment of commitments.flat()) expect(commitment).not.toContain(stamp);
  });

  it('proves each of many stamps in one block', async () => {
    const pending = await Promise.all(
      Array.from({ length: 7 }, () =>
        openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), both()),
      ),
    );
    const header = bob.mine(9, BLOCK_TIME);
    for (const { receipt } of pending) {
      const complete = await upgrade(receipt, stampRequest(NOTE, { nowMs: NOW }), both());
      expect(verify(complete.receipt, [header]).verdict).toBe('valid');
    }
  });

  it('is content with as many calendars as are required', async () => {
    bob.fault = 'hang-up';
    const pending = await openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), both(1));
    expect(verify(pending.receipt).checks.flatMap(({ key }) => key ?? [])).toEqual([
      `the calendar ${alice.url}`,
    ]);
    const error = await witnessErrorOf(
      openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), both(2)),
    );
    expect(error).toMatchObject({ code: 'witness_unreachable' });
    expect(error.detail).toContain('1 of 2 calendars answered, 2 must');
  });

  it.each([
    ['hangs up', 'hang-up', 'witness_unreachable'],
    ['is busy', 'busy', 'witness_busy'],
    ['answers a web page', 'garbage', 'witness_answer_invalid'],
    ['answers too much', 'huge', 'witness_answer_invalid'],
    ['sends us elsewhere', 'redirect', 'witness_refused'],
  ] as const)('tells that a calendar %s, when submitting and when asking again', async (_, fault, code) => {
    const pending = await openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), both());
    alice.fault = fault;
    bob.fault = fault;
    const expected = { code, retryAfterMs: fault === 'busy' ? 90_000 : undefined };
    expect(
      await witnessErrorOf(openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), both())),
    ).toMatchObject(expected);
    expect(
      await witnessErrorOf(upgrade(pending.receipt, stampRequest(NOTE, { nowMs: NOW }), both())),
    ).toMatchObject(expected);
    alice.fault = 'none';
    expect((await upgrade(pending.receipt, stampRequest(NOTE, { nowMs: NOW }), both())).state).toBe(
      'pending',
    );
  });

  it('keeps no answer that a calendar gives for something else', async () => {
    alice.fault = 'other-digest';
    bob.fault = 'other-digest';
    const pending = await openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), both());
    alice.fault = 'none';
    bob.fault = 'none';
    const header = alice.mine(3, BLOCK_TIME);
    bob.mine(3, BLOCK_TIME);
    const after = await upgrade(pending.receipt, stampRequest(NOTE, { nowMs: NOW }), both());
    expect(after.state).toBe('pending');
    expect(verify(after.receipt, [header]).verdict).toBe('not-checked');
  });

  it('calls no address that only a promise names, but still asks who was configured', async () => {
    const trap = await startCalendarServer();
    const liar = await startCalendarServer({ address: trap.url });
    try {
      const settings = openTimestampsAdapter.settings.parse({ calendars: [liar.url] });
      const pending = await openTimestampsAdapter.stamp(stampRequest(NOTE, { nowMs: NOW }), settings);
      const header = liar.mine(5, BLOCK_TIME);
      const complete = await upgrade(pending.receipt, stampRequest(NOTE, { nowMs: NOW }), settings);
      expect(verify(complete.receipt, [header]).verdict).toBe('valid');
      expect(trap.requests).toEqual([]);
    } finally {
      await Promise.all([trap.stop(), liar.stop()]);
    }
  });

  it.each([
    ['no calendar', { calendars: [] }],
    ['more required than named', { calendars: ['https://a.example'], minimumCalendars: 2 }],
    ['one calendar named twice', { calendars: ['https://a.example', 'https://a.example/'] }],
    ['a file', { calendars: ['file:///etc/passwd'] }],
    ['credentials in an address', { calendars: ['https://user:secret@a.example'] }],
    ['a query in an address', { calendars: ['https://a.example?token=secret'] }],
  ])('refuses settings with %s', (_, settings) => {
    expect(openTimestampsAdapter.settings.safeParse(settings).success).toBe(false);
  });
});
