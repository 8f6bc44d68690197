import { describe, expect, it } from 'vitest';
import { decideTransition, type EscalationEvent } from '@/lib/escalations/decide-transition';
import { ESCALATION_STATES } from '@/lib/escalations/escalation-view';

const END = 1_000;
const pending = { state: 'pending' as const, expiresAtMs: END };
const approve = (atMs: number, quorumReached: boolean): EscalationEvent => ({
  type: 'verdict',
  verdict: 'approve',
  quorumReached,
  atMs,
});
const deny = (atMs: number): EscalationEvent => ({
  type: 'verdict',
  verdict: 'deny',
  quorumReached: false,
  atMs,
});

describe('decideTransition', () => {
  it.each([
    ['the completing approval', approve(END - 1, true), 'approved'],
    ['an approval that completes nothing', approve(0, false), 'pending'],
    ['a denial', deny(0), 'denied'],
    ['expiry at the very instant', { type: 'expiry', atMs: END }, 'expired'],
    ['a cancellation', { type: 'cancellation', atMs: END - 1 }, 'cancelled'],
    ['a newer request', { type: 'supersession' }, 'superseded'],
  ] as [string, EscalationEvent, string][])('%s', (_, event, state) => {
    expect(decideTransition(pending, event)).toEqual({ ok: true, value: state });
  });

  it.each([
    [
      'an approval at the instant of expiry: a timeout is never an approval',
      approve(END, true),
      'late_verdict',
    ],
    ['a denial at the instant of expiry: a timeout is never a human denial', deny(END), 'late_verdict'],
    ['an expiry before its time', { type: 'expiry', atMs: END - 1 }, 'not_yet_expired'],
    ['a cancellation after the time', { type: 'cancellation', atMs: END }, 'task_terminal'],
  ] as [string, EscalationEvent, string][])('refuses %s', (_, event, code) => {
    expect(decideTransition(pending, event)).toMatchObject({ ok: false, code });
  });

  const events: EscalationEvent[] = [
    approve(0, true),
    deny(0),
    { type: 'expiry', atMs: END },
    { type: 'cancellation', atMs: 0 },
    { type: 'supersession' },
  ];
  const ended = ESCALATION_STATES.filter((state) => state !== 'pending');
  it.each(ended.flatMap((state) => events.map((event) => [state, event.type, event] as const)))(
    'leaves %s final against %s',
    (state, type, event) => {
      const decided = decideTransition({ state, expiresAtMs: END }, event);
      const verdictAfterExpiry = state === 'expired' && type === 'verdict';
      expect(decided).toMatchObject({
        ok: false,
        code: verdictAfterExpiry
          ? 'late_verdict'
          : type === 'cancellation'
            ? 'task_terminal'
            : 'escalation_ended',
      });
    },
  );
});
