import { describe, expect, it } from 'vitest';
import type { EscalationRow } from '@/lib/escalations/escalation-view';
import { LINGER_MS, listArrived, mergeRows } from './queue-rows';

function row(id: string, minute: number, change: Partial<EscalationRow> = {}): EscalationRow {
  return {
    id,
    state: 'pending',
    version: 1,
    sentence: { agent: 'a', verb: 'pay' },
    tier: 'bounded',
    control: 'threshold',
    rule: 'r',
    reasonCode: 'c',
    tool: 't',
    agent: 'a',
    approvals: 0,
    needed: 1,
    lease: null,
    decidedBy: null,
    redeemedAt: null,
    createdAt: '2026-11-20T08:00:00.000Z',
    expiresAt: `2026-11-20T09:${String(minute).padStart(2, '0')}:00.000Z`,
    endedAt: null,
    ...change,
  };
}
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

describe('mergeRows', () => {
  const before = mergeRows([], [row('esc_b', 20), row('esc_c', 30)], 0);

  it('puts what arrives where its time left belongs', () => {
    const after = mergeRows(before, [row('esc_z', 25), row('esc_a', 20)], 0);
    expect(ids(after)).toEqual(['esc_a', 'esc_b', 'esc_z', 'esc_c']);
    expect(listArrived(before, after)).toEqual(['esc_a', 'esc_z']);
  });

  it('keeps a decided row in its place for a while, then lets it go', () => {
    const decided = row('esc_b', 20, { state: 'approved', version: 2, decidedBy: 'Priya Raman' });
    const after = mergeRows(before, [decided], 1000);
    expect(after.map(({ id, state, leavesAtMs }) => [id, state, leavesAtMs])).toEqual([
      ['esc_b', 'approved', 1000 + LINGER_MS],
      ['esc_c', 'pending', null],
    ]);
    const redeemed = { ...decided, version: 3, redeemedAt: '2026-11-20T08:30:00.000Z' };
    expect(mergeRows(after, [redeemed], 5000)[0]?.leavesAtMs).toBe(1000 + LINGER_MS);
    expect(ids(mergeRows(after, [], 1000 + LINGER_MS))).toEqual(['esc_c']);
  });

  it('does not show what ended before it was ever listed', () => {
    expect(ids(mergeRows(before, [row('esc_x', 10, { state: 'denied' })], 0))).toEqual(['esc_b', 'esc_c']);
  });

  it('an answer that was overtaken does not bring a decided row back', () => {
    const after = mergeRows(before, [row('esc_b', 20, { state: 'denied', version: 3 })], 0);
    expect(mergeRows(after, [row('esc_b', 20, { version: 2 })], 1)[0]?.state).toBe('denied');
  });
});
