import { readdirSync } from 'node:fs';
import { encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { sha256 } from '@/lib/core/hash';
import { describeVectors, readVectorBytes } from '@/lib/core/testing/published-vectors';
import { overallVerdict } from '@/lib/integrity/check';
import { formatSignedStatement, parseCoseSign1 } from '@/lib/integrity/witness/ccf/cose-sign1';
import { listLedgerVectors, type VectorCase } from '@/lib/integrity/witness/ccf/testing/vector-cases';
import { verifyLedgerReceipt } from '@/lib/integrity/witness/ccf/verify-ledger-receipt';
import type { Stamped, WitnessReport } from '@/lib/integrity/witness/witness-report';
import { parseCertificate } from '@/lib/integrity/witness/x509/certificate';

const ROOT = new URL('../../../../../shared/vectors/', import.meta.url);

function listFiles(folder: string): string[] {
  return readdirSync(new URL(`${folder}/`, ROOT), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

const invalidCodes = ({ checks }: WitnessReport): (string | undefined)[] =>
  checks.flatMap((check) => (check.verdict === 'invalid' ? [check.code] : []));
const verdicts = ({ checks }: WitnessReport): string[] => checks.map(({ id, verdict }) => `${id} ${verdict}`);

describeVectors('ccf', 'verifyLedgerReceipt, published receipts', () => {
  const cases = listLedgerVectors({ readFile: readVectorBytes, listFiles });
  const named = (name: string): VectorCase => {
    const found = cases.find((one) => one.name.includes(name));
    if (!found) throw new Error(`no vector ${name}`);
    return found;
  };
  const editJson = (name: string, edit: (file: Record<string, never>) => unknown): Uint8Array =>
    utf8(JSON.stringify(edit(JSON.parse(Buffer.from(named(name).receipt).toString()))));

  it('has them', () => {
    expect(cases.length).toBeGreaterThanOrEqual(20);
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    expect(await one.run()).toBe(one.expect);
  });

  it('says what a good receipt shows, line by line', async () => {
    const report = await named('valid-3').report();
    expect(verdicts(report)).toEqual([
      'ccf.receipt valid',
      'ccf.claims valid',
      'ccf.node valid',
      'ccf.root valid',
      'ccf.chain valid',
    ]);
    expect(report.witness).toBe('CN=CCF Network, transaction 2.13');
    expect(report.witnessedAtMs).toBeNull();
    expect(report.checks.at(-1)?.root?.fingerprint).toMatch(/^sha-256:[0-9a-f]{64}$/);
  });

  it('binds what was stamped to the entry in the ledger', async () => {
    const { receipt, trust } = named('valid-3');
    const same = await verifyLedgerReceipt(receipt, { kind: 'bytes', bytes: utf8('Hello world') }, trust);
    expect(same.verdict).toBe('valid');
    const digest = { kind: 'digest', algorithm: 'sha-256', digest: sha256(utf8('Hello world')) } as const;
    expect((await verifyLedgerReceipt(receipt, digest, trust)).verdict).toBe('valid');
    const other = await verifyLedgerReceipt(receipt, { kind: 'bytes', bytes: utf8('Hello') }, trust);
    expect(invalidCodes(other)).toEqual(['ledger_stamp_mismatch']);
    expect(other.witness).toBe('CN=CCF Network, transaction 2.13');
  });

  it('does not take a receipt for a stamp that it does not speak of', async () => {
    const stamped = { kind: 'bytes', bytes: utf8('checkpoint') } as const;
    const none = await verifyLedgerReceipt(named('valid-1').receipt, stamped, named('valid-1').trust);
    expect(invalidCodes(none)).toEqual(['ledger_stamp_absent']);
    const withheld = editJson('valid-3', ({ receipt }) => receipt);
    const report = await verifyLedgerReceipt(withheld, stamped, named('valid-3').trust);
    expect(report.verdict).toBe('not-checked');
    expect(report.checks.find(({ id }) => id === 'ccf.stamp')?.reason).toContain('without the claims');
  });

  it('leaves the chain open where no ledger is pinned, and ends it at what is pinned alone', async () => {
    const { receipt } = named('valid-1');
    const unpinned = await verifyLedgerReceipt(receipt, null, { services: [] });
    expect([unpinned.verdict, unpinned.witness]).toEqual(['not-checked', null]);
    expect(invalidCodes(await verifyLedgerReceipt(receipt, null, named('valid-3').trust))).toEqual([
      'ledger_chain_untrusted',
    ]);
  });

  it.each<[attack: string, edit: (file: Record<string, never>) => unknown, code: string]>([
    [
      'a member spelled both ways',
      (file) => ({ ...file, leafComponents: file.leaf_components }),
      'ledger_shape',
    ],
    [
      'an endorsement that endorsed nobody',
      (file) => ({ ...file, service_endorsements: [file.cert] }),
      'ledger_chain_untrusted',
    ],
    [
      'upper-case hex',
      (file) => ({ ...file, node_id: String(file.node_id).toUpperCase() }),
      'ledger_node_mismatch',
    ],
    [
      'a proof step with a third member',
      (file) => ({ ...file, proof: [{ left: '00'.repeat(32), x: 1 }] }),
      'ledger_proof_step',
    ],
    [
      'steps without number',
      (file) => ({ ...file, proof: Array(65).fill({ left: '00'.repeat(32) }) }),
      'ledger_shape',
    ],
    ['another key in the certificate’s place', (file) => ({ ...file, cert: 'none' }), 'ledger_certificate'],
    ['a signature that is no DER', (file) => ({ ...file, signature: 'AAAA' }), 'ledger_signature_invalid'],
  ])('refuses %s', async (_, edit, code) => {
    const bytes = editJson('valid-1', edit);
    expect(invalidCodes(await named('valid-1').report(bytes))).toEqual([code]);
  });

  it('waits for a ledger that has not committed', async () => {
    const report = await named('valid-1').report(utf8('{"state":"Loading","transactionId":"2.13"}'));
    expect(report.checks).toMatchObject([{ id: 'ccf.receipt', verdict: 'not-checked' }]);
  });

  it('shows a registered statement with its ledger and time, and names each failure', async () => {
    const good = await named('scitt/uvm').report();
    expect(verdicts(good)).toEqual(['ccf.statement valid', 'ccf.issuer valid', 'ccf.registration valid']);
    expect(good.witness).toBe('esrp-cts-db.confidential-ledger.azure.com, transaction 458.12440');
    expect(good.witnessedAtMs).toBe(Date.parse('2025-12-22T21:11:28Z'));
    const details = async (name: string): Promise<string[]> =>
      (await named(name).report()).checks
        .flatMap((check) => check.details ?? [])
        .map(({ id, verdict, code }) => `${id} ${code ?? verdict}`);
    expect(await details('uvm-evidence')).toEqual([
      'ccf.registration.data valid',
      'ccf.registration.root cose_signature_invalid',
    ]);
    expect(await details('uvm-leaf')).toEqual([
      'ccf.registration.data valid',
      'ccf.registration.root cose_signature_invalid',
    ]);
  });

  it('finds a statement whose header was changed after it was registered', async () => {
    const { receipt } = named('scitt/uvm');
    const at = Buffer.from(receipt).indexOf('ContainerPlat');
    expect(at).toBeGreaterThan(0);
    const changed = Uint8Array.from(receipt, (byte, i) => (i === at ? byte ^ 0x20 : byte));
    const report = await named('scitt/uvm').report(changed);
    expect(invalidCodes(report)).toEqual(['cose_signature_invalid', 'cose_data_mismatch']);
    const registration = report.checks.find(({ id }) => id === 'ccf.registration');
    expect(registration?.details?.map(({ verdict }) => verdict)).toEqual(['invalid', 'valid']);
  });

  it('names a receipt that it does not support, and does not pass it', async () => {
    const { receipt } = named('cts-hashv');
    const report = await verifyLedgerReceipt(receipt, null, named('scitt/uvm').trust);
    const [registration] = report.checks.filter(({ id }) => id === 'ccf.registration');
    expect(registration).toMatchObject({ verdict: 'not-checked' });
    expect(registration?.reason).toContain('unsupported');
    expect(report.verdict).toBe('not-checked');
  });

  it('takes a bare key for a pinned ledger, as SCITT services publish them', async () => {
    const { receipt, trust } = named('scitt/uvm');
    const keys = trust.services.flatMap((der) => {
      const certificate = parseCertificate(der);
      return certificate.ok ? [certificate.value.publicKey] : [];
    });
    const report = await verifyLedgerReceipt(receipt, null, { services: [], keys });
    expect([report.verdict, report.checks.at(-1)?.root?.name]).toEqual([
      'valid',
      'ledger key da7694f16def5a05',
    ]);
  });

  it('judges each receipt of a statement by itself: another of an unknown kind changes nothing for the first', async () => {
    const { receipt, trust } = named('scitt/uvm');
    const parsed = parseCoseSign1(receipt);
    if (!parsed.ok) throw new Error(parsed.code);
    const { protectedBytes, unprotectedHeader, payload, signature } = parsed.value;
    const [first] = unprotectedHeader.get(394) as Uint8Array[];
    const mountain = encode([encode(new Map([[395, 3]])), new Map(), null, new Uint8Array(64)]);
    const withReceipts = (receipts: Uint8Array[]): Uint8Array =>
      Uint8Array.of(0xd2, ...encode([protectedBytes, new Map([[394, receipts]]), payload, signature]));
    const verify = (receipts: Uint8Array[]): Promise<WitnessReport> =>
      verifyLedgerReceipt(withReceipts(receipts), null, trust);
    const two = await verify([first as Uint8Array, Uint8Array.of(0xd2, ...mountain)]);
    expect(two.checks.slice(-2)).toMatchObject([
      { id: 'ccf.registration', verdict: 'valid' },
      {
        id: 'ccf.registration',
        verdict: 'not-checked',
        reason: 'unsupported kind of receipt: verifiable data structure 3',
      },
    ]);
    expect([two.verdict, two.witness]).toEqual(['not-checked', expect.stringContaining('458.12440')]);
    expect((await verify([])).checks.at(-1)).toMatchObject({ verdict: 'not-checked' });
    expect(invalidCodes(await verify([Uint8Array.of(0xd2, 0x84, 0x40)]))).toEqual(['cose_syntax']);
    expect(invalidCodes(await verify(Array(17).fill(first)))).toEqual(['cose_shape']);
  });

  it('reads a receipt without its statement, and leaves open what was registered', async () => {
    const { receipt, trust } = named('scitt/uvm');
    const parsed = parseCoseSign1(receipt);
    if (!parsed.ok) throw new Error(parsed.code);
    const [alone] = parsed.value.unprotectedHeader.get(394) as Uint8Array[];
    if (!alone) throw new Error('receipt expected');
    const details = async (stamped: Stamped | null): Promise<string[]> =>
      (await verifyLedgerReceipt(alone, stamped, trust)).checks
        .flatMap((check) => check.details ?? [])
        .map(({ verdict }) => verdict);
    expect(await details(null)).toEqual(['not-checked', 'valid']);
    const statement = formatSignedStatement(parsed.value);
    expect(await details({ kind: 'bytes', bytes: statement })).toEqual(['valid', 'valid']);
    expect(await details({ kind: 'bytes', bytes: receipt })).toEqual(['invalid', 'valid']);
  });

  it('holds the content of a statement against what was stamped', async () => {
    const { receipt, trust } = named('scitt/uvm');
    const parsed = parseCoseSign1(receipt);
    const payload = parsed.ok ? parsed.value.payload : null;
    if (!payload) throw new Error('content expected');
    const stampOf = async (stamped: Stamped): Promise<string | undefined> =>
      (await verifyLedgerReceipt(receipt, stamped, trust)).checks.find(({ id }) => id === 'ccf.stamp')
        ?.verdict;
    // A hash envelope: its content is a digest.
    expect(await stampOf({ kind: 'digest', algorithm: 'sha-384', digest: payload })).toBe('valid');
    expect(await stampOf({ kind: 'digest', algorithm: 'sha-256', digest: payload })).toBe('not-checked');
    expect(await stampOf({ kind: 'bytes', bytes: payload })).toBe('invalid');
  });

  it('asks for the ledger that a receipt names, by its key', async () => {
    const { receipt } = named('scitt/uvm');
    const report = await verifyLedgerReceipt(receipt, null, named('valid-3').trust);
    expect(report.checks.at(-1)?.reason).toMatch(/^no ledger with the key da7694f1/);
    expect([report.verdict, report.witnessedAtMs, report.witness]).toEqual(['not-checked', null, null]);
  });

  it('finds one changed character in any member of a receipt', async () => {
    const { receipt, trust } = named('valid-3');
    const original = JSON.parse(Buffer.from(receipt).toString());
    const paths = listTexts(original, []);
    expect(paths.length).toBeGreaterThanOrEqual(13);
    for (const path of paths) {
      const changed = structuredClone(original);
      const holder = path.slice(0, -1).reduce((node, key) => node[key], changed);
      const key = path.at(-1) as string;
      const at = Math.floor(holder[key].length / 2);
      const other = holder[key][at] === '1' ? '2' : '1';
      holder[key] = holder[key].slice(0, at) + other + holder[key].slice(at + 1);
      const report = await verifyLedgerReceipt(utf8(JSON.stringify(changed)), null, trust);
      expect([path.join('.'), report.verdict]).toEqual([path.join('.'), 'invalid']);
    }
  });

  it('answers a report for whatever was changed, and never calls what was cut off valid', async () => {
    const originals = cases.filter(({ expect: verdict }) => verdict === 'valid');
    expect(originals.length).toBeGreaterThan(4);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'insert'),
        async (one, offset, mask, kind) => {
          const at = offset % one.receipt.length;
          const [before, rest] = [one.receipt.subarray(0, at), one.receipt.subarray(at)];
          const changed =
            kind === 'cut'
              ? before
              : kind === 'insert'
                ? Uint8Array.of(...before, mask, ...rest)
                : Uint8Array.from(one.receipt, (byte, i) => (i === at ? byte ^ mask : byte));
          const report = await one.report(changed);
          expect(report.verdict).toBe(overallVerdict(report.checks));
          expect(report.checks.length).toBeGreaterThan(0);
          if (kind === 'cut') expect(report.verdict).not.toBe('valid');
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Where the strings of a JSON value are. */
function listTexts(value: unknown, path: readonly string[]): string[][] {
  if (typeof value === 'string') return [[...path]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => listTexts(inside, [...path, key]));
}

describe('verifyLedgerReceipt, hostile bytes', () => {
  it.each<[attack: string, bytes: Uint8Array, code: string]>([
    ['nothing', new Uint8Array(0), 'cose_syntax'],
    ['65,000 nested arrays', new Uint8Array(65_000).fill(0x81), 'cose_syntax'],
    [
      'nested arrays inside a map inside a tag',
      Uint8Array.of(0xd2, 0xa1, ...Array(40).fill(0x81), 0x00),
      'cose_syntax',
    ],
    [
      'an array of 2^53 members',
      Uint8Array.of(0xd2, 0x9b, 0, 0x1f, 255, 255, 255, 255, 255, 255),
      'cose_syntax',
    ],
    [
      'bytes of a length beyond the file',
      Uint8Array.of(0xd2, 0x84, 0x5a, 0xff, 255, 255, 255),
      'cose_syntax',
    ],
    ['an array of indefinite length', Uint8Array.of(0xd2, 0x9f, 0xff), 'cose_syntax'],
    ['an untagged message', Uint8Array.of(0x84, 0x40, 0xa0, 0xf6, 0x40), 'cose_shape'],
    ['a tag of another kind', Uint8Array.of(0xd1, 0x84, 0x40, 0xa0, 0xf6, 0x40), 'cose_syntax'],
    ['something behind the end', Uint8Array.of(0xd2, 0x84, 0x40, 0xa0, 0xf6, 0x40, 0x00), 'cose_syntax'],
    ['a key twice', Uint8Array.of(0xd2, 0x84, 0x40, 0xa2, 1, 1, 1, 1, 0xf6, 0x40), 'cose_syntax'],
    [
      'a number longer than it need be',
      Uint8Array.of(0xd2, 0x84, 0x40, 0xa1, 0x18, 1, 1, 0xf6, 0x40),
      'cose_syntax',
    ],
    ['an enormous file', new Uint8Array(300_000).fill(0xd2), 'ledger_too_large'],
    ['an enormous JSON file', new Uint8Array(300_000).fill(0x7b), 'ledger_too_large'],
    ['JSON with a member twice', utf8('{"receipt":{},"receipt":{}}'), 'ledger_json'],
    [
      'JSON nested beyond reason',
      utf8(`{"receipt":${'['.repeat(50_000)}${']'.repeat(50_000)}}`),
      'ledger_json',
    ],
    ['claims that are none', utf8('{"receipt":{},"applicationClaims":[]}'), 'ledger_claims'],
    [
      'a claim of an unknown kind',
      utf8('{"receipt":{},"applicationClaims":[{"kind":"x"}]}'),
      'ledger_claims',
    ],
  ])('refuses %s', async (_, bytes, code) => {
    const { checks, verdict } = await verifyLedgerReceipt(bytes, null, { services: [new Uint8Array(9)] });
    expect(checks.map((check) => check.code)).toEqual([code]);
    expect(verdict).toBe('invalid');
  });

  it('survives arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect((await verifyLedgerReceipt(bytes, null, { services: [] })).verdict).toBe('invalid');
        const tagged = Uint8Array.of(0xd2, 0x84, ...bytes);
        expect((await verifyLedgerReceipt(tagged, null, { services: [] })).verdict).not.toBe('valid');
      }),
    );
  });
});
