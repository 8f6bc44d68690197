import { beforeAll, describe, expect, it, test } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody } from '@/lib/decisions/record-payload';
import { attested, buildBundle, bytesOf, NODE, rootsOf } from '@/lib/evidence/cer/testing/build-cer';
import type { EvidenceSource } from '@/lib/evidence/evidence-source';
import { verifyDecision } from '@/lib/evidence/verify-decision';
import { createConsoleFetch } from '@/lib/gateway/testing/console-fetch';
import type { Viewer } from '@/lib/identity/viewer';
import { getPool } from '@/lib/server/database/pool';
import { getDecision } from '@/lib/server/decisions/get-decision';
import { getVerificationMaterial } from '@/lib/server/decisions/get-verification-material';
import { readRecords } from '@/lib/server/evidence/read-records';
import { readPayload } from '@/lib/server/payloads/read-payload';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import { decisionIdOf } from './cer-record';
import { parseCerSettings } from './cer-settings';
import { formatCerReport } from './import-cer';
import { type CerFile, selectExecutions } from './select-executions';
import { type Importer, sendExecutions } from './send-executions';

await startTestConsole();
const TENANT = 'bank';
const NOW_MS = Date.parse('2026-11-20T09:00:00.000Z');
let producer: TestProducer;
let importer: Importer;

beforeAll(async () => {
  await createTestTenant(TENANT);
  producer = await createTestProducer(TENANT, { kind: 'pipeline' });
  importer = {
    origin: 'http://console.test',
    producer: producer.id,
    seed: producer.seed,
    fetch: createConsoleFetch(),
  };
});

const tenant = { id: TENANT, name: TENANT, demo: false };
const auditor: Viewer = {
  person: { id: 'per_auditor', name: 'Asha Rao', email: 'a@example.org' },
  tenant,
  tenants: [tenant],
  roles: ['auditor'],
  demo: false,
};

const fileOf = (name: string, value: unknown): CerFile => ({ name, bytes: bytesOf(value) });
const select = async (files: readonly CerFile[], roots = rootsOf(NODE)) =>
  selectExecutions(files, roots, NOW_MS);

async function importFiles(files: readonly CerFile[]) {
  const { chosen, refused } = await select(files);
  const sent = await sendExecutions(importer, chosen);
  return { imported: sent.imported, refused: [...refused, ...sent.refused] };
}

async function bodyOf(decision: string) {
  const detail = await getDecision(auditor, decision);
  const read = detail.record ? readRecord(detail.record) : null;
  if (!read?.ok) throw new Error('no record');
  return { detail, body: decisionBody.parse(read.value.payload.body), payload: read.value.payload };
}

const first = buildBundle(
  { executionId: 'exec-a', appId: 'asha.rao@example.org', timestamp: '2026-11-20T08:00:00.000Z' },
  { workflowId: 'wf-1', stepIndex: 0 },
);
const second = buildBundle(
  { executionId: 'exec-b', timestamp: '2026-11-20T08:00:00.000Z' },
  { workflowId: 'wf-1', stepIndex: 1, prevStepHash: first.certificateHash },
);
// Spelled as its maker spelled it: white space is part of what arrived.
const FIRST: CerFile = { name: 'a.json', bytes: utf8(JSON.stringify(first, null, 3)) };
const SECOND = fileOf('b.json', attested(second));

describe('importing', () => {
  test('makes a decision of each record, with the file as it arrived for its payload and the step before for its parent', async () => {
    const { imported, refused } = await importFiles([SECOND, FIRST]);
    expect(refused).toEqual([]);
    expect(
      imported.map(({ file, position, status, isChecked }) => [file, position, status, isChecked]),
    ).toEqual([
      ['a.json', 1, 'accepted', true],
      ['b.json', 2, 'accepted', true],
    ]);
    const decision = decisionIdOf(second.certificateHash);
    const { detail, body, payload } = await bodyOf(decision);
    expect(payload).toMatchObject({ producer: producer.id, occurred_at: '2026-11-20T08:00:00.000Z' });
    expect(body).toMatchObject({
      identity: {
        run_id: 'wf-1',
        parents: [decisionIdOf(first.certificateHash)],
        agent: { id: 'claims-desk' },
      },
      model: {
        provider: 'anthropic',
        name: 'claude',
        parameters: { temperature: '0.2', max_tokens: '512', seed: '7' },
      },
      output: { outcome: { source: 'framework', reason_code: 'imported_certificate' } },
      downstream: [{ system: 'nexart', type: 'cer', id: second.certificateHash }],
    });
    expect(detail.parents.map(({ id }) => id)).toEqual([decisionIdOf(first.certificateHash)]);
    const kept = await readPayload(getPool(), { tenant: TENANT, ref: body.output.payload?.ref ?? '' });
    expect(kept).toMatchObject({ bytes: SECOND.bytes, digest: body.output.payload?.digest });
    const original = await bodyOf(decisionIdOf(first.certificateHash));
    const keptFirst = await readPayload(getPool(), {
      tenant: TENANT,
      ref: original.body.output.payload?.ref ?? '',
    });
    expect(keptFirst?.bytes).toEqual(FIRST.bytes);
  });

  test('leaves contents, and identifiers that could be a person’s address, out of the record', async () => {
    const { payload } = await bodyOf(decisionIdOf(first.certificateHash));
    const text = JSON.stringify(payload);
    for (const private_ of ['asha.rao', 'You decide on claims', 'C-1', 'covered', '49.9'])
      expect(text).not.toContain(private_);
    expect(text).toMatch(/tok_[0-9a-f]{32}/);
  });

  test('again changes nothing', async () => {
    const count = async () =>
      (
        await getPool().query(
          'SELECT (SELECT count(*) FROM records) AS r, (SELECT count(*) FROM payloads) AS p',
        )
      ).rows[0];
    const before = await count();
    const { imported } = await importFiles([FIRST, SECOND]);
    expect(imported.map(({ status }) => status)).toEqual(['duplicate', 'duplicate']);
    expect(await count()).toEqual(before);
  });

  test('lets the decision’s verification check the record that arrived', async () => {
    const decision = decisionIdOf(second.certificateHash);
    const { detail, body } = await bodyOf(decision);
    const material = await getVerificationMaterial(TENANT, decision);
    const lineWith = async (payload: EvidenceSource['payload']) => {
      const source: EvidenceSource = {
        records: readRecords,
        inclusion: async () => null,
        tile: async () => new Uint8Array(),
        witnesses: async () => [],
        ...(payload ? { payload } : {}),
      };
      const { checks } = await verifyDecision(detail, { ...material, trust: rootsOf(NODE) }, source, {
        clock: () => 0,
        nowMs: NOW_MS,
        memory: { points: new Map(), checkpoint: null },
      });
      return checks.find(({ id }) => id === 'cer.imported');
    };
    expect(await lineWith(undefined)).toMatchObject({ verdict: 'not-checked', key: second.certificateHash });
    const held: EvidenceSource['payload'] = async (digest) =>
      digest === body.output.payload?.digest ? SECOND.bytes : null;
    const line = await lineWith(held);
    expect(line).toMatchObject({ verdict: 'valid', key: second.certificateHash });
    expect(line?.details?.map(({ id }) => id)).toContain('cer.attestation');
    expect(await lineWith(async () => FIRST.bytes)).toMatchObject({
      verdict: 'invalid',
      code: 'cer_certificate_other',
    });
    const changed = bytesOf({ ...attested(second), createdAt: '2020-01-01T00:00:00.000Z' });
    expect(await lineWith(async () => changed)).toMatchObject({
      verdict: 'invalid',
      code: 'cer_certificate_hash',
    });
  });

  test('stops where the console refuses, and says its code', async () => {
    const other: Importer = { ...importer, seed: new Uint8Array(32).fill(9) };
    const { chosen } = await select([FIRST]);
    const { imported, refused } = await sendExecutions(other, chosen);
    expect(imported).toEqual([]);
    expect(refused[0]?.reason).toContain('key_unknown');
  });
});

describe('what is not imported', () => {
  it.each<[string, CerFile, RegExp]>([
    [
      'a changed record',
      fileOf('x.json', { ...first, createdAt: '2020' }),
      /changed after it was sealed.*cer_certificate_hash/,
    ],
    [
      'an attestation by another key',
      fileOf('x.json', attested(first, { ...NODE, seed: new Uint8Array(32).fill(6) })),
      /cer_receipt_signature/,
    ],
    ['something else', fileOf('x.json', { a: 1 }), /cer_type/],
    ['no text', { name: 'x.json', bytes: new Uint8Array([0xff]) }, /cer_json/],
    [
      'a record without a readable time',
      fileOf('x.json', buildBundle({ timestamp: 'yesterday' })),
      /no RFC 3339 time/,
    ],
    [
      'a record from the future',
      fileOf('x.json', buildBundle({ timestamp: '2027-01-01T00:00:00.000Z' })),
      /in the future/,
    ],
    [
      'a file larger than a payload',
      { name: 'x.json', bytes: new Uint8Array(4_194_305).fill(0x20) },
      /larger than a payload/,
    ],
  ])('%s is refused with a sentence', async (_, file, sentence) => {
    const { chosen, refused } = await select([file]);
    expect(chosen).toEqual([]);
    expect(refused).toEqual([{ file: 'x.json', reason: expect.stringMatching(sentence) }]);
  });

  test('the same record twice, which is imported once', async () => {
    const { chosen, refused } = await select([FIRST, { ...FIRST, name: 'copy.json' }]);
    expect(chosen).toHaveLength(1);
    expect(refused).toEqual([{ file: 'copy.json', reason: 'The same record is in a.json.' }]);
    expect(formatCerReport([], refused)).toContain('0 imported, 1 refused');
  });
});

test.each([
  ['no key', ['x.json', '--console', 'https://c.example', '--producer', 'spiffe://a.example/b']],
  ['no files', ['--console', 'https://c.example', '--producer', 'spiffe://a.example/b', '--key', 'k']],
  [
    'another protocol',
    ['x.json', '--console', 'file:///etc', '--producer', 'spiffe://a.example/b', '--key', 'k'],
  ],
  ['no SPIFFE id', ['x.json', '--console', 'https://c.example', '--producer', 'b', '--key', 'k']],
])('%s is refused', (_, args) => expect(parseCerSettings(args)).toBeNull());
