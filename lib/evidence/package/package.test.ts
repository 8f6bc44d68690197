import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { buildCase, PRODUCER } from '../testing/build-case';
import { buildPackage, pack, repack, rootsOf, textOf, unpack } from '../testing/build-package';
import type { TrustRoot } from '../trust/trust-root';
import { verifyDecision } from '../verify-decision';
import type { PackageManifest } from './manifest';
import { type EvidencePackage, openEvidencePackage } from './open-package';
import { verifyEvidencePackage } from './verify-package';

async function open(bytes: Uint8Array): Promise<EvidencePackage> {
  const opened = await openEvidencePackage(bytes);
  if (!opened.ok) throw new Error(`${opened.code} ${opened.detail ?? ''}`);
  return opened.value;
}

async function verify(bytes: Uint8Array, roots: readonly TrustRoot[]) {
  const verification = await verifyEvidencePackage(await open(bytes), roots, {
    clock: () => 0,
    nowMs: Date.UTC(2026, 10, 20, 8),
  });
  const all = [...verification.checks, ...verification.decisions.flatMap(({ checks }) => checks)];
  return {
    ...verification,
    all,
    by: (verdict: string) => all.filter((check) => check.verdict === verdict).map(({ id }) => id),
  };
}

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

const { made, bytes } = await buildPackage();
const roots = rootsOf(made);

describe('a package of one decision', () => {
  test('has every part of the format', async () => {
    const paths = [...(await unpack(bytes)).keys()].map((path) => path.replace(/[0-9a-f]{16}/, 'S')).sort();
    expect([...new Set(paths.map((path) => path.split('/')[0]))].sort()).toEqual([
      'certification-draft.md',
      'chain',
      'checkpoints',
      'keys',
      'lineage.json',
      'manifest.json',
      'proofs',
      'receipts',
      'records',
      'report.pdf',
      'tokens',
      'trust',
      'verify.html',
    ]);
  });

  test('holds records byte for byte as they were signed, and is the same file whenever it is made', async () => {
    const files = await unpack(bytes);
    for (const view of [made.detail.record, ...made.detail.related]) {
      if (!view) throw new Error('no record');
      const original = parseBase64(view.envelope);
      const path = [...files.keys()].find(
        (name) => name.endsWith(`/${view.position}.dsse.json`) && same(name),
      );
      function same(name: string) {
        const file = files.get(name);
        return original.ok && file !== undefined && Buffer.from(file).equals(Buffer.from(original.value));
      }
      expect(path).toBeDefined();
    }
    expect((await buildPackage()).bytes).toEqual(bytes);
    expect(repack(files)).toEqual(repack(await unpack(repack(files))));
  });

  test('opens from a Blob as from bytes, reading no more than it needs', async () => {
    let readBytes = 0;
    const opened = await openEvidencePackage({
      size: bytes.length,
      read: async (from, to) => {
        readBytes += to - from;
        return bytes.slice(from, to);
      },
    });
    expect(opened.ok).toBe(true);
    expect(readBytes).toBeLessThan(bytes.length);
    expect((await openEvidencePackage(new Blob([bytes as Uint8Array<ArrayBuffer>]))).ok).toBe(true);
  });

  test('gives the verdicts of the console’s own page, check by check', async () => {
    const online = buildCase();
    const { checks } = await verifyDecision(
      online.detail,
      { ...online.material, foreignParents: [], trust: roots },
      online.source,
      { clock: () => 0, nowMs: Date.UTC(2026, 10, 20, 8), memory: { points: new Map(), checkpoint: null } },
    );
    const offline = (await verify(bytes, roots)).decisions[0]?.checks ?? [];
    const verdicts = new Map(offline.map(({ id, verdict }) => [id, verdict]));
    const different = checks.filter(({ id, verdict }) => verdicts.get(id) !== verdict).map(({ id }) => id);
    // Offline nobody can say that no counter is missing: that is NOT CHECKED, with its reason.
    expect(different).toEqual(['chain.seq']);
    expect(offline.find(({ id }) => id === 'chain.seq')).toMatchObject({
      verdict: 'not-checked',
      reason: expect.stringContaining('whole stream'),
    });
    expect(offline.map(({ id }) => id).filter((id) => !checks.some((check) => check.id === id))).toEqual([
      'chain.start',
      'review.chain.start',
      'trust.keys',
    ]);
  });

  test('is NOT CHECKED for who signed it until the reader pins the keys', async () => {
    const unpinned = await verify(bytes, []);
    expect(unpinned.by('invalid')).toEqual([]);
    expect(unpinned.verdict).toBe('not-checked');
    const trust = unpinned.all.filter(({ id }) => id.startsWith('trust.'));
    expect(trust.length).toBeGreaterThan(3);
    expect(new Set(trust.map(({ verdict }) => verdict))).toEqual(new Set(['not-checked']));
    const pinned = await verify(bytes, roots);
    expect(
      new Set(pinned.all.filter(({ id }) => id.startsWith('trust.')).map(({ verdict }) => verdict)),
    ).toEqual(new Set(['valid']));
  });

  test('is INVALID where a key is another than the one that the reader pinned', async () => {
    const other = roots.map((root) =>
      root.kind === 'stream-key' && root.stream === PRODUCER
        ? { ...root, publicKey: Buffer.from(new Uint8Array(32).fill(7)).toString('base64') }
        : root,
    );
    const result = await verify(bytes, other);
    expect(result.by('invalid').some((id) => id.startsWith(`trust.stream ${PRODUCER}`))).toBe(true);
    expect(result.verdict).toBe('invalid');
  });

  test('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const pkg = await open(bytes);
    const run = verifyEvidencePackage(pkg, roots, {
      clock: () => 0,
      nowMs: 0,
      signal: controller.signal,
      check: () => controller.abort(new Error('stop')),
    });
    await expect(run).rejects.toThrow('stop');
  });
});

describe('one bit changed in each file', () => {
  test('is caught by the files’ line, whichever file it is', async () => {
    const files = await unpack(bytes);
    for (const [path, file] of files) {
      if (path === 'manifest.json') continue;
      const changed = new Map([...files, [path, flip(file, file.length >> 1)]]);
      const opened = await openEvidencePackage(pack(changed));
      if (!opened.ok) {
        expect(opened.code).toBe('file_digest');
        continue;
      }
      const { checks } = await verifyEvidencePackage(opened.value, roots, { clock: () => 0, nowMs: 0 });
      expect(
        checks.find(({ id }) => id === 'package.files'),
        path,
      ).toMatchObject({
        verdict: 'invalid',
        code: 'file_digest',
      });
    }
  });

  /** Whoever mends the manifest afterwards is caught by what the file is about. */
  const rows: [file: RegExp, at: (text: string) => number, caught: string][] = [
    [/^records\/[0-9a-f]{16}\/3\.dsse/, (text) => text.indexOf('"payload":"') + 60, 'record.signature'],
    [/^records\/[0-9a-f]{16}\/2\.dsse/, (text) => text.indexOf('"sig":"') + 20, 'review.chain.signature'],
    [/^records\/[0-9a-f]{16}\/7\.dsse/, (text) => text.indexOf('"sig":"') + 20, 'package.export'],
    [/^records\/[0-9a-f]{16}\/8\.dsse/, (text) => text.indexOf('"sig":"') + 20, 'package.verifier'],
    [/^verify\.html$/, () => 20, 'package.verifier'],
    [/^tokens\//, (text) => text.length - 20, 'token.signature'],
    [/^proofs\/.*\/3-/, (text) => text.indexOf('\n', 40) + 10, 'log.inclusion'],
    [/^proofs\/.*\/3-/, (text) => text.lastIndexOf(' ') + 20, 'log.checkpoint'],
    [/^chain\//, (text) => text.indexOf('"link":"', text.indexOf('"steps"')) + 30, 'chain.link'],
    [/^chain\//, (text) => text.indexOf('"digest":"') + 30, 'chain.copy'],
    [/^chain\//, (text) => text.indexOf('"after"') + 50, 'chain.link'],
    [/^keys\/keys\.json$/, (text) => text.indexOf('"publicKey":"') + 20, 'trust.keys'],
    [/^keys\/keys\.json$/, (text) => text.indexOf('+') + 3, 'trust.log'],
  ];
  test.each(rows)('%s, with the manifest mended: %#', async (form, at, caught) => {
    const files = await unpack(bytes);
    const found = [...files.keys()].filter((path) => form.test(path));
    expect(found.length).toBeGreaterThan(0);
    const invalid: string[] = [];
    for (const path of found) {
      const changed = flip(files.get(path) as Uint8Array, at(textOf(files, path)));
      const result = await verify(repack(new Map([...files, [path, changed]])), roots);
      expect(result.verdict).not.toBe('valid');
      invalid.push(...result.by('invalid').map((id) => id.replace('review.chain', 'chain')));
    }
    expect(invalid).toContain(caught.replace('review.chain', 'chain'));
  });

  type Change = (manifest: PackageManifest, decision: PackageManifest['decisions'][number]) => object;
  const manifestRows: [string, Change, string][] = [
    [
      'another purpose',
      ({ export: request }) => Object.assign(request, { purpose: 'internal-audit' }),
      'package.export',
    ],
    ['another person', ({ export: { by } }) => Object.assign(by, { name: 'Nobody' }), 'package.export'],
    [
      'another recipient',
      ({ export: request }) => Object.assign(request, { recipient: 'A friend' }),
      'package.export',
    ],
    [
      'another scope',
      ({ export: request }) => Object.assign(request, { scope: { kind: 'search', query: '' } }),
      'package.export',
    ],
    [
      'another place of the export',
      ({ exportRecord }) => Object.assign(exportRecord, { position: 1 }),
      'package.export',
    ],
    [
      'another outcome in the row',
      (_, { row }) => Object.assign(row, { verdict: 'allow' }),
      'record.projection',
    ],
    [
      'another amount in the row',
      (_, { row }) => Object.assign(row, { amount: '1.00' }),
      'record.projection',
    ],
    [
      'another record for the decision',
      (_, decision) => Object.assign(decision, { record: { stream: PRODUCER, position: 4 } }),
      'record.signature',
    ],
    [
      'the verdict left out',
      (_, decision) =>
        Object.assign(decision, { related: decision.related.filter(({ position }) => position !== 2) }),
      'review.statement',
    ],
  ];
  test.each(manifestRows)('the manifest says %s', async (name, change, caught) => {
    const files = await unpack(bytes);
    const changed = repack(files, (manifest) => {
      change(manifest, manifest.decisions[0] as PackageManifest['decisions'][number]);
    });
    const result = await verify(changed, roots);
    expect(result.by(name.endsWith('left out') ? 'not-checked' : 'invalid')).toContain(caught);
    expect(result.verdict).not.toBe('valid');
  });
});

test('payloads are digested again with their salts', async () => {
  const salt = new Uint8Array(32).fill(9);
  const content = utf8('{"to":"acct-9"}');
  const digest = formatDigest('sha3-512', sha3_512(concatBytes(salt, content)));
  const payload = { role: 'action' as const, digest, mediaType: 'application/json', salt, bytes: content };
  const built = await buildPackage({ payloads: [payload] });
  const result = await verify(built.bytes, roots);
  // The case’s records name another digest: content that no signed record names proves nothing.
  expect(result.all.find(({ id }) => id === 'payload.action')).toMatchObject({
    verdict: 'invalid',
    code: 'payload_unnamed',
  });
});
