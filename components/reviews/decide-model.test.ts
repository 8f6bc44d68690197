import { describe, expect, it } from 'vitest';
import type { DecideRequest } from '@/lib/escalations/escalation-view';
import { type DecideEvent, type DecideState, decideStep } from './decide-model';

const request: DecideRequest = {
  verdict: 'approve',
  reasonCode: 'verified-with-party',
  reasonText: 'Called the customer back',
  actionDigest: 'zV0k5gUjF-a60uoDfmEtmFbMbdMFSmdnF9cEx67MdBA',
  displayDigest: `sha-256:${'0'.repeat(64)}`,
  instance: 'i',
  version: 1,
};
const run = (...events: DecideEvent[]) =>
  events.reduce<{ state: DecideState; sends: number }>(
    ({ state, sends }, event) => {
      const next = decideStep(state, event);
      return { state: next, sends: sends + (next.at === 'sending' && next !== state ? 1 : 0) };
    },
    { state: { at: 'idle' }, sends: 0 },
  );
const chose: DecideEvent = { type: 'chose', verdict: 'approve' };
const reviewed: DecideEvent = { type: 'reviewed', request };
const signed: DecideEvent = { type: 'signed' };

describe('decideStep', () => {
  it('goes from nothing to done in four steps', () => {
    expect(run(chose, reviewed, signed, { type: 'accepted' })).toEqual({
      state: { at: 'done', verdict: 'approve' },
      sends: 1,
    });
  });

  it.each<[string, DecideEvent[], DecideState['at'], number]>([
    ['double click on sign', [chose, reviewed, signed, signed], 'sending', 1],
    ['sign without reviewing', [chose, signed], 'form', 0],
    ['sign out of nothing', [signed], 'idle', 0],
    [
      'review of another verdict than the chosen one',
      [{ type: 'chose', verdict: 'deny' }, reviewed],
      'form',
      0,
    ],
    [
      'change of verdict while sending',
      [chose, reviewed, signed, { type: 'chose', verdict: 'deny' }],
      'sending',
      1,
    ],
    [
      'the device asked and signing',
      [chose, reviewed, signed, { type: 'asked-device', challenge: 'c' }, { type: 'device-signed' }],
      'sending',
      2,
    ],
    [
      'a click while the device is asked',
      [chose, reviewed, signed, { type: 'asked-device', challenge: 'c' }, signed],
      'device',
      1,
    ],
    [
      'a device that gave nothing',
      [
        chose,
        reviewed,
        signed,
        { type: 'asked-device', challenge: 'c' },
        { type: 'refused', code: 'device_cancelled' },
      ],
      'failed',
      1,
    ],
    ['a device that nobody asked', [chose, reviewed, { type: 'device-signed' }], 'confirming', 0],
    ['click after done', [chose, reviewed, signed, { type: 'accepted' }, signed], 'done', 1],
    [
      'late answer after an answer',
      [chose, reviewed, signed, { type: 'accepted' }, { type: 'refused', code: 'x' }],
      'done',
      1,
    ],
    ['going back before sending', [chose, reviewed, { type: 'went-back' }, signed], 'form', 0],
    [
      'sending again after a failure',
      [chose, reviewed, signed, { type: 'refused', code: 'offline' }, signed],
      'sending',
      2,
    ],
  ])('%s', (_, events, at, sends) => {
    const end = run(...events);
    expect([end.state.at, end.sends]).toEqual([at, sends]);
  });

  it('keeps what was refused, so that exactly the same can be sent again', () => {
    const { state } = run(chose, reviewed, signed, { type: 'refused', code: 'offline', detail: 'd' });
    expect(state).toEqual({ at: 'failed', request, code: 'offline', detail: 'd' });
  });
});
