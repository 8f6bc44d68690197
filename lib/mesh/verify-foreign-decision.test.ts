import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64, formatBase64url } from '@/lib/core/encoding';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { overallVerdict } from '@/lib/integrity/check';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { signEnvelope } from '@/lib/integrity/dsse';
import { formatEntry } from '@/lib/integrity/entry';
import { consistencyProof, inclusionProof, leafHash, nodeHash, treeRoot } from '@/lib/integrity/merkle';
import { formatNoteKey } from '@/lib/integrity/note-key';
import { formatTlogProof } from '@/lib/integrity/tlog-proof';
import {
  type ForeignEvidence,
  formatForeignEvidence,
  MAX_FOREIGN_BYTES,
  parseForeignDecision,
  parseForeignEvidence,
} from './foreign-decision';
import { type ForeignTrust, verifyForeignDecision } from './verify-foreign-decision';

const stream = 'spiffe://ward.example/agent/triage';
const signer = { name: 'ward.example/log', seed: new Uint8Array(32).fill(4) };
const producer = { seed: new Uint8Array(32).fill(5) };
const publicKey = publicKeyOf(producer.seed);
const keyid = jwkThumbprint(publicKey);
const trust: ForeignTrust = {
  id: 'dec_parent',
  peer: 'Ward 7',
  vkey: formatNoteKey(checkpointKeyOf(signer)),
};

function recordOf(id: string, seq: number): Uint8Array {
  const body = {
    identity: { agent: { id: 'triage', name: 'Triage', version: '1' } },
    output: {
      action: { name: 'order_test', tier: 'reversible' },
      outcome: { verdict: 'allow', source: 'gateway', reason_code: 'within' },
    },
  };
  const occurred_at = '2026-11-20T08:00:00.000Z';
  const payload = { kind: 'decision', id, producer: stream, stream, seq, occurred_at, body };
  return signEnvelope(utf8(JSON.stringify(payload)), keyid, producer.seed);
}

/** A log of this stream's records: `dec_parent` is the third of five; a checkpoint at three was cosigned. */
function evidence(): ForeignEvidence {
  const ids = ['dec_1', 'dec_2', 'dec_parent', 'dec_4', 'dec_5'];
  const records = ids.map((id, n) => recordOf(id, n + 1));
  const links = [genesisLink(stream)];
  for (const [n, bytes] of records.entries())
    links.push(nextLink(links[n] as Uint8Array, n + 1, recordDigest(bytes)));
  const leaves = links.slice(1).map((link, n) => leafHash(formatEntry({ stream, position: n + 1, link })));
  const node = (level: number, index: number): Uint8Array =>
    level === 0
      ? (leaves[index] as Uint8Array)
      : nodeHash(node(level - 1, index * 2), node(level - 1, index * 2 + 1));
  const signed = (size: number) =>
    signCheckpoint({ origin: signer.name, size, root: treeRoot(size, node) }, signer);
  const inclusion = inclusionProof(2, 5, node);
  const consistency = consistencyProof(3, 5, node);
  if (!inclusion.ok || !consistency.ok) throw new Error('proofs');
  return {
    decision: {
      format: 'countersign/foreign-decision/v1',
      id: 'dec_parent',
      stream,
      position: 3,
      acceptedAt: '2026-11-20T08:00:00.100Z',
      envelope: formatBase64(records[2] as Uint8Array),
      linkBefore: formatBase64(links[2] as Uint8Array),
      producer: stream,
      keys: [
        {
          keyid,
          publicKey: formatBase64url(publicKey),
          validFrom: '2026-01-01T00:00:00.000Z',
          retiredAt: null,
        },
      ],
      proof: formatBase64(formatTlogProof({ index: 2, hashes: inclusion.value, checkpoint: signed(5) })),
    },
    cosigned: { note: formatBase64(signed(3)), proof: consistency.value.map(formatBase64) },
  };
}

let whole: ForeignEvidence;
beforeAll(() => {
  whole = evidence();
});
const verify = (change: (one: ForeignEvidence) => void = () => {}, by: Partial<ForeignTrust> = {}) => {
  const one = structuredClone(whole);
  change(one);
  return verifyForeignDecision(one, { ...trust, ...by });
};
/** The same bytes with one bit of one byte the other way. */
const flip = (base64: string, at: number) => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[at] = (bytes[at] as number) ^ 1;
  return bytes.toString('base64');
};

describe('a parent in another console’s log', () => {
  it('verifies from its bytes, and is read', async () => {
    const { checks, body } = await verify();
    expect(overallVerdict(checks)).toBe('valid');
    expect(body?.output.action.name).toBe('order_test');
    expect(checks.map(({ id }) => id)).toEqual([
      'parent.signature',
      'parent.place',
      'parent.inclusion',
      'parent.consistency',
    ]);
  });

  it('without a checkpoint cosigned here, that line is NOT CHECKED and the record is still read', async () => {
    const { checks, body } = await verify((one) => {
      one.cosigned = null;
    });
    expect(checks.at(-1)).toMatchObject({
      verdict: 'not-checked',
      reason: expect.stringContaining('Ward 7'),
    });
    expect(body).not.toBeNull();
  });

  const attacks: [string, string, (one: ForeignEvidence) => void, Partial<ForeignTrust>?][] = [
    ['a byte of the record', 'parent.inclusion', ({ decision: d }) => (d.envelope = flip(d.envelope, 200))],
    [
      'another record of the same producer',
      'parent.place',
      ({ decision: d }) => (d.envelope = formatBase64(recordOf('dec_2', 2))),
    ],
    ['the parent under another id', 'parent.place', () => {}, { id: 'dec_other' }],
    ['another stream', 'parent.place', ({ decision: d }) => (d.stream = `${stream}/x`)],
    ['another producer', 'parent.place', ({ decision: d }) => (d.producer = `${stream}/x`)],
    ['another position', 'parent.inclusion', ({ decision: d }) => (d.position = 4)],
    ['the first position with a link before it', 'parent.inclusion', ({ decision: d }) => (d.position = 1)],
    [
      'the link before',
      'parent.inclusion',
      ({ decision: d }) => (d.linkBefore = flip(d.linkBefore as string, 0)),
    ],
    ['no link before', 'parent.inclusion', ({ decision: d }) => (d.linkBefore = null)],
    [
      'a short link before',
      'parent.inclusion',
      ({ decision: d }) => (d.linkBefore = formatBase64(new Uint8Array(63))),
    ],
    ['no key', 'parent.signature', ({ decision: d }) => (d.keys = [])],
    [
      'another key under the keyid',
      'parent.signature',
      ({ decision: d }) =>
        (d.keys = [
          {
            ...(d.keys[0] as never as (typeof d.keys)[0]),
            publicKey: formatBase64url(publicKeyOf(signer.seed)),
          },
        ]),
    ],
    [
      'a key that was retired before',
      'parent.signature',
      ({ decision: d }) => ((d.keys[0] as (typeof d.keys)[0]).retiredAt = '2026-11-20T08:00:00.000Z'),
    ],
    [
      'a key that came later',
      'parent.signature',
      ({ decision: d }) => ((d.keys[0] as (typeof d.keys)[0]).validFrom = '2026-11-21T00:00:00.000Z'),
    ],
    ['the proof', 'parent.inclusion', ({ decision: d }) => (d.proof = flip(d.proof, 60))],
    ['a proof that is none', 'parent.inclusion', ({ decision: d }) => (d.proof = formatBase64(utf8('no')))],
    [
      'another log’s key pinned',
      'parent.inclusion',
      () => {},
      { vkey: formatNoteKey(checkpointKeyOf({ ...signer, seed: new Uint8Array(32).fill(8) })) },
    ],
    [
      'another log’s name pinned',
      'parent.inclusion',
      () => {},
      { vkey: formatNoteKey(checkpointKeyOf({ ...signer, name: 'other.example/log' })) },
    ],
    ['a pinned key that is none', 'parent.inclusion', () => {}, { vkey: 'nothing' }],
    [
      'a forked log: another tree was cosigned here',
      'parent.consistency',
      (one) => {
        const root = new Uint8Array(32).fill(7);
        const note = signCheckpoint({ origin: signer.name, size: 3, root }, signer);
        one.cosigned = { note: formatBase64(note), proof: one.cosigned?.proof ?? [] };
      },
    ],
    [
      'a shrunken log: more was cosigned here, and it does not follow',
      'parent.consistency',
      (one) => {
        const root = new Uint8Array(32).fill(7);
        const note = signCheckpoint({ origin: signer.name, size: 9, root }, signer);
        one.cosigned = { note: formatBase64(note), proof: one.cosigned?.proof ?? [] };
      },
    ],
    [
      'what was cosigned, unsigned',
      'parent.consistency',
      (one) => (one.cosigned = { note: formatBase64(utf8('x')), proof: [] }),
    ],
    ['a consistency proof cut off', 'parent.consistency', (one) => one.cosigned?.proof.pop()],
    ['a hash of it that is no base64', 'parent.consistency', (one) => one.cosigned?.proof.push('?')],
  ];
  it.each(attacks)('%s → %s', async (_attack, line, change, by) => {
    const { checks, body } = await verify((one) => void change(one), by);
    expect(checks.filter(({ verdict }) => verdict === 'invalid').map(({ id }) => id)).toContain(line);
    if (line !== 'parent.consistency') expect(body).toBeNull();
  });
});

describe('what a peer sends', () => {
  it('is read back as it was printed', () => {
    expect(parseForeignEvidence(formatForeignEvidence(whole))).toEqual({ ok: true, value: whole });
  });

  const hostile: [string, () => Uint8Array][] = [
    ['too large', () => new Uint8Array(MAX_FOREIGN_BYTES + 1)],
    ['not UTF-8', () => new Uint8Array([0xff])],
    ['not JSON', () => utf8('{')],
    ['nested too deeply', () => utf8('['.repeat(40))],
    ['a member twice', () => utf8('{"format":"a","format":"b"}')],
    ['another format', () => utf8(JSON.stringify({ ...whole.decision, format: 'v2' }))],
    ['one member more', () => utf8(JSON.stringify({ ...whole.decision, more: 1 }))],
    ['a position that is none', () => utf8(JSON.stringify({ ...whole.decision, position: 0 }))],
    [
      'a thousand keys',
      () => utf8(JSON.stringify({ ...whole.decision, keys: Array(1000).fill(whole.decision.keys[0]) })),
    ],
  ];
  it.each(hostile)('%s is refused', (_name, bytes) => {
    expect(parseForeignDecision(bytes()).ok).toBe(false);
  });
});
