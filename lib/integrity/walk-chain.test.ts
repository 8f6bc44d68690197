import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { overallVerdict } from '@/lib/integrity/check';
import { signEnvelope } from '@/lib/integrity/dsse';
import { type ChainRecord, createChainWalk, findJoint } from '@/lib/integrity/walk-chain';

const STREAM = 'spiffe://example.org/agent/a';
const seed = new Uint8Array(32).fill(1);
const keys = [{ keyid: 'k1', publicKey: publicKeyOf(seed) }];
const genesis = genesisLink(STREAM);

function recordBytes(
  seq: number,
  options: { stream?: string; note?: string; signer?: Uint8Array } = {},
): Uint8Array {
  const payload = {
    kind: 'heartbeat',
    stream: options.stream ?? STREAM,
    seq,
    body: { note: options.note ?? '' },
  };
  return signEnvelope(utf8(JSON.stringify(payload)), 'k1', options.signer ?? seed);
}

function chain(all: readonly Uint8Array[]): ChainRecord[] {
  let link = genesis;
  return all.map((bytes, i) => {
    link = nextLink(link, i + 1, recordDigest(bytes));
    return { position: i + 1, bytes, link };
  });
}

const honest = chain([1, 2, 3, 4, 5].map((seq) => recordBytes(seq)));

async function walk(
  records: readonly ChainRecord[],
  start: Partial<Parameters<typeof createChainWalk>[0]> = {},
) {
  const walker = createChainWalk({ stream: STREAM, fromPosition: 0, fromLink: genesis, keys, ...start });
  const findings = (await Promise.all(records.map((record) => walker.push(record)))).flat();
  return { findings, checks: await walker.finish(), state: walker.state() };
}

function replaced(index: number, change: (record: ChainRecord) => Partial<ChainRecord>): ChainRecord[] {
  return honest.map((record, i) => (i === index ? { ...record, ...change(record) } : record));
}

/** One byte of the base64 payload changed, so that the envelope still parses. */
function tamper(bytes: Uint8Array): Uint8Array {
  const at = new TextDecoder().decode(bytes).indexOf('"payload":"') + 30;
  return bytes.map((byte, i) => (i === at ? (byte === 65 ? 66 : 65) : byte));
}

describe('walk-chain', () => {
  it('finds nothing in an honest stream', async () => {
    const { findings, checks, state } = await walk(honest);
    expect(findings).toEqual([]);
    expect(overallVerdict(checks)).toBe('valid');
    expect(state).toEqual({ position: 5, link: honest[4]?.link, seq: 5 });
  });

  it('goes on where it stopped', async () => {
    const first = await walk(honest.slice(0, 2));
    const { position, link, seq } = first.state;
    const rest = await walk(honest.slice(2), {
      fromPosition: position,
      fromLink: link,
      ...(seq && { fromSeq: seq }),
    });
    expect(rest.findings).toEqual([]);
    expect(rest.state.position).toBe(5);
  });

  it('leaves the first link to whoever knows the one before, and checks all the others', async () => {
    const walker = createChainWalk({ stream: STREAM, fromPosition: 2, fromLink: null, keys });
    expect(walker.state()).toEqual({ position: 2, link: null });
    for (const record of honest.slice(2)) expect(await walker.push(record)).toEqual([]);
    const joint = walker.joint();
    if (!joint) throw new Error('no joint');
    const before = { position: 2, link: honest[1]?.link ?? new Uint8Array(0) };
    expect(findJoint(STREAM, before, joint)).toEqual([]);
    expect(findJoint(STREAM, { ...before, link: genesis }, joint)).toMatchObject([
      { code: 'link_mismatch', where: { stream: STREAM, position: 3 } },
    ]);
    expect(findJoint(STREAM, { ...before, position: 1 }, joint)).toMatchObject([
      { code: 'position_gap', expected: '2', computed: '3' },
    ]);
    expect(findJoint(STREAM, { position: 2, link: new Uint8Array(10) }, joint)).toMatchObject([
      { code: 'link_mismatch', computed: '' },
    ]);
  });

  it('says that nothing was checked when nothing was given', async () => {
    const { checks } = await walk([]);
    expect(overallVerdict(checks)).toBe('not-checked');
    expect(checks.every(({ reason }) => reason === 'no records were given')).toBe(true);
  });

  it('names the one record whose bytes were changed, and its byte range', async () => {
    const { findings, checks } = await walk(replaced(2, ({ bytes }) => ({ bytes: tamper(bytes) })));
    const where = { stream: STREAM, position: 3, byteFrom: 0, byteTo: honest[2]?.bytes.length };
    expect(findings.map(({ code }) => code)).toContain('link_mismatch');
    expect(findings.map(({ code }) => code)).toContain('signature_invalid');
    for (const finding of findings.filter(({ code }) => code !== 'seq_gap'))
      expect(finding.where).toEqual(where);
    expect(checks.find(({ id }) => id === 'chain.link')).toMatchObject({ verdict: 'invalid', where });
  });

  it.each([
    [
      'a stored link changed',
      replaced(1, ({ link }) => ({ link: link.map((byte) => byte ^ 1) })),
      ['link_mismatch@2', 'link_mismatch@3'],
    ],
    ['a record dropped', honest.filter((_, i) => i !== 2), ['position_gap@4', 'seq_gap@4']],
    [
      'a record dropped and the chain rebuilt',
      chain([1, 2, 4, 5].map((seq) => recordBytes(seq))),
      ['seq_gap@3'],
    ],
    [
      'the first record dropped and the chain rebuilt',
      chain([2, 3].map((seq) => recordBytes(seq))),
      ['seq_gap@1'],
    ],
    [
      'a record repeated under a new position',
      chain([1, 2, 2, 3].map((seq) => recordBytes(seq))),
      ['seq_repeated@3'],
    ],
    [
      'two records swapped and the chain rebuilt',
      chain([1, 3, 2, 4].map((seq) => recordBytes(seq))),
      ['seq_gap@2', 'seq_gap@3', 'seq_gap@4'],
    ],
    [
      'a record of another stream',
      chain([recordBytes(1), recordBytes(2, { stream: `${STREAM}2` })]),
      ['stream_mismatch@2'],
    ],
    [
      'a forged record by another key',
      chain([recordBytes(1), recordBytes(2, { signer: new Uint8Array(32).fill(9) })]),
      ['signature_invalid@2'],
    ],
    ['a record that is no envelope', chain([recordBytes(1), utf8('{}')]), ['envelope_shape@2']],
    [
      'a payload that is no record',
      chain([recordBytes(1), signEnvelope(utf8('[]'), 'k1', seed)]),
      ['payload_syntax@2'],
    ],
    [
      'a payload with two counters',
      chain([signEnvelope(utf8(`{"stream":"${STREAM}","seq":9,"seq":1}`), 'k1', seed)]),
      ['payload_syntax@1'],
    ],
  ])('names %s', async (_, records, expected) => {
    const { findings, checks } = await walk(records);
    expect(findings.map(({ code, where }) => `${code}@${where.position}`)).toEqual(expected);
    expect(overallVerdict(checks)).toBe('invalid');
  });

  it('trusts no genesis link but the stream’s own', async () => {
    const { findings } = await walk(honest, { fromLink: genesisLink('spiffe://example.org/agent/b') });
    expect(findings.map(({ code }) => code)).toEqual(['genesis_mismatch', 'link_mismatch']);
  });

  it('does not take an unknown key for a valid one', async () => {
    const { findings, checks } = await walk(honest.slice(0, 1), { keys: [] });
    expect(findings.map(({ code }) => code)).toEqual(['key_unknown']);
    expect(checks.find(({ id }) => id === 'chain.signature')).toMatchObject({
      verdict: 'invalid',
      code: 'key_unknown',
    });
  });
});
