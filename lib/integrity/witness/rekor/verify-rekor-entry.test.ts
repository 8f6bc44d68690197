import { readdirSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { sha256 } from '@/lib/core/hash';
import { describeVectors, readVectorBytes, readVectorJson } from '@/lib/core/testing/published-vectors';
import { overallVerdict } from '@/lib/integrity/check';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { listRekorVectors, type VectorCase } from '@/lib/integrity/witness/rekor/testing/vector-cases';
import { verifyRekorEntry } from '@/lib/integrity/witness/rekor/verify-rekor-entry';
import type { WitnessReport } from '@/lib/integrity/witness/witness-report';

const ROOT = new URL('../../../../../shared/vectors/', import.meta.url);

function listFiles(folder: string): string[] {
  const place = new URL(folder, ROOT);
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(place).sort() : [];
}

// biome-ignore lint/suspicious/noExplicitAny: published JSON whose shape the assertions state
type Json = any;
const invalidCodes = ({ checks }: WitnessReport): (string | undefined)[] =>
  checks.flatMap((check) => (check.verdict === 'invalid' ? [check.code] : []));
const verdicts = ({ checks }: WitnessReport): string[] => checks.map(({ id, verdict }) => `${id} ${verdict}`);

/** What each failing bundle is caught by: its own fault, no other. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  'bundle-empty-certificate-chain_fail': ['rekor_shape'],
  'bundle-invalid-base64-signature_fail': ['rekor_shape'],
  'checkpoint-bad-keyhint_fail': ['rekor_checkpoint_unsigned'],
  'checkpoint-wrong-roothash_fail': ['rekor_proof_root', 'rekor_proof'],
  'dsse-invalid-sig_fail': ['rekor_bundle_mismatch'],
  'dsse-mismatch-envelope_fail': ['rekor_signature_invalid', 'rekor_bundle_mismatch'],
  'dsse-mismatch-sig_fail': ['rekor_bundle_mismatch'],
  'inclusion-proof-corrupted-hash_fail': ['rekor_proof'],
  'integrated-time-in-future_fail': ['rekor_certificate_expired'],
  'intoto-set-outside-signing-cert-validity_fail': ['rekor_certificate_expired'],
  'invalid-inclusion-proof_fail': ['rekor_proof'],
  'managed-key-wrong-key_fail': ['rekor_signer_mismatch'],
  'message-digest-mismatch_fail': ['rekor_bundle_mismatch'],
  'rekor2-checkpoint-missing-log-signature_fail': ['rekor_checkpoint'],
  'rekor2-checkpoint-missing-origin_fail': ['rekor_checkpoint'],
  'rekor2-checkpoint-missing-root-hash_fail': ['rekor_checkpoint'],
  'rekor2-checkpoint-missing-size_fail': ['rekor_checkpoint'],
  'rekor2-checkpoint-no-matching-signature_fail': ['rekor_checkpoint_origin'],
  'rekor2-dsse-invalid-sig_fail': ['rekor_bundle_mismatch'],
  'rekor2-dsse-mismatch-envelope_fail': ['rekor_bundle_mismatch'],
  'rekor2-dsse-mismatch-sig_fail': ['rekor_bundle_mismatch'],
  'rekor2-no-inclusion-proof_fail': ['rekor_proof_absent'],
  'rekor2-timestamp-outside-trust-root-tsa-validity_fail': ['rekor_timestamp_expired'],
  'rekor2-timestamp-outside-tsa-cert-validity_fail': ['rekor_timestamp'],
  'set-invalid-signature_fail': ['rekor_set_invalid'],
  'signature-mismatch_fail': ['rekor_bundle_mismatch'],
  'wrong-hashedrekord-artifact_fail': ['rekor_stamp_mismatch', 'rekor_bundle_mismatch'],
  'wrong-hashedrekord-cert-and-sig_fail': ['rekor_bundle_mismatch'],
  'wrong-hashedrekord-entry_fail': ['rekor_bundle_mismatch'],
  'wrong-material_fail': ['rekor_stamp_mismatch'],
};

describeVectors('tlog', 'verifyRekorEntry, published bundles', () => {
  const cases = listRekorVectors({ readFile: readVectorBytes, listFiles });
  const named = (name: string): VectorCase => {
    const found = cases.find((one) => one.name === name);
    if (!found) throw new Error(`no vector ${name}`);
    return found;
  };
  const entryOf = (name: string): Json =>
    JSON.parse(Buffer.from(named(name).receipt).toString()).verificationMaterial.tlogEntries[0];
  const verifyEdited = (name: string, edit: (entry: Json) => unknown): Promise<WitnessReport> => {
    const { stamped, trust } = named(name);
    return verifyRekorEntry(utf8(JSON.stringify(edit(entryOf(name)))), stamped, trust);
  };

  it('has them', () => {
    expect(cases.length).toBeGreaterThanOrEqual(45);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (name, one) => {
    const report = await one.report();
    const faults = FAULTS[name] ?? [];
    expect({ verdict: report.verdict, codes: invalidCodes(report) }).toMatchObject({
      verdict: one.expect,
      codes: faults.length > 0 ? expect.arrayContaining([...faults]) : [],
    });
  });

  it('says what an entry of v1 shows, line by line, and when', async () => {
    const report = await named('happy-path-v0.1').report();
    expect(verdicts(report)).toEqual([
      'rekor.entry valid',
      'rekor.stamp valid',
      'rekor.signature valid',
      'rekor.signer valid',
      'rekor.bundle valid',
      'rekor.checkpoint valid',
      'rekor.inclusion valid',
      'rekor.set valid',
      'rekor.log-key valid',
      'rekor.certificate valid',
    ]);
    expect(report.checks.find(({ id }) => id === 'rekor.checkpoint')).toMatchObject({
      key: 'rekor.sigstore.dev (c0d23d6a)',
      root: {
        name: 'rekor.sigstore.dev',
        fingerprint: 'sha-256:c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d',
      },
    });
    expect(report.witnessedAtMs).toBe(1_689_177_396_000);
    expect(report.witness).toBe('rekor.sigstore.dev, entry 27246492');
  });

  it('takes the time of a v2 entry from time stamps, never from the entry', async () => {
    const report = await named('rekor2-happy-path').report();
    expect(report.witnessedAtMs).toBe(Date.parse('2025-06-12T12:02:20Z'));
    const claimed = await verifyEdited('rekor2-happy-path', (entry) => ({ ...entry, integratedTime: '5' }));
    expect(claimed.checks.some(({ id }) => id === 'rekor.set')).toBe(false);
    expect(claimed.witnessedAtMs).toBeNull();
  });

  it('counts pinned witnesses of the checkpoint, and finds one that did not sign it', async () => {
    const [vector] = readVectorJson<{ witnessVkeys: string[] }[]>(
      'tlog/cosignature/cosignature-v1-vectors.json',
    );
    const witnessKeys = (vector?.witnessVkeys ?? []).flatMap((vkey) => {
      const key = parseNoteKey(vkey);
      return key.ok ? [key.value] : [];
    });
    const { receipt, stamped, trust } = named('rekor2-dsse-happy-path');
    const good = await verifyRekorEntry(receipt, stamped, { ...trust, witnessKeys });
    const line = good.checks.find(({ id }) => id === 'rekor.cosignatures');
    expect(good.verdict).toBe('valid');
    for (const name of ['witness.stagemole.eu', 'ring-any-bells', 'navigli'])
      expect(line?.compared).toContain(name);
    const [first] = witnessKeys.filter(({ name }) => name === 'witness.stagemole.eu');
    if (!first) throw new Error('witness expected');
    const forged = { ...first, publicKey: sha256(first.publicKey) };
    const bad = await verifyRekorEntry(receipt, stamped, { ...trust, witnessKeys: [forged] });
    expect(invalidCodes(bad)).toEqual(['rekor_cosignature']);
  });

  it('leaves open who signed under a certificate that nobody pinned, and refuses a key that is another', async () => {
    const { receipt, stamped, trust } = named('happy-path-v0.3');
    const stranger = await verifyRekorEntry(receipt, stamped, { ...trust, anchorKeys: [] });
    expect(stranger.checks.find(({ id }) => id === 'rekor.signer')).toMatchObject({ verdict: 'not-checked' });
    expect([stranger.verdict, stranger.witness]).toEqual([
      'not-checked',
      'rekor.sigstore.dev, entry 79571823',
    ]);
    const managed = named('managed-key-happy-path');
    const unpinned = await verifyRekorEntry(managed.receipt, managed.stamped, {
      ...managed.trust,
      anchorKeys: [],
    });
    expect(unpinned.verdict).toBe('not-checked');
  });

  it('shows nothing of a log that is not pinned', async () => {
    const { receipt, stamped, trust } = named('happy-path-v0.3');
    const report = await verifyRekorEntry(receipt, stamped, { ...trust, logs: [] });
    expect([report.verdict, report.witness, report.witnessedAtMs]).toEqual(['not-checked', null, null]);
    expect(
      report.checks.filter(({ id }) => /checkpoint|inclusion|set/.test(id)).map((one) => one.verdict),
    ).toEqual(['not-checked', 'not-checked', 'not-checked']);
  });

  it('reads the answer of Rekor v1 under its id', async () => {
    const { stamped, trust } = named('managed-key-happy-path');
    const entry = entryOf('managed-key-happy-path');
    const hex = (text: string): string => Buffer.from(text, 'base64').toString('hex');
    const proof = entry.inclusionProof;
    const body = Buffer.from(entry.canonicalizedBody, 'base64');
    const leaf = Buffer.from(sha256(Uint8Array.of(0, ...body))).toString('hex');
    const answer = {
      body: entry.canonicalizedBody,
      integratedTime: Number(entry.integratedTime),
      logID: hex(entry.logId.keyId),
      logIndex: Number(entry.logIndex),
      verification: {
        inclusionProof: {
          checkpoint: proof.checkpoint.envelope,
          hashes: proof.hashes.map(hex),
          logIndex: Number(proof.logIndex),
          rootHash: hex(proof.rootHash),
          treeSize: Number(proof.treeSize),
        },
        signedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
      },
    };
    const verify = (value: unknown): Promise<WitnessReport> =>
      verifyRekorEntry(utf8(JSON.stringify(value)), stamped, trust);
    const good = await verify({ [`108e9186e8c5677a${leaf}`]: answer });
    expect([good.verdict, good.witnessedAtMs]).toEqual(['valid', 1_766_077_479_000]);
    expect((await verify(answer)).verdict).toBe('valid');
    expect(invalidCodes(await verify({ ['0'.repeat(64)]: answer }))).toEqual(['rekor_shape']);
    expect(invalidCodes(await verify({ [leaf]: answer, other: answer }))).toEqual(['rekor_shape']);
    expect(invalidCodes(await verify({ ...answer, integratedTime: 1 }))).toContain('rekor_set_invalid');
    expect(invalidCodes(await verify({ ...answer, logIndex: 1 }))).toEqual(['rekor_set_invalid']);
  });

  it.each<[attack: string, edit: (entry: Json) => unknown, codes: string[]]>([
    [
      'a root that is stated and not signed',
      (entry) => ({
        ...entry,
        inclusionProof: { ...entry.inclusionProof, rootHash: `${'A'.repeat(43)}=` },
      }),
      ['rekor_proof_root'],
    ],
    [
      'a size that is stated and not signed',
      (entry) => ({ ...entry, inclusionProof: { ...entry.inclusionProof, treeSize: '649584077' } }),
      ['rekor_proof_root'],
    ],
    [
      'a kind beside the entry that is not in it',
      (entry) => ({ ...entry, kindVersion: { kind: 'hashedrekord', version: '0.0.2' } }),
      ['rekor_body_mismatch'],
    ],
    [
      'a body of another entry',
      (entry) => ({ ...entry, canonicalizedBody: entryOf('happy-path-v0.1').canonicalizedBody }),
      ['rekor_signer_mismatch', 'rekor_proof', 'rekor_set_invalid'],
    ],
    [
      'no proof and no promise',
      ({ inclusionProof, inclusionPromise, ...entry }) => entry,
      ['rekor_proof_absent'],
    ],
    [
      'a time after the year 9999',
      (entry) => ({ ...entry, integratedTime: '253402300800' }),
      ['rekor_shape'],
    ],
    ['a number with a sign', (entry) => ({ ...entry, logIndex: '+771488337' }), ['rekor_shape']],
    [
      'more hashes than any tree has',
      (entry) => ({
        ...entry,
        inclusionProof: { ...entry.inclusionProof, hashes: Array(65).fill(`${'A'.repeat(43)}=`) },
      }),
      ['rekor_shape'],
    ],
  ])('finds %s', async (_, edit, codes) => {
    const found = invalidCodes(await verifyEdited('managed-key-happy-path', edit));
    // A certificate in another body's place is a stranger, which is no verdict on the signer.
    expect(found).toEqual(codes.filter((code) => found.includes(code)));
    expect(found.length).toBeGreaterThan(0);
  });

  it('does not let a promise stand for a proof, nor a proof for a checkpoint', async () => {
    const promised = await verifyEdited('managed-key-happy-path', ({ inclusionProof, ...entry }) => entry);
    expect([promised.verdict, ...invalidCodes(promised)]).toEqual(['not-checked']);
    expect(promised.checks.find(({ id }) => id === 'rekor.inclusion')?.reason).toContain('without a proof');
    const unsigned = await verifyEdited('managed-key-happy-path', (entry) => {
      const { checkpoint, ...inclusionProof } = entry.inclusionProof as Json;
      return { ...entry, inclusionProof };
    });
    expect(verdicts(unsigned)).toContain('rekor.inclusion not-checked');
    expect(unsigned.verdict).toBe('not-checked');
  });

  it('asks the life of a key with an end for a time that is verified', async () => {
    const { receipt, stamped, trust } = named('happy-path-v0.1');
    const at = 1_689_177_396_000;
    const verify = (life: { validFromMs?: number; validUntilMs?: number }): Promise<WitnessReport> =>
      verifyRekorEntry(receipt, stamped, { ...trust, logs: trust.logs.map((log) => ({ ...log, ...life })) });
    expect((await verify({ validFromMs: at, validUntilMs: at })).verdict).toBe('valid');
    expect(invalidCodes(await verify({ validUntilMs: at - 1 }))).toEqual(['rekor_log_expired']);
    expect(invalidCodes(await verify({ validFromMs: at + 1 }))).toEqual(['rekor_log_expired']);
    expect(invalidCodes(await verify({ validUntilMs: Number.NaN }))).toEqual(['rekor_log_expired']);
  });

  it('finds one changed character in any member of an entry', async () => {
    const { stamped, trust } = named('managed-key-happy-path');
    const original = entryOf('managed-key-happy-path');
    const paths = listTexts(original, []);
    expect(paths.length).toBeGreaterThan(25);
    for (const path of paths) {
      const changed = structuredClone(original);
      const holder = path.slice(0, -1).reduce((node, key) => node[key], changed);
      const key = path.at(-1) as string;
      const text = holder[key] as string;
      const at = Math.floor(text.length / 2);
      holder[key] = text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1);
      const report = await verifyRekorEntry(utf8(JSON.stringify(changed)), stamped, trust);
      expect([path.join('.'), report.verdict]).not.toEqual([path.join('.'), 'valid']);
    }
  });

  it('answers a report for whatever was changed', async () => {
    const originals = cases.filter(({ expect: verdict }) => verdict === 'valid');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'insert'),
        async (one, offset, mask, kind) => {
          const at = offset % one.receipt.length;
          const changed =
            kind === 'cut'
              ? one.receipt.subarray(0, at)
              : kind === 'insert'
                ? Uint8Array.of(...one.receipt.subarray(0, at), mask, ...one.receipt.subarray(at))
                : Uint8Array.from(one.receipt, (byte, i) => (i === at ? byte ^ mask : byte));
          const report = await one.report(changed);
          expect(report.verdict).toBe(overallVerdict(report.checks));
          expect(report.checks.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Where the strings of a JSON value are. */
function listTexts(value: unknown, path: readonly string[]): string[][] {
  if (typeof value === 'string') return [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => listTexts(inside, [...path, key]));
}

describe('verifyRekorEntry, hostile bytes', () => {
  it.each<[attack: string, text: string, code: string]>([
    ['nothing', '', 'rekor_json'],
    ['a list', '[]', 'rekor_shape'],
    ['an empty object', '{}', 'rekor_shape'],
    ['a member twice', '{"body":"","body":""}', 'rekor_json'],
    ['nesting beyond reason', '['.repeat(50_000), 'rekor_json'],
    ['an enormous file', ' '.repeat(3_000_000), 'rekor_too_large'],
    ['a prototype for an entry', '{"__proto__":{"body":""}}', 'rekor_shape'],
    [
      'a bundle without entries',
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{}}',
      'rekor_shape',
    ],
    [
      'a bundle of a version to come',
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.9+json","verificationMaterial":{}}',
      'rekor_shape',
    ],
  ])('refuses %s', async (_, text, code) => {
    const report = await verifyRekorEntry(utf8(text), null, { logs: [], anchorKeys: [] });
    expect(report.checks.map((check) => check.code)).toEqual([code]);
    expect(report.verdict).toBe('invalid');
  });

  it('survives arbitrary JSON and arbitrary keys', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.uint8Array({ maxLength: 100 }), async (text, publicKey) => {
        const trust = { logs: [{ origin: 'log', publicKey }], anchorKeys: [publicKey] };
        expect((await verifyRekorEntry(utf8(text), null, trust)).verdict).toBe('invalid');
      }),
    );
  });
});
