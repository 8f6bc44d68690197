import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { publicKeyOf, signEd25519 } from '@/lib/core/ed25519';
import { formatBase64 } from '@/lib/core/encoding';
import { describeVectorCases } from '@/lib/core/testing/published-vectors';
import {
  type Envelope,
  formatEnvelope,
  MAX_RECORD_BYTES,
  pae,
  parseEnvelope,
  RECORD_PAYLOAD_TYPE,
  signEnvelope,
  verifyEnvelope,
  verifyEnvelopeAsync,
} from '@/lib/integrity/dsse';
import { listDsseVectors } from './testing/dsse-vectors';

const seed = new Uint8Array(32).fill(1);
const otherSeed = new Uint8Array(32).fill(2);
const key = { keyid: 'k1', publicKey: publicKeyOf(seed) };
const otherKey = { keyid: 'k2', publicKey: publicKeyOf(otherSeed) };
const payload = utf8('{"kind":"heartbeat"}');
const type = RECORD_PAYLOAD_TYPE;
const b64 = formatBase64(payload);
const sig64 = formatBase64(new Uint8Array(64));

function parsed(bytes: Uint8Array): Envelope {
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) throw new Error(envelope.code);
  return envelope.value;
}

function printed(value: unknown): Uint8Array {
  return utf8(JSON.stringify(value));
}

describe('pae', () => {
  it('recomputes the worked example of the module', () => {
    expect(decodeUtf8(pae('http://example.com/HelloWorld', utf8('hello world')))).toEqual({
      ok: true,
      value: 'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    });
  });

  it('counts bytes, not characters', () => {
    expect(pae('é', utf8('€'))).toEqual(utf8('DSSEv1 2 é 3 €'));
  });
});

describe('envelope', () => {
  it('round-trips any payload and keeps the received bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (bytes, sig) => {
          const envelope = formatEnvelope({ payload: bytes, keyid: 'k1', signature: sig });
          const read = parsed(envelope);
          expect(read.bytes).toBe(envelope);
          expect(read.payload).toEqual(bytes);
          expect(read.signatures).toEqual([{ keyid: 'k1', sig }]);
        },
      ),
    );
  });

  it('takes members in any order, white space, and URL-safe base64, as DSSE allows', () => {
    const bytes = Uint8Array.of(0xfb, 0xff, 0xfe);
    const text = ` { "signatures" : [ { "sig" : "${sig64}", "keyid" : "k" } ], "payload" : "-__-", "payloadType":"${type}" } `;
    expect(parsed(utf8(text)).payload).toEqual(bytes);
  });

  const one = [{ keyid: 'k', sig: sig64 }];
  it.each([
    ['more than 64 KiB', new Uint8Array(MAX_RECORD_BYTES + 1).fill(32), 'record_too_large'],
    ['nothing', new Uint8Array(0), 'envelope_syntax'],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'envelope_syntax'],
    [
      'a byte order mark',
      utf8(`\uFEFF${JSON.stringify({ payloadType: type, payload: b64, signatures: one })}`),
      'envelope_syntax',
    ],
    [
      'a second payload',
      utf8(
        `{"payloadType":"${type}","payload":"${b64}","payload":"${b64}","signatures":[{"keyid":"k","sig":"${sig64}"}]}`,
      ),
      'envelope_syntax',
    ],
    ['a second envelope', utf8('{}{}'), 'envelope_syntax'],
    ['nesting', utf8('[[[[[]]]]]'), 'envelope_syntax'],
    ['an array', printed([]), 'envelope_shape'],
    [
      'an unsigned extra member',
      printed({ payloadType: type, payload: b64, signatures: one, note: '' }),
      'envelope_shape',
    ],
    [
      'an extra member named __proto__',
      utf8(`{"payloadType":"${type}","payload":"${b64}","__proto__":[]}`),
      'envelope_shape',
    ],
    ['a missing payload', printed({ payloadType: type, signatures: one }), 'envelope_shape'],
    [
      'a payload that is an object',
      printed({ payloadType: type, payload: {}, signatures: one }),
      'envelope_shape',
    ],
    [
      'signatures as one object',
      printed({ payloadType: type, payload: b64, signatures: one[0] }),
      'envelope_shape',
    ],
    [
      '17 signatures',
      printed({ payloadType: type, payload: b64, signatures: new Array(17).fill(one[0]) }),
      'envelope_shape',
    ],
    [
      'a signature without keyid',
      printed({ payloadType: type, payload: b64, signatures: [{ sig: sig64 }] }),
      'envelope_shape',
    ],
    [
      'an empty keyid',
      printed({ payloadType: type, payload: b64, signatures: [{ keyid: '', sig: sig64 }] }),
      'envelope_shape',
    ],
    [
      'a certificate beside the signature',
      printed({ payloadType: type, payload: b64, signatures: [{ ...one[0], cert: '' }] }),
      'envelope_shape',
    ],
    [
      'another payload type',
      printed({ payloadType: 'application/json', payload: b64, signatures: one }),
      'payload_type_unknown',
    ],
    [
      'a payload type in other letters',
      printed({ payloadType: type.toUpperCase(), payload: b64, signatures: one }),
      'payload_type_unknown',
    ],
    ['no signatures', printed({ payloadType: type, payload: b64, signatures: [] }), 'signature_missing'],
    ['unpadded base64', printed({ payloadType: type, payload: 'QQ', signatures: one }), 'envelope_base64'],
    ['stray bits', printed({ payloadType: type, payload: 'QR==', signatures: one }), 'envelope_base64'],
    [
      'two alphabets at once',
      printed({ payloadType: type, payload: '+_+_', signatures: one }),
      'envelope_base64',
    ],
    [
      'a line break in base64',
      printed({ payloadType: type, payload: 'QQ==\n', signatures: one }),
      'envelope_base64',
    ],
    [
      'a broken signature',
      printed({ payloadType: type, payload: b64, signatures: [{ keyid: 'k', sig: '%' }] }),
      'envelope_base64',
    ],
  ])('refuses %s', (_, bytes, code) => {
    expect(parseEnvelope(bytes)).toMatchObject({ ok: false, code });
  });

  it('reads a record of exactly 64 KiB', () => {
    const frame = formatEnvelope({ payload: new Uint8Array(0), keyid: 'k', signature: new Uint8Array(64) });
    const room = Math.floor((MAX_RECORD_BYTES - frame.length) / 4) * 3;
    const bytes = formatEnvelope({
      payload: new Uint8Array(room),
      keyid: 'k',
      signature: new Uint8Array(64),
    });
    const padded = new Uint8Array(MAX_RECORD_BYTES).fill(32);
    padded.set(bytes);
    expect(parseEnvelope(padded).ok).toBe(true);
  });
});

describe('verification', () => {
  const envelope = parsed(signEnvelope(payload, 'k1', seed));
  const signature = (s: Uint8Array, keyid: string) => ({ keyid, sig: signEd25519(s, pae(type, payload)) });

  it.each([
    ['its own key', envelope, [key, otherKey], { ok: true, value: { keyid: 'k1' } }],
    ['no keys', envelope, [], { ok: false, code: 'key_unknown' }],
    ['only another key', envelope, [otherKey], { ok: false, code: 'key_unknown' }],
    [
      'another key under its name',
      envelope,
      [{ ...otherKey, keyid: 'k1' }],
      { ok: false, code: 'signature_invalid' },
    ],
    [
      'a changed payload',
      { ...envelope, payload: utf8('{}') },
      [key],
      { ok: false, code: 'signature_invalid' },
    ],
    ['a changed type', { ...envelope, payloadType: 'x' }, [key], { ok: false, code: 'signature_invalid' }],
    [
      'a truncated signature',
      { ...envelope, signatures: [{ keyid: 'k1', sig: new Uint8Array(63) }] },
      [key],
      { ok: false, code: 'signature_invalid' },
    ],
    [
      'a stranger beside the producer',
      { ...envelope, signatures: [signature(otherSeed, 'k2'), signature(seed, 'k1')] },
      [key],
      { ok: true, value: { keyid: 'k1' } },
    ],
    [
      'two known signers',
      { ...envelope, signatures: [signature(otherSeed, 'k2'), signature(seed, 'k1')] },
      [key, otherKey],
      { ok: true, value: { keyid: 'k2' } },
    ],
    [
      'one known signer who fails beside one who does not',
      { ...envelope, signatures: [signature(seed, 'k1'), signature(seed, 'k2')] },
      [key, otherKey],
      { ok: false, code: 'signature_invalid' },
    ],
    [
      'a small-order key that fits everything',
      { ...envelope, signatures: [{ keyid: 'k0', sig: Uint8Array.of(1, ...new Array(63).fill(0)) }] },
      [{ keyid: 'k0', publicKey: Uint8Array.of(1, ...new Array(31).fill(0)) }],
      { ok: false, code: 'signature_invalid' },
    ],
  ])('under %s', async (_, subject, keys, expected) => {
    expect(verifyEnvelope(subject, keys)).toEqual(expected);
    expect(await verifyEnvelopeAsync(subject, keys)).toEqual(expected);
  });
});

describeVectorCases('ed25519/misc', 'DSSE protocol example', 5, listDsseVectors);
