import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { signRequest } from '@/lib/core/http-signature';
import { getPool } from '@/lib/server/database/pool';
import { getConformance } from '@/lib/server/producers/get-conformance';
import { ingestRecords } from '@/lib/server/records/ingest';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import { POST } from './route';

await startTestConsole();
await createTestTenant('bank');
await createTestTenant('clinic');
const ADDRESS = 'http://console.test/api/v1/conformance';
const NDJSON = 'application/x-ndjson';
const joined = (lines: readonly Uint8Array[]) => concatBytes(...lines.flatMap((line) => [line, utf8('\n')]));

async function send(by: TestProducer, body: Uint8Array, signed = true) {
  const fields = signRequest({
    method: 'POST',
    targetUri: ADDRESS,
    body,
    keyid: by.keyid,
    seed: by.seed,
    createdS: Math.floor(Date.now() / 1000),
    nonce: randomBytes(16).toString('hex'),
  });
  const headers = { 'content-type': NDJSON, ...(signed ? fields : {}) };
  const response = await POST(new Request(ADDRESS, { method: 'POST', headers, body: new Uint8Array(body) }));
  return { status: response.status, text: await response.text() };
}

const codesOf = (line: string | undefined): string[] => {
  const read = JSON.parse(line ?? '{}') as { findings?: { code: string }[]; end?: { code: string }[] };
  return (read.findings ?? read.end ?? []).map(({ code }) => code);
};

describe('POST /api/v1/conformance', () => {
  it('answers line by line under the caller’s own keys, and records nothing', async () => {
    const producer = await createTestProducer('bank');
    const stranger = await createTestProducer('clinic');
    const gap = [producer.record(), stranger.record(), producer.record({ seq: 9 }), utf8('no record')];
    const answer = await send(producer, joined(gap));
    expect(answer.status).toBe(200);
    const lines = answer.text.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(codesOf(lines[0])).toContain('guardrail_score_missing');
    expect(codesOf(lines[0])).not.toContain('signature_invalid');
    expect(codesOf(lines[1])).toContain('key_unknown');
    expect(codesOf(lines[2])).toContain('sequence_gap');
    expect(codesOf(lines[3])).toEqual(['envelope_invalid']);
    expect(codesOf(lines[4])).toEqual(['heartbeat_missing']);
    const kept = await getPool().query('SELECT 1 FROM records WHERE stream = $1', [producer.id]);
    expect(kept.rowCount).toBe(0);
  });

  it.each([
    ['unsigned', 401, (one: TestProducer) => send(one, joined([one.record()]), false)],
    ['empty', 400, (one: TestProducer) => send(one, new Uint8Array(0))],
    ['of too many lines', 413, (one: TestProducer) => send(one, utf8('x\n'.repeat(1_001)))],
    ['too large', 413, (one: TestProducer) => send(one, new Uint8Array(4 * 1_048_576 + 1))],
  ])('refuses a request that is %s', async (_name, status, request) => {
    expect((await request(await createTestProducer('bank'))).status).toBe(status);
  });
});

describe('a producer’s conformance in the settings', () => {
  it('sums up its newest records, later schemas shown as signed, and is another organisation’s to nobody', async () => {
    const producer = await createTestProducer('bank');
    const later = producer.payload({
      schema_version: '1.4',
      kind: 'decision.batch',
      body: { new: ['words'] },
    });
    const records = [producer.record(), producer.record(), producer.sign(later)];
    await ingestRecords(null, records);
    const found = await getConformance('bank', producer.id);
    expect(found).toMatchObject({ records: 3, complete: 1, later: { records: 1 } });
    expect(found?.findings[0]).toMatchObject({
      code: 'guardrail_score_missing',
      level: 'missing',
      records: 2,
    });
    expect(found?.findings.map(({ code }) => code)).not.toContain('signature_invalid');
    expect(found?.later.examples[0]).toMatchObject({
      kind: 'decision.batch',
      schemaVersion: '1.4',
      position: 3,
    });
    expect(found?.later.examples[0]?.text).toContain('"words"');
    expect(await getConformance('clinic', producer.id)).toBeNull();
    expect(await getConformance('bank', 'spiffe://example.org/nobody')).toBeNull();
  });

  it('looks at the newest two hundred over all streams, in turn, and reads no others', async () => {
    const producer = await createTestProducer('bank');
    const second = `${producer.id}/second`;
    await ingestRecords(
      null,
      Array.from({ length: 250 }, () => producer.record()),
    );
    const others = Array.from({ length: 30 }, (_, i) => producer.record({ stream: second, seq: i + 1 }));
    await ingestRecords(null, others);
    const asked = vi.spyOn(getPool(), 'query');
    expect((await getConformance('bank', producer.id))?.records).toBe(200);
    const read = await Promise.all(asked.mock.results.map(({ value }) => value));
    asked.mockRestore();
    const envelopes = read.flatMap(({ rows }) => rows.filter((row: object) => 'envelope' in row));
    const of = (stream: string) => envelopes.filter((row: { stream: string }) => row.stream === stream);
    expect([of(producer.id).length, of(second).length]).toEqual([170, 30]);
    expect(of(producer.id)[0]).toMatchObject({ position: 81 });
  });
});
