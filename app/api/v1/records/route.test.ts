import { randomBytes } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { formatInstant } from '@/lib/core/instant';
import { formatEnvelope, RECORD_PAYLOAD_TYPE, signEnvelope } from '@/lib/integrity/dsse';
import { getPool } from '@/lib/server/database/pool';
import { disableProducer } from '@/lib/server/producers/disable-producer';
import { retireProducerKey } from '@/lib/server/producers/retire-producer-key';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import { POST } from './route';

const { owner } = await startTestConsole();
const tenant = await createTestTenant('bank');
const otherTenant = await createTestTenant('hospital');

function post(body: Uint8Array | string, type = 'application/vnd.dsse+json'): Promise<Response> {
  return POST(
    new Request('http://console.test/api/v1/records', {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    }),
  );
}

async function head(stream: string): Promise<number> {
  const rows = await getPool().query<{ position: number }>('SELECT position FROM streams WHERE stream = $1', [
    stream,
  ]);
  return rows.rows[0]?.position ?? 0;
}

async function incidents(code: string, stream: string): Promise<unknown[]> {
  const rows = await getPool().query<{ envelope: Buffer; tenant: string }>(
    `SELECT envelope, tenant FROM records WHERE stream = $1 AND kind = 'incident' ORDER BY position`,
    [`console/${tenant}`],
  );
  return rows.rows
    .map(({ envelope }) => JSON.parse(envelope.toString()) as { payload: string })
    .map(
      ({ payload }) =>
        JSON.parse(Buffer.from(payload, 'base64').toString()) as { body: { code: string; stream: string } },
    )
    .map(({ body }) => body)
    .filter((body) => body.code === code && body.stream === stream);
}

/** The text of an envelope with one thing changed. */
function edit(record: Uint8Array, change: (envelope: Record<string, unknown>) => unknown): Uint8Array {
  return utf8(JSON.stringify(change(JSON.parse(Buffer.from(record).toString()) as Record<string, unknown>)));
}

type Hostile = (producer: TestProducer) => Promise<Uint8Array> | Uint8Array;

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const table: readonly [attack: string, code: string, status: number, make: Hostile][] = [
  ['not JSON at all', 'envelope_invalid', 400, () => utf8('hello')],
  ['not UTF-8', 'envelope_invalid', 400, () => Uint8Array.of(0xff, 0xfe, 0x7b)],
  ['unsigned', 'signature_missing', 401, (p) => edit(p.record(), (e) => ({ ...e, signatures: [] }))],
  [
    'signed by an unregistered key',
    'key_unknown',
    401,
    (p) => signEnvelope(utf8(JSON.stringify(p.payload())), 'nobody', new Uint8Array(randomBytes(32))),
  ],
  [
    'wrong key under a registered key id',
    'signature_invalid',
    401,
    (p) => signEnvelope(utf8(JSON.stringify(p.payload())), p.keyid, new Uint8Array(randomBytes(32))),
  ],
  [
    'retired key',
    'key_retired',
    401,
    async (p) => {
      const record = p.record();
      await retireProducerKey({ tenant, producer: p.id, keyid: p.keyid, by: 'test' });
      return record;
    },
  ],
  [
    'disabled producer',
    'producer_disabled',
    403,
    async (p) => {
      const record = p.record();
      await disableProducer({ tenant, producer: p.id, by: 'test' });
      return record;
    },
  ],
  [
    'altered payload',
    'signature_invalid',
    401,
    (p) => {
      const altered = JSON.stringify(p.payload()).replace('18500.00', '98500.00');
      const honest = JSON.parse(Buffer.from(p.record()).toString()) as { signatures: { sig: string }[] };
      return formatEnvelope({
        payload: utf8(altered),
        keyid: p.keyid,
        signature: new Uint8Array(Buffer.from(honest.signatures[0]?.sig ?? '', 'base64')),
      });
    },
  ],
  [
    'signature with its scalar raised by the group order',
    'signature_invalid',
    401,
    (p) =>
      edit(p.record(), (e) => {
        const [signature] = e.signatures as { keyid: string; sig: string }[];
        const bytes = Buffer.from(signature?.sig ?? '', 'base64');
        bytes[63] = (bytes[63] ?? 0) | 0xe0;
        return { ...e, signatures: [{ keyid: signature?.keyid, sig: bytes.toString('base64') }] };
      }),
  ],
  [
    'payload under another type',
    'payload_type_unknown',
    400,
    (p) => edit(p.record(), (e) => ({ ...e, payloadType: 'application/json' })),
  ],
  [
    'an extra member in the envelope',
    'envelope_invalid',
    400,
    (p) => edit(p.record(), (e) => ({ ...e, note: 'look here' })),
  ],
  [
    'base64 with stray bits',
    'envelope_invalid',
    400,
    (p) => edit(p.record(), (e) => ({ ...e, payload: `${String(e.payload).replace(/=+$/, '')}B` })),
  ],
  [
    'envelope with a member twice',
    'duplicate_json_key',
    400,
    (p) => utf8(Buffer.from(p.record()).toString().replace('{', `{"payloadType":"${RECORD_PAYLOAD_TYPE}",`)),
  ],
  ['deeply nested envelope', 'json_too_deep', 400, () => utf8(`{"payload":${nested(5_000)}}`)],
  [
    'payload with a member twice',
    'duplicate_json_key',
    400,
    (p) => p.sign(JSON.stringify(p.payload()).replace('{', '{"kind":"heartbeat",')),
  ],
  [
    'payload with a member twice by escape',
    'duplicate_json_key',
    400,
    (p) => p.sign(JSON.stringify(p.payload()).replace('{', '{"\\u006bind":"heartbeat",')),
  ],
  [
    'deeply nested payload',
    'json_too_deep',
    400,
    (p) => p.sign(JSON.stringify(p.payload()).replace('"body":{', `"body":{"x":${nested(2_000)},`)),
  ],
  [
    'a float in the payload',
    'invalid_json',
    400,
    (p) => p.sign(JSON.stringify(p.payload()).replace('"body":{', '"body":{"score":0.5,')),
  ],
  ['a payload that is not JSON', 'invalid_json', 400, (p) => p.sign('hello')],
  ['a payload that is an array', 'record_invalid', 400, (p) => p.sign('[]')],
  ['an unknown kind', 'record_invalid', 400, (p) => p.record({ kind: 'approval' })],
  ['a body of the wrong shape', 'record_invalid', 400, (p) => p.record({ body: { identity: {} } })],
  [
    'an instant without milliseconds',
    'record_invalid',
    400,
    (p) => p.record({ occurred_at: '2026-11-20T08:00:00Z' }),
  ],
  ['sequence number zero', 'record_invalid', 400, (p) => p.record({ seq: 0 })],
  ['an id with a space', 'record_invalid', 400, (p) => p.record({ id: 'dec 1' })],
  [
    'a kind that only the console signs',
    'record_kind_reserved',
    403,
    (p) => p.record({ kind: 'review', body: {} }),
  ],
  [
    'another producer’s name',
    'producer_unknown',
    401,
    async (p) => p.record({ producer: (await createTestProducer(tenant)).id }),
  ],
  ['the console’s own stream', 'stream_foreign', 403, (p) => p.record({ stream: `console/${tenant}` })],
  [
    'another producer’s stream',
    'stream_foreign',
    403,
    async (p) => p.record({ stream: (await createTestProducer(tenant)).id }),
  ],
  ['a stream whose name only starts alike', 'stream_foreign', 403, (p) => p.record({ stream: `${p.id}x` })],
  [
    'from the future',
    'occurred_in_future',
    400,
    (p) => p.record({ occurred_at: formatInstant(Date.now() + 600_000) }),
  ],
  [
    'oversized',
    'record_too_large',
    413,
    (p) => p.sign(JSON.stringify(p.payload()).replace('"body":{', `"body":{"x":"${'y'.repeat(70_000)}",`)),
  ],
];

describe('hostile records', () => {
  test.each(table)('%s → %s', async (_attack, code, status, make) => {
    const producer = await createTestProducer(tenant);
    expect((await post(producer.record())).status).toBe(201);
    const record = await make(producer);
    const single = await post(record);
    expect(await single.json()).toMatchObject({ code, type: `/problems/${code}` });
    expect(single.status).toBe(status);
    expect(single.headers.get('content-type')).toBe('application/problem+json');
    const batch = await post(Buffer.concat([record, utf8('\n')]), 'application/x-ndjson');
    expect(batch.status).toBe(200);
    expect(JSON.parse(await batch.text())).toMatchObject({ line: 1, status: 'refused', code });
    // Nothing was stored, nothing that was stored is lost.
    expect(await head(producer.id)).toBe(1);
  });

  test('a wrong content type is refused before the body is read', async () => {
    const producer = await createTestProducer(tenant);
    const answer = await post(producer.record(), 'text/plain');
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ code: 'unsupported_media_type' });
  });

  test('too many lines, too many bytes, no line', async () => {
    expect((await post('{}\n'.repeat(5_001), 'application/x-ndjson')).status).toBe(413);
    expect((await post('x'.repeat(16 * 1_048_576 + 1), 'application/x-ndjson')).status).toBe(413);
    expect((await post('', 'application/x-ndjson')).status).toBe(400);
  });
});

describe('sequence and replay', () => {
  test('a replayed record answers with its position and changes nothing', async () => {
    const producer = await createTestProducer(tenant);
    const record = producer.record();
    const first = (await (await post(record)).json()) as Record<string, unknown>;
    const again = await post(record);
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual({ ...first, status: 'duplicate' });
    expect(await head(producer.id)).toBe(1);
  });

  test('other bytes under a used id are a conflict and an incident, once per bytes', async () => {
    const producer = await createTestProducer(tenant);
    const payload = producer.payload();
    await post(producer.sign(payload));
    const forged = producer.sign({ ...payload, seq: 2 });
    const answer = await post(forged);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'id_conflict' });
    await post(forged);
    expect(await incidents('id_conflict', producer.id)).toHaveLength(1);
    expect(await head(producer.id)).toBe(1);
  });

  test('a gap is accepted, noted and recorded; late records close it', async () => {
    const producer = await createTestProducer(tenant);
    const [one, two, three, four, five] = Array.from({ length: 5 }, () => producer.record()) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    await post(one);
    expect(await (await post(five)).json()).toMatchObject({
      status: 'accepted',
      position: 2,
      note: 'sequence_gap',
    });
    expect(await incidents('sequence_gap', producer.id)).toHaveLength(1);
    const gaps = async () =>
      (
        await getPool().query('SELECT from_seq, to_seq FROM stream_gaps WHERE stream = $1 ORDER BY 1', [
          producer.id,
        ])
      ).rows;
    expect(await gaps()).toEqual([{ from_seq: 2, to_seq: 4 }]);
    expect(await (await post(three)).json()).toMatchObject({ status: 'accepted', position: 3 });
    expect(await gaps()).toEqual([
      { from_seq: 2, to_seq: 2 },
      { from_seq: 4, to_seq: 4 },
    ]);
    await post(two);
    await post(four);
    expect(await gaps()).toEqual([]);
    expect(await head(producer.id)).toBe(5);
  });

  test('a used sequence number is refused and recorded', async () => {
    const producer = await createTestProducer(tenant);
    await post(producer.record());
    const answer = await post(producer.record({ seq: 1 }));
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'sequence_reused' });
    expect(await incidents('sequence_reused', producer.id)).toHaveLength(1);
  });

  test('within one batch the same rules hold line by line', async () => {
    const producer = await createTestProducer(tenant);
    const one = producer.record();
    const lines = [
      one,
      one,
      producer.record({ seq: 4 }),
      producer.record({ seq: 4 }),
      producer.record({ seq: 3 }),
      utf8('not an envelope'),
      producer.record({ seq: 2 }),
      producer.record({ seq: 5 }),
    ];
    const body = Buffer.concat(lines.flatMap((line) => [line, utf8('\n')]));
    const answer = await post(body, 'application/x-ndjson');
    const results = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(
      results.map(({ line, status, position, code, note }) => [line, status, position ?? code, note]),
    ).toEqual([
      [1, 'accepted', 1, undefined],
      [2, 'duplicate', 1, undefined],
      [3, 'accepted', 2, 'sequence_gap'],
      [4, 'refused', 'sequence_reused', undefined],
      [5, 'accepted', 3, undefined],
      [6, 'refused', 'envelope_invalid', undefined],
      [7, 'accepted', 4, undefined],
      [8, 'accepted', 5, undefined],
    ]);
  });
});

describe('tenants and storage', () => {
  test('a record lands in its producer’s tenant and nowhere else', async () => {
    const producer = await createTestProducer(otherTenant);
    await post(producer.record());
    for (const table of ['records', 'decisions', 'rollups', 'edges', 'streams']) {
      const rows = await getPool().query(
        table === 'edges'
          ? `SELECT DISTINCT e.tenant FROM edges e JOIN decisions d ON d.id = e.source WHERE d.stream = $1`
          : `SELECT DISTINCT tenant FROM ${table} WHERE stream = $1`,
        [producer.id],
      );
      expect(rows.rows, table).toEqual([{ tenant: otherTenant }]);
    }
  });

  test('text that PostgreSQL cannot hold is stored as signed and shown with a replacement', async () => {
    const producer = await createTestProducer(tenant);
    const payload = producer.payload();
    const body = payload.body as { output: { outcome: { rule: string } } };
    body.output.outcome.rule = 'a\u0000b';
    const record = producer.sign(payload);
    expect((await post(record)).status).toBe(201);
    const rows = await getPool().query('SELECT rule FROM decisions WHERE stream = $1', [producer.id]);
    expect(rows.rows).toEqual([{ rule: 'a\ufffdb' }]);
  });

  test('a failure midway leaves nothing, and the retry takes the same position', async () => {
    const producer = await createTestProducer(tenant);
    const record = producer.record();
    // The projection is the last thing written before the head; while it fails, the record must not be there either.
    await owner.query(
      `ALTER TABLE rollups ADD CONSTRAINT broken CHECK (stream <> '${producer.id}') NOT VALID`,
    );
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const failed = await post(record);
    expect(failed.status).toBe(500);
    expect(log).toHaveBeenCalledTimes(1);
    log.mockRestore();
    const stored = await getPool().query('SELECT 1 FROM records WHERE stream = $1', [producer.id]);
    expect(stored.rowCount).toBe(0);
    await owner.query('ALTER TABLE rollups DROP CONSTRAINT broken');
    expect(await (await post(record)).json()).toMatchObject({ status: 'accepted', position: 1 });
  });

  test('one record that the database refuses does not take its neighbours down', async () => {
    const producer = await createTestProducer(tenant);
    const records = Array.from({ length: 4 }, () => producer.record());
    const poison = producer.record({ id: 'poison' });
    await owner.query(`ALTER TABLE records ADD CONSTRAINT broken CHECK (id <> 'poison') NOT VALID`);
    const body = Buffer.concat(
      [...records.slice(0, 2), poison, ...records.slice(2)].flatMap((r) => [r, utf8('\n')]),
    );
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const answer = await post(body, 'application/x-ndjson');
    log.mockRestore();
    await owner.query('ALTER TABLE records DROP CONSTRAINT broken');
    const results = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { status: string }).status);
    expect(results).toEqual(['accepted', 'accepted', 'refused', 'accepted', 'accepted']);
  });

  test('envelopes are kept byte for byte, white space included', async () => {
    const producer = await createTestProducer(tenant);
    const spaced = utf8(Buffer.from(producer.record()).toString().replace('{', '{ ').replace(',', ' ,\t'));
    expect((await post(spaced)).status).toBe(201);
    const rows = await getPool().query<{ envelope: Buffer }>(
      'SELECT envelope FROM records WHERE stream = $1',
      [producer.id],
    );
    expect(formatBase64(rows.rows[0]?.envelope ?? new Uint8Array())).toBe(formatBase64(spaced));
  });
});
