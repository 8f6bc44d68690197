import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import type { Attestation } from './attestation';
import { formatOpenTimestamps, parseOpenTimestamps } from './detached-timestamp';
import {
  commitmentOf,
  growTimestamp,
  listPending,
  mergeTimestamps,
  namesBlock,
  startTimestamp,
} from './grow-timestamp';
import type { Operation } from './operation';
import { messageAfter, mineHeader, pathTo } from './testing/build-proof';
import { verifyOpenTimestamps } from './verify-open-timestamps';

const BYTES = utf8('a signed checkpoint\n');
const STAMP = sha256(BYTES);
const NONCE = utf8('0123456789abcdef');
const COMMITMENT = commitmentOf(STAMP, NONCE);
const promise = (name: string): Attestation => ({ kind: 'pending', calendar: `https://${name}.example` });
const toAlice: readonly Operation[] = [{ name: 'append', argument: utf8('a') }, { name: 'sha256' }];
const toBob: readonly Operation[] = [{ name: 'prepend', argument: utf8('b') }, { name: 'sha256' }];
const PROOF = startTimestamp(STAMP, NONCE, [
  pathTo(COMMITMENT, toBob, promise('bob')),
  pathTo(COMMITMENT, toAlice, promise('alice')),
]);

describe('a proof that grows', () => {
  it('commits to the stamp without showing it', () => {
    expect(formatHex(COMMITMENT)).toBe(formatHex(sha256(Buffer.concat([STAMP, NONCE]))));
    expect(formatHex(PROOF.timestamp.message)).toBe(formatHex(STAMP));
    expect(listPending(PROOF).map(({ calendar }) => calendar)).toEqual([
      'https://alice.example',
      'https://bob.example',
    ]);
    expect(namesBlock(PROOF.timestamp)).toBe(false);
    expect(parseOpenTimestamps(formatOpenTimestamps(PROOF))).toEqual({ ok: true, value: PROOF });
  });

  it('takes a calendar’s later answer where its promise stood, and is whole with one block', () => {
    const asked = listPending(PROOF)[1];
    if (!asked) throw new Error('no promise');
    const onward: readonly Operation[] = [{ name: 'append', argument: utf8('tx') }, { name: 'sha256' }];
    const grown = growTimestamp(PROOF, pathTo(asked.commitment, onward, { kind: 'bitcoin', height: 12 }));
    expect(namesBlock(grown.timestamp)).toBe(true);
    expect(listPending(grown)).toEqual(listPending(PROOF));
    const header = mineHeader(messageAfter(asked.commitment, onward), 1_750_000_000);
    const report = verifyOpenTimestamps(
      formatOpenTimestamps(grown),
      { kind: 'bytes', bytes: BYTES },
      { headers: [{ height: 12, header }] },
    );
    expect(report).toMatchObject({ verdict: 'valid', witnessedAtMs: 1_750_000_000_000 });
    const twice = growTimestamp(grown, pathTo(asked.commitment, onward, { kind: 'bitcoin', height: 12 }));
    expect(formatHex(formatOpenTimestamps(twice))).toBe(formatHex(formatOpenTimestamps(grown)));
  });

  it('leaves a proof alone when the answer speaks of nothing in it', () => {
    const foreign = pathTo(sha256(utf8('other')), toAlice, { kind: 'bitcoin', height: 1 });
    expect(growTimestamp(PROOF, foreign)).toEqual(PROOF);
  });
});

describe('mergeTimestamps', () => {
  it('keeps each step once, whichever came first', () => {
    const a = pathTo(COMMITMENT, toAlice, promise('alice'), { kind: 'bitcoin', height: 300 });
    const b = pathTo(COMMITMENT, toAlice, { kind: 'bitcoin', height: 20 }, promise('alice'));
    const merged = mergeTimestamps(a, b);
    expect(mergeTimestamps(b, a)).toEqual(merged);
    expect(mergeTimestamps(merged, merged)).toEqual(merged);
    expect(merged).toEqual(
      pathTo(
        COMMITMENT,
        toAlice,
        { kind: 'bitcoin', height: 20 },
        { kind: 'bitcoin', height: 300 },
        promise('alice'),
      ),
    );
  });

  it('refuses to mix trees over different messages', () => {
    expect(() => mergeTimestamps(PROOF.timestamp, pathTo(COMMITMENT, [], promise('x')))).toThrow('messages');
  });
});
