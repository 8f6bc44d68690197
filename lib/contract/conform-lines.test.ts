import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { signEnvelope } from '@/lib/integrity/dsse';
import { createConformance } from './conform-lines';
import { completePayload } from './testing-body.test-data';

const seed = new Uint8Array(32).fill(7);
const sign = (payload: unknown) => signEnvelope(utf8(JSON.stringify(payload)), 'k', seed);

/** Codes that each of these places in the stream is told, beyond its unchecked signature. */
function tell(payloads: Record<string, unknown>[]): string[][] {
  const conformance = createConformance(null);
  return payloads.map((payload) =>
    conformance
      .add(sign(payload))
      .findings.map(({ code }) => code as string)
      .filter((code) => code !== 'signature_not_checked'),
  );
}

describe('a stream, line by line', () => {
  it('in order has nothing to say', () => {
    expect(tell([1, 2, 3].map((seq) => completePayload(seq)))).toEqual([[], [], []]);
  });

  it('begins in the middle, leaves a hole, and fills it late', () => {
    expect(tell([5, 6, 9, 8].map((seq) => completePayload(seq)))).toEqual([
      ['sequence_first'],
      [],
      ['sequence_gap'],
      ['sequence_backwards', 'time_backwards'],
    ]);
  });

  it('names the hole', () => {
    const conformance = createConformance(null);
    conformance.add(sign(completePayload(1)));
    expect(conformance.add(sign(completePayload(4))).findings).toContainEqual(
      expect.objectContaining({ code: 'sequence_gap', path: 'seq', detail: '2 to 3' }),
    );
  });

  it('uses a number or an id twice', () => {
    expect(
      tell([
        completePayload(1),
        completePayload(1, { id: 'dec-other' }),
        completePayload(2, { id: 'dec-1' }),
      ]),
    ).toEqual([[], ['sequence_reused'], ['id_reused']]);
  });

  it('sends the very same bytes again, which is harmless', () => {
    expect(tell([completePayload(1), completePayload(1)])).toEqual([[], ['record_repeated']]);
  });

  it('counts each stream by itself', () => {
    const second = { stream: 'spiffe://example.org/agent/payments/second' };
    expect(tell([completePayload(1), completePayload(1, { ...second, id: 'x' })])).toEqual([[], []]);
  });

  it('misses heartbeats only over all lines', () => {
    const conformance = createConformance(null);
    conformance.add(sign(completePayload(1)));
    expect(conformance.end().map(({ code }) => code)).toEqual(['heartbeat_missing']);
    const body = { from: '2026-11-30T10:00:00.000Z', to: '2026-11-30T10:05:00.000Z', decisions: 1 };
    conformance.add(sign(completePayload(2, { kind: 'heartbeat', body })));
    expect(conformance.end()).toEqual([]);
  });
});
