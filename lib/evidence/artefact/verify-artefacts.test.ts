import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64 } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { describeVectors, hasVector, readVectorBytes } from '@/lib/core/testing/published-vectors';
import { genesisLink } from '@/lib/integrity/chain';
import { addSignatures, checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { signCosignature } from '@/lib/integrity/cosignature';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { formatTlogProof } from '@/lib/integrity/tlog-proof';
import { formatAddCheckpoint } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import { mineHeader, pathTo, proofBytes } from '@/lib/integrity/witness/opentimestamps/testing/build-proof';
import { drillAudience, formatDrillToken } from '@/lib/tokens/drill-token';
import { parseToken } from '@/lib/tokens/token';
import type { RememberedCheckpoint } from '../evidence-source';
import { buildCase, earlierRoot, ORIGIN, PRODUCER, type Stored } from '../testing/build-case';
import { buildPackage, rootsOf } from '../testing/build-package';
import { formatTrustFile } from '../trust/format-trust-file';
import { parseTrustFile } from '../trust/parse-trust-file';
import { withFingerprint } from '../trust/root-bytes';
import type { TrustRoot, TrustRootOf } from '../trust/trust-root';
import type { ArtefactFile } from './artefact-file';
import type { ArtefactReport } from './artefact-report';
import { identifyArtefact } from './identify-artefact';
import { verifyArtefacts } from './verify-artefacts';
import { formatLeaf } from './verify-proof-file';

const made = buildCase();
const ROOTS = rootsOf(made);
const [approval] = made.material.approvals;
const TOKEN = approval?.token ?? '';
const RECORD = made.streams.get(PRODUCER)?.[2] as Stored;
const before = made.streams.get(PRODUCER)?.[1]?.link ?? genesisLink(PRODUCER);
const logSigner = { name: ORIGIN, seed: new Uint8Array(32).fill(4) };
const witness = { name: 'witness.example', seed: new Uint8Array(32).fill(9) };

const file = (name: string, bytes: Uint8Array | string): ArtefactFile => {
  const all = typeof bytes === 'string' ? utf8(bytes) : bytes;
  return { name, size: all.length, read: async (from, to) => all.subarray(from, to) };
};

async function run(
  files: readonly ArtefactFile[],
  roots: readonly TrustRoot[] = ROOTS,
  remembered: RememberedCheckpoint | null = null,
): Promise<ArtefactReport[]> {
  return verifyArtefacts(files, {
    roots,
    nowMs: Date.UTC(2026, 10, 20, 7),
    clock: () => 0,
    remembered: async () => remembered,
  });
}

async function one(...args: Parameters<typeof run>): Promise<ArtefactReport> {
  const reports = await run(...args);
  expect(reports).toHaveLength(1);
  return reports[0] as ArtefactReport;
}

test('a record that a bridge signed says so beside its signature', async () => {
  const bridged = buildCase({ origin: { signed_at: 'bridge', protocol: 'otlp', service: 'shop' } });
  const record = bridged.streams.get(PRODUCER)?.[2] as Stored;
  const report = await one([file('record.json', record.bytes)]);
  const words = `not signed at source: made from OpenTelemetry spans by ${PRODUCER}`;
  expect(report.checks.find(({ id }) => id === 'record.origin')).toMatchObject({
    verdict: 'not-checked',
    reason: words,
  });
  expect(JSON.stringify(report)).toContain(`"Origin"`);
  const own = await one([file('record.json', RECORD.bytes)]);
  expect(own.checks.map(({ id }) => id)).not.toContain('record.origin');
});

const lines = (report: ArtefactReport) =>
  Object.fromEntries(report.checks.map(({ id, verdict, code }) => [id, code ?? verdict]));

async function inclusion() {
  const found = await made.source.inclusion(PRODUCER, 3);
  if (!found) throw new Error('the case is in its log');
  return found;
}

async function proofFile(change: (extra: Uint8Array) => Uint8Array = (extra) => extra) {
  const { index, hashes, checkpoint } = await inclusion();
  const extra = change(formatLeaf({ stream: PRODUCER, position: 3, link: RECORD.link }, before));
  return file('3.tlog-proof', formatTlogProof({ index, hashes, checkpoint, extra }));
}

describe('each kind under its pinned root', () => {
  test('a token: signed, in time, in plain words', async () => {
    const report = await one([file('token.jws', `${TOKEN}\n`)]);
    expect(report).toMatchObject({ kind: 'token', verdict: 'valid' });
    const said = Object.fromEntries(report.summary.map(({ label, text }) => [label, text]));
    expect(said).toMatchObject({
      Action: 'transfer on account acct-9',
      Tier: 'bounded',
      What: 'One approval',
    });
    expect(said['In force']).toContain('expired');
    expect(report.notes.join()).toContain('redeemed or revoked');
  });

  test('a record: its own bytes, in plain words', async () => {
    const report = await one([file('3.dsse.json', RECORD.bytes)]);
    expect(report).toMatchObject({ kind: 'record', verdict: 'valid' });
    expect(report.summary).toContainEqual({
      label: 'Action',
      text: 'transfer on account acct-9, 18500.00 INR',
    });
  });

  test('a checkpoint: the log, its witness, and what is remembered of it', async () => {
    const { checkpoint } = await inclusion();
    const text = new TextDecoder().decode(checkpoint);
    const body = text.slice(0, text.indexOf('\n\n') + 1);
    const cosigned = addSignatures(checkpoint, [signCosignature(body, witness, 1_763_620_000)]);
    const vkey = formatNoteKey(
      noteKeyOf(witness.name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(witness.seed)),
    );
    const keys = parseTrustFile('w', utf8(vkey));
    if (!cosigned.ok || !keys.ok) throw new Error('witness');
    const report = await one([file('checkpoint', cosigned.value)], [...ROOTS, ...keys.value]);
    expect(lines(report)).toEqual({ 'log.checkpoint': 'valid', 'witness.witness.example': 'valid' });
    expect(report.remember).toMatchObject({ origin: ORIGIN, checkpoint: { size: 10 } });
    const without = await one([file('checkpoint', cosigned.value)]);
    expect(without.notes.join()).toContain('witness.example+');
  });

  test('a proof with its record: signed head, leaf, and the very record', async () => {
    const report = await one([await proofFile()]);
    expect(lines(report)).toEqual({ 'log.checkpoint': 'valid', 'log.inclusion': 'valid' });
    const both = await run([await proofFile(), file('3.dsse.json', RECORD.bytes)]);
    expect(both.map(({ kind, verdict }) => `${kind} ${verdict}`)).toEqual(['proof valid', 'record valid']);
    expect(lines(both[0] as ArtefactReport)).toMatchObject({
      'proof.record': 'valid',
      'record.signature': 'valid',
    });
  });

  test('a package: its own lines, one section a decision, its keys offered', async () => {
    const built = await buildPackage();
    const report = await one([file('case.evidence.zip', built.bytes)], rootsOf(built.made));
    expect(report.kind).toBe('package');
    expect(report.checks.filter(({ verdict }) => verdict === 'invalid')).toEqual([]);
    expect(lines(report)).toMatchObject({
      'package.form': 'valid',
      'package.files': 'valid',
      'trust.log': 'valid',
    });
    expect(report.sections).toHaveLength(1);
    expect(report.sections[0]?.checks.length).toBeGreaterThan(15);
    expect(report.offered.length).toBeGreaterThan(2);
    expect(report.remember?.checkpoint.size).toBe(10);
  });

  test('a receipt with what it stamps: the stamped file has no report of its own', async () => {
    const bytes = utf8('what was stamped');
    const receipt = proofBytes(pathTo(sha256(bytes), [], { kind: 'bitcoin', height: 7 }));
    const header = formatBase64(mineHeader(sha256(bytes), 1_763_620_000));
    const root = withFingerprint<TrustRootOf<'bitcoin-header'>>({
      kind: 'bitcoin-header',
      name: 'Bitcoin block 7',
      height: 7,
      header,
    });
    if (!root.ok) throw new Error(root.code);
    const report = await one([file('a.txt', bytes), file('a.txt.ots', receipt)], [root.value]);
    expect(report).toMatchObject({ kind: 'opentimestamps', verdict: 'valid' });
    expect(report.summary).toContainEqual({ label: 'Stamped file', text: 'a.txt' });
    const alone = await one([file('a.txt.ots', receipt)], [root.value]);
    expect(alone.verdict).toBe('not-checked');
    expect(lines(alone)).toMatchObject({ 'receipt.stamped': 'not-checked', 'opentimestamps.root': 'valid' });
    const other = await one([file('a.txt', 'another text'), file('a.txt.ots', receipt)], [root.value]);
    expect(lines(other)).toMatchObject({ 'opentimestamps.digest': 'digest_mismatch' });
  });

  test('of several files the one that fits is the stamped one, whatever it is called', async () => {
    const bytes = (await inclusion()).checkpoint;
    const other = signCheckpoint({ origin: ORIGIN, size: 2, root: earlierRoot(made.streams, 2) }, logSigner);
    const receipt = proofBytes(pathTo(sha256(bytes), [], { kind: 'bitcoin', height: 7 }));
    const beside = [file('a.note', other), file('b.note', bytes), file('trust.json', formatTrustFile(ROOTS))];
    const [proof] = (await run([file('a.ots', receipt), ...beside])) as [ArtefactReport];
    expect(proof.stamped).toBe('b.note');
    expect(proof.verdict).toBe('not-checked');
    const [lost] = (await run([file('a.ots', receipt), file('a.note', other), file('c.txt', 'c')])) as [
      ArtefactReport,
    ];
    expect(lost.stamped).toBeNull();
    expect(lines(lost)).toMatchObject({ 'receipt.stamped': 'not-checked' });
    expect(lost.verdict).toBe('not-checked');
  });

  test('a trust file is offered, and believed by nobody', async () => {
    const report = await one([file('trust.json', formatTrustFile(ROOTS))], []);
    expect(report).toMatchObject({ kind: 'trust', verdict: 'not-checked' });
    expect(report.offered.map(({ fingerprint }) => fingerprint)).toEqual(
      ROOTS.map(({ fingerprint }) => fingerprint),
    );
  });
});

describe('without a pinned root nothing is VALID, and the file that would settle it is named', () => {
  const rows: [string, () => Promise<ArtefactFile>, string][] = [
    ['token', async () => file('token.jws', TOKEN), '/.well-known/jwks.json'],
    ['record', async () => file('3.dsse.json', RECORD.bytes), 'trust file of the console'],
    ['checkpoint', async () => file('checkpoint', (await inclusion()).checkpoint), 'pin its note key'],
    ['proof', () => proofFile(), 'pin its note key'],
  ];
  test.each(rows)('%s', async (kind, make, words) => {
    const report = await one([await make()], []);
    expect(report.kind).toBe(kind);
    expect(report.verdict).toBe('not-checked');
    expect(report.remember).toBeNull();
    expect(report.checks.map(({ reason }) => reason).join(' ')).toContain(words);
  });
});

describe('what is remembered of a log', () => {
  const vkey = made.material.log?.vkey ?? '';
  const atMs = Date.UTC(2026, 10, 19);
  const at = (size: number, root: Uint8Array): RememberedCheckpoint => ({ size, root, vkey, atMs });
  const sign = (size: number, root: Uint8Array) => signCheckpoint({ origin: ORIGIN, size, root }, logSigner);
  const root10 = earlierRoot(made.streams, 10);
  const root2 = earlierRoot(made.streams, 2);
  const fork = sha256(utf8('another history'));

  const rows: [string, string, Uint8Array, RememberedCheckpoint][] = [
    ['the same head again', 'valid', sign(10, root10), at(10, root10)],
    ['a fork at the same size', 'log_forked', sign(10, fork), at(10, root10)],
    ['a smaller head, which may be old or a log cut back', 'not-checked', sign(2, root2), at(10, root10)],
    ['a larger head without a proof', 'not-checked', sign(10, root10), at(2, root2)],
    [
      'another key of the same log',
      'log_key_changed',
      sign(10, root10),
      { ...at(10, root10), vkey: `${vkey}x` },
    ],
  ];
  test.each(rows)('%s', async (_, expected, note, remembered) => {
    const report = await one([file('checkpoint', note)], ROOTS, remembered);
    expect(lines(report)['log.consistency']).toBe(expected);
    const isBroken = !['valid', 'not-checked'].includes(expected);
    expect(report.verdict === 'invalid').toBe(isBroken);
    if (isBroken) expect(report.remember).toBeNull();
  });

  test('a proof of growth settles it, and one from another history refutes it', async () => {
    const { merkleGrowth } = await growth(2, 10);
    const update = (note: Uint8Array) =>
      file('head.add-checkpoint', formatAddCheckpoint({ oldSize: 2, proof: merkleGrowth, checkpoint: note }));
    const honest = await one([update(sign(10, root10))], ROOTS, at(2, root2));
    expect(lines(honest)['log.consistency']).toBe('valid');
    expect(honest.remember?.checkpoint.size).toBe(10);
    const forked = await one([update(sign(10, fork))], ROOTS, at(2, root2));
    expect(lines(forked)['log.consistency']).toBe('growth_refuted');
    const rewritten = await one([update(sign(10, root10))], ROOTS, at(2, fork));
    expect(lines(rewritten)['log.consistency']).toBe('growth_refuted');
  });

  /** The consistency proof of the case's own tree. */
  async function growth(size1: number, size2: number) {
    const { consistencyProof, leafHash, nodeHash } = await import('@/lib/integrity/merkle');
    const { formatEntry } = await import('@/lib/integrity/entry');
    const leaves = [...made.streams].flatMap(([stream, records]) =>
      records.map(({ position, link }) => leafHash(formatEntry({ stream, position, link }))),
    );
    const node = (level: number, index: number): Uint8Array =>
      level === 0
        ? (leaves[index] as Uint8Array)
        : nodeHash(node(level - 1, index * 2), node(level - 1, index * 2 + 1));
    const proof = consistencyProof(size1, size2, node);
    if (!proof.ok) throw new Error(proof.code);
    return { merkleGrowth: proof.value };
  }
});

describe('one bit changed', () => {
  const flip = (bytes: Uint8Array, at: number) =>
    bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const rows: [string, () => Promise<{ name: string; bytes: Uint8Array }>][] = [
    ['token', async () => ({ name: 'a.jws', bytes: utf8(TOKEN) })],
    ['record', async () => ({ name: 'a.dsse.json', bytes: RECORD.bytes })],
    ['checkpoint', async () => ({ name: 'checkpoint', bytes: (await inclusion()).checkpoint })],
  ];
  test.each(rows)('anywhere in a %s leaves no VALID', async (_, make) => {
    const { name, bytes } = await make();
    expect((await one([file(name, bytes)])).verdict).toBe('valid');
    for (let at = 0; at < bytes.length; at += 7)
      expect((await one([file(name, flip(bytes, at))])).verdict, `byte ${at}`).not.toBe('valid');
  });

  test('anywhere in what a proof says of its leaf', async () => {
    const { length } = formatLeaf({ stream: PRODUCER, position: 3, link: RECORD.link }, before);
    for (let at = 0; at < length; at += 5) {
      const reports = await run([
        await proofFile((extra) => flip(extra, at)),
        file('3.dsse.json', RECORD.bytes),
      ]);
      expect(reports[0]?.verdict, `byte ${at}`).not.toBe('valid');
    }
  });
});

describe('hostile files', () => {
  test('a file larger than its kind is not read', async () => {
    let reads = 0;
    const huge: ArtefactFile = {
      name: 'a.jws',
      size: 2 ** 40,
      read: async () => {
        reads++;
        return utf8(TOKEN.slice(0, 60_000));
      },
    };
    expect(lines(await one([huge]))).toEqual({ 'artefact.form': 'artefact_too_large' });
    expect(reads).toBe(2);
  });
  test('a file that vanishes while it is read', async () => {
    const gone: ArtefactFile = { name: 'a.jws', size: 10, read: () => Promise.reject(new Error('gone')) };
    expect(lines(await one([gone]))).toEqual({ 'artefact.form': 'artefact_unreadable' });
  });
  test('a zip that is no package says why in a sentence', async () => {
    const report = await one([
      file('a.evidence.zip', concatBytes(Uint8Array.of(0x50, 0x4b, 3, 4), new Uint8Array(400))),
    ]);
    expect(report.verdict).toBe('invalid');
    expect(report.checks[0]?.compared).toMatch(/archive|package/);
  });
  test('a file that is nothing known is NOT CHECKED', async () => {
    expect(await one([file('holiday.txt', 'hello')])).toMatchObject({
      kind: 'unknown',
      verdict: 'not-checked',
    });
  });
  test('whatever bytes under whatever name: a report, never an exception, never VALID', async () => {
    const names = fc.constantFrom(
      'a',
      'a.ots',
      'a.tsr',
      'a.jws',
      'a.zip',
      'a.cose',
      'a.tlog-proof',
      'a.dsse.json',
      'a.cosignature',
    );
    const heads = fc.constantFrom(
      new Uint8Array(),
      Uint8Array.of(0x30, 0x82),
      Uint8Array.of(0xd2, 0x84),
      Uint8Array.of(0x50, 0x4b, 3, 4),
      utf8('c2sp.org/tlog-proof@v1\n'),
      utf8('old 0\n'),
      utf8('{"payloadType":"a","signatures":[]'),
      utf8('{"logIndex":'),
      utf8('{"leafComponents":{}}'),
      utf8('{"retainUntil":1}'),
    );
    await fc.assert(
      fc.asyncProperty(names, heads, fc.uint8Array({ maxLength: 300 }), async (name, head, tail) => {
        const report = await one([file(name, concatBytes(head, tail))]);
        expect(report.verdict).not.toBe('valid');
        expect(report.checks.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
  test('cancelled between files', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const context = { roots: ROOTS, nowMs: 0, clock: () => 0, remembered: async () => null, signal };
    await expect(verifyArtefacts([file('a.jws', TOKEN)], context)).rejects.toThrow('enough');
  });
});

describe('a drill’s token is called one', () => {
  const seed = new Uint8Array(32).fill(5);
  const kid = jwkThumbprint(publicKeyOf(seed));
  const parsed = parseToken(TOKEN);
  const claims = { ...(parsed.ok ? parsed.value.claims : ({} as never)), aud: drillAudience('bank') };
  const drill = formatDrillToken(claims, { kid, seed });

  test('and never an approval, whatever keys are pinned', async () => {
    const pinned = ROOTS.map((root) =>
      root.kind === 'approval-key' ? { ...root, kid, publicKey: formatBase64(publicKeyOf(seed)) } : root,
    );
    for (const roots of [ROOTS, pinned]) {
      const report = await one([file('a.jws', `${drill}\n`)], roots);
      expect(report).toMatchObject({ kind: 'token', verdict: 'invalid' });
      expect(report.summary[0]?.text).toMatch(/^A drill’s token, never an approval/);
      expect(lines(report)).toEqual({ 'token.form': 'drill_token' });
    }
  });

  test('also where it calls itself an approval', async () => {
    const typed = buildCase({ claims: { aud: drillAudience('bank') } });
    const report = await one([file('a.jws', typed.material.approvals[0]?.token ?? '')]);
    expect(report.summary[0]?.text).toContain('A drill');
    expect(lines(report)).toMatchObject({ 'token.audience': 'drill_token' });
  });

  test('and only where its header says so', async () => {
    const [, body, signature] = drill.split('.');
    const header = Buffer.from(JSON.stringify({ typ: 'at+jwt', alg: 'Ed25519', kid })).toString('base64url');
    const report = await one([file('a.jws', `${header}.${body}.${signature}`)]);
    expect(lines(report)).toEqual({ 'token.form': 'token_type' });
  });
});

test('the log’s own name in the worked case', () => {
  expect(checkpointKeyOf(logSigner).name).toBe(ORIGIN);
});

describe('kinds are told by their bytes', () => {
  const at = (path: string, kind: string) =>
    test.skipIf(!hasVector(path))(`${path}: ${kind}`, () => {
      expect(identifyArtefact(path.split('/').at(-1) ?? '', readVectorBytes(path).subarray(0, 65_536))).toBe(
        kind,
      );
    });
  describeVectors('tlog', 'logs', () => {
    at('tlog/sumdb/checkpoint-35225469.note', 'checkpoint');
    at('tlog/sumdb/vkey.txt', 'trust');
    at('tlog/sigstore-trust/trusted_root.public-good.json', 'trust');
  });
  describeVectors('ccf', 'ledgers', () => {
    at('ccf/scitt/uvm_0.2.10.cose', 'ccf');
    at('ccf/scitt/esrp-cts-db.json', 'trust');
    at('ccf/scitt/esrp-cts-cp.jwks.json', 'trust');
    at('ccf/acl-receipts/valid-1-snake.json', 'ccf');
  });
  describeVectors('cer', 'execution records', () => at('cer/valid-1-text.json', 'cer'));
  describeVectors('rfc3161', 'roots', () => at('rfc3161/roots/freetsa-cacert.pem', 'trust'));
});
