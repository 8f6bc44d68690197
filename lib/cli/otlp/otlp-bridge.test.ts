import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Attributes } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { SimpleSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import { parseSearchQuery } from '@/lib/decisions/search-query';
import { createConsoleFetch } from '@/lib/gateway/testing/console-fetch';
import { getPool } from '@/lib/server/database/pool';
import { searchDecisions } from '@/lib/server/decisions/search-decisions';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import { openBridgeMemory } from './bridge-memory';
import { type Bridge, createBridge } from './create-bridge';
import { type ServedBridge, serveOtlp } from './serve-otlp';

await startTestConsole();
const online = createConsoleFetch();
const offline: typeof fetch = () => Promise.reject(new TypeError('away'));
const SUBJECT = `tok_${'5c'.repeat(16)}`;
const SECRET = 'Ada Lovelace, 12 St James Square';
const HOUR_MS = 3_600_000;

const audited: Attributes = {
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.agent.id': 'shopper',
  'gen_ai.agent.name': 'Shopper',
  'gen_ai.agent.version': '2.1.0',
  'gen_ai.tool.name': 'order.create',
  'gen_ai.provider.name': 'northwind',
  'gen_ai.request.model': 'large',
  'gen_ai.response.model': 'large-2026-08-01',
  'gen_ai.request.temperature': 0.2,
  'gen_ai.tool.call.arguments': JSON.stringify({ to: SECRET }),
  'countersign.audit': true,
  'countersign.subjects': [`customer=${SUBJECT}`],
  'countersign.tier': 'bounded',
  'countersign.outcome': 'refuse',
  'countersign.source': 'framework',
  'countersign.control': 'budget',
  'countersign.rule': 'daily',
  'countersign.reason_code': 'over_budget',
};

let tenant: string;
let producer: TestProducer;
let directory: string;
let bridge: Bridge;
let served: ServedBridge;
let stop: (() => Promise<void>) | undefined;
const restartedAtMs = Date.now();

beforeAll(async () => {
  tenant = await createTestTenant('shop');
});
beforeEach(async () => {
  producer = await createTestProducer(tenant, { kind: 'pipeline' });
  directory = mkdtempSync(join(tmpdir(), 'countersign-otlp-'));
  await start();
});
afterEach(async () => {
  await stop?.();
  rmSync(directory, { recursive: true, force: true });
});

/** Starts the bridge, or starts it again over the same directory. */
async function start(
  fetch: typeof globalThis.fetch = online,
  over: Partial<Parameters<typeof createBridge>[0]> = {},
): Promise<void> {
  await stop?.();
  const memory = await openBridgeMemory(directory, producer.id, restartedAtMs - HOUR_MS);
  bridge = createBridge({
    origin: 'http://console.test',
    producer: producer.id,
    stream: producer.id,
    seed: producer.seed,
    memory,
    memoryMs: HOUR_MS,
    fetch,
    ...over,
  });
  served = await serveOtlp(bridge, { host: '127.0.0.1', port: 0 });
  stop = async () => {
    stop = undefined;
    await served.stop();
    memory.close();
  };
}

/** Sends spans by the real SDK. */
async function emit(spans: readonly Attributes[], make: (url: string) => SpanExporter): Promise<void> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'shop' }),
    spanProcessors: [new SimpleSpanProcessor({ exporter: make(`${served.url}/v1/traces`) })],
  });
  for (const attributes of spans) {
    const span = provider.getTracer('shop').startSpan('execute_tool order.create', { attributes });
    span.addEvent('countersign.guardrail', {
      name: 'sanctions',
      version: '7',
      verdict: 'pass',
      score: '0.1',
    });
    span.addEvent('gen_ai.user.message', { content: SECRET });
    span.end();
  }
  await provider.shutdown();
}

/** One span as OTLP's JSON, for what no SDK sends. */
function wire(attributes: Attributes, over: Record<string, unknown> = {}) {
  const value = (each: unknown): unknown =>
    Array.isArray(each)
      ? { arrayValue: { values: each.map(value) } }
      : typeof each === 'boolean'
        ? { boolValue: each }
        : typeof each === 'number'
          ? { doubleValue: each }
          : { stringValue: each };
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    endTimeUnixNano: `${restartedAtMs}000000`,
    attributes: Object.entries(attributes).map(([key, each]) => ({ key, value: value(each) })),
    ...over,
  };
  return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
}

async function post(body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${served.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
  });
}

/** A trace request in protobuf whose only attribute is a list in a list, so many times. */
function nest(levels: number): Uint8Array {
  const field = (number: number, inner: Uint8Array) => {
    const head = [(number << 3) | 2];
    let rest = inner.length;
    for (; rest > 127; rest >>= 7) head.push((rest & 127) | 128);
    return concatBytes(Uint8Array.from([...head, rest]), inner);
  };
  let value: Uint8Array = new Uint8Array(0);
  for (let level = 0; level < levels; level++) value = field(5, field(1, value));
  // TraceRequest.resourceSpans.resource.attributes.value
  return field(1, field(1, field(1, field(2, value))));
}

async function records(): Promise<{ id: string; body: Record<string, unknown> }[]> {
  const found = await getPool().query<{ envelope: Buffer }>(
    'SELECT envelope FROM records WHERE stream = $1 ORDER BY position',
    [producer.id],
  );
  return found.rows.map(({ envelope }) => {
    const { payload } = JSON.parse(envelope.toString()) as { payload: string };
    return JSON.parse(Buffer.from(payload, 'base64').toString());
  });
}

/** The console has answered for everything: senders are answered as soon as a record is on disk. */
async function settled(): Promise<void> {
  await bridge.deliver();
  expect(bridge.counts().waiting).toBe(0);
}

describe('the OTLP bridge', () => {
  it.each([
    ['JSON', (url: string) => new JsonExporter({ url })],
    ['protobuf', (url: string) => new ProtobufExporter({ url })],
  ])('records what the SDK sends as %s, labelled, without the text', async (_encoding, make) => {
    await emit([audited, { ...audited, 'countersign.audit': false }, { 'http.route': '/' }], make);
    await settled();
    const [record, ...others] = await records();
    expect(others).toEqual([]);
    expect(record?.body).toMatchObject({
      identity: { agent: { id: 'shopper' }, subjects: [{ type: 'customer', token: SUBJECT }] },
      model: { name: 'large', version: 'large-2026-08-01', parameters: { temperature: '0.2' } },
      guardrails: [{ name: 'sanctions', verdict: 'pass', score: '0.1' }],
      output: { outcome: { verdict: 'refuse', control: 'budget', rule: 'daily' } },
      origin: { signed_at: 'bridge', protocol: 'otlp', service: 'shop' },
    });
    expect(JSON.stringify(record)).not.toContain('Ada');
    expect(bridge.counts().refused).toEqual({ not_audit_grade: 1, not_genai: 1 });
    const query = parseSearchQuery('origin:otlp agent:shopper');
    const page = await searchDecisions(tenant, query.ok ? query.value : [], { limit: 10 });
    expect(page.rows.find(({ id }) => id === record?.id)).toMatchObject({ origin: 'otlp' });
  });

  it('keeps the salt, so that who has the text can prove it', async () => {
    await post(wire(audited));
    await settled();
    const [salt] = readFileSync(join(directory, 'salts.ndjson'), 'utf8').trim().split('\n');
    const kept = JSON.parse(salt ?? '') as { salt: string };
    const text = utf8(JSON.stringify({ to: SECRET }));
    const digest = formatDigest(
      'sha3-512',
      sha3_512(concatBytes(new Uint8Array(Buffer.from(kept.salt, 'base64')), text)),
    );
    expect((await records())[0]?.body).toMatchObject({ input: { digest, byte_count: text.length } });
    for (const name of readdirSync(directory).filter((each) => each.endsWith('.ndjson')))
      expect(readFileSync(join(directory, name), 'utf8')).not.toContain('Ada');
  });

  it('loses nothing and records nothing twice over an outage, a restart and a sender that repeats itself', async () => {
    await start(offline);
    expect((await post(wire(audited))).status).toBe(200);
    expect(await records()).toEqual([]);
    await start(online);
    expect(bridge.counts().waiting).toBe(1);
    expect(await (await post(wire(audited))).json()).toEqual({});
    expect(bridge.counts()).toMatchObject({ recorded: 0, duplicates: 1 });
    await settled();
    expect(await records()).toHaveLength(1);
    await start(online);
    await Promise.all([post(wire(audited)), post(wire(audited))]);
    const other = await post(wire({ ...audited, 'countersign.outcome': 'escalate' }));
    expect(await other.json()).toMatchObject({ partialSuccess: { rejectedSpans: '1' } });
    expect(bridge.counts()).toMatchObject({ duplicates: 2, refused: { span_conflict: 1 } });
    expect(await records()).toHaveLength(1);
  });

  it('remembers the span of a record that was signed when the process died', async () => {
    await start(offline);
    await post(wire(audited));
    rmSync(join(directory, 'spans.ndjson'));
    await start(online);
    await post(wire(audited));
    await settled();
    expect(await records()).toHaveLength(1);
  });

  it('keeps a record while the console does not know the bridge', async () => {
    await getPool().query('UPDATE producers SET disabled_at = now() WHERE id = $1', [producer.id]);
    await post(wire(audited));
    await bridge.deliver();
    expect(bridge.counts()).toMatchObject({ waiting: 1, refusedByConsole: {} });
    await getPool().query('UPDATE producers SET disabled_at = NULL WHERE id = $1', [producer.id]);
    await settled();
    expect(await records()).toHaveLength(1);
  });

  it('lets go of spans that are not taken any more before it makes senders wait', async () => {
    let nowMs = restartedAtMs;
    await start(online, { maxSpans: 0, clock: () => nowMs });
    expect((await post(wire(audited))).status).toBe(200);
    await settled();
    const next = { spanId: '00f067aa0ba902b7', endTimeUnixNano: `${restartedAtMs + 2 * HOUR_MS}000000` };
    expect((await post(wire(audited, next))).status).toBe(503);
    nowMs += 2 * HOUR_MS;
    expect((await post(wire(audited, next))).status).toBe(200);
    const kept = readFileSync(join(directory, 'spans.ndjson'), 'utf8').trim().split('\n');
    expect(kept).toHaveLength(1);
  });

  it('goes on behind a line of salts that a crash has torn', async () => {
    const path = join(directory, 'salts.ndjson');
    await post(wire(audited));
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, `${whole}{"id":"dec_${'0'.repeat(100_000)}`);
    await start();
    expect(readFileSync(path, 'utf8')).toBe(whole);
    await post(wire(audited, { spanId: '00f067aa0ba902b7' }));
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  const without = (name: string) =>
    Object.fromEntries(Object.entries(audited).filter(([key]) => key !== name));
  it.each<[string, Attributes, Record<string, unknown>?]>([
    ['not_genai', without('gen_ai.operation.name')],
    ['not_audit_grade', { ...audited, 'countersign.audit': 'true' }],
    ['agent_missing', without('gen_ai.agent.version')],
    ['subjects_missing', without('countersign.subjects')],
    ['subjects_missing', { ...audited, 'countersign.subjects': ['customer=Ada'] }],
    ['action_missing', without('gen_ai.tool.name')],
    ['action_malformed', { ...audited, 'countersign.action.amount': '5.00' }],
    ['tier_missing', without('countersign.tier')],
    ['outcome_missing', { ...audited, 'countersign.outcome': 'approved' }],
    ['source_missing', without('countersign.source')],
    ['control_missing', without('countersign.control')],
    ['rule_missing', without('countersign.rule')],
    ['reason_missing', without('countersign.reason_code')],
    ['model_incomplete', without('gen_ai.response.model')],
    ['prompt_incomplete', { ...audited, 'countersign.prompt.template': 'greet' }],
    ['policy_incomplete', { ...audited, 'countersign.policy.id': 'p1' }],
    ['retrieval_incomplete', { ...audited, 'countersign.retrieval.index': 'payees' }],
    ['correlation_malformed', { ...audited, 'gen_ai.conversation.id': 'a b' }],
    ['principal_malformed', { ...audited, 'countersign.principal': 'Ada' }],
    ['identifier_suspected', { ...audited, 'gen_ai.conversation.id': 'ada@example.org' }],
    ['guardrail_incomplete', audited, { events: [{ name: 'countersign.guardrail', attributes: [] }] }],
    ['span_malformed', audited, { spanId: 'zz' }],
    ['span_malformed', audited, { endTimeUnixNano: 1.5 }],
    ['time_implausible', audited, { endTimeUnixNano: `${restartedAtMs + 10 * HOUR_MS}000000` }],
    ['span_too_old', audited, { endTimeUnixNano: `${restartedAtMs - 2 * HOUR_MS}000000` }],
    // Some senders write the number itself.
    ['span_too_old', audited, { endTimeUnixNano: (restartedAtMs - 2 * HOUR_MS) * 1e6 }],
    [
      'record_too_large',
      { ...audited, 'countersign.parents': Array(64).fill('p'.repeat(128)) },
      {
        events: Array.from({ length: 64 }, () => ({
          name: 'countersign.guardrail',
          attributes: ['name', 'version', 'verdict'].map((key) => ({
            key,
            value: { stringValue: key === 'verdict' ? 'pass' : '漢'.repeat(250) },
          })),
        })),
      },
    ],
  ])('says %s and records nothing', async (reason, attributes, over) => {
    const answer = await post(wire(attributes, over));
    expect(answer.status).toBe(200);
    const { partialSuccess } = (await answer.json()) as { partialSuccess: Record<string, string> };
    expect(partialSuccess.rejectedSpans).toBe('1');
    expect(partialSuccess.errorMessage).toMatch(new RegExp(`^${reason} \\(1\\): `));
    expect(partialSuccess.errorMessage).not.toContain('Ada');
    expect(await records()).toEqual([]);
  });

  it('refuses requests that are none, with a google.rpc.Status', async () => {
    const status = async (body: unknown, headers?: Record<string, string>) => {
      const answer = await post(body, headers);
      expect(await answer.json()).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
      return answer.status;
    };
    expect(await status(wire(audited), { 'content-type': 'text/plain' })).toBe(415);
    expect(await status(wire(audited), { origin: 'http://evil.example' })).toBe(403);
    expect(await status(utf8('{"resourceSpans":1}'))).toBe(400);
    expect(await status(utf8('{'))).toBe(400);
    expect(await status(new Uint8Array(5_000_000))).toBe(413);
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(50_000_000)));
    expect(await status(bomb, { 'content-encoding': 'gzip' })).toBe(413);
    expect(await status({ resourceSpans: [{ scopeSpans: [{ spans: Array(5_000).fill({}) }] }] })).toBe(400);
    expect((await post(nest(500), { 'content-type': 'application/x-protobuf' })).status).toBe(400);
    const garbled = await post(Uint8Array.of(255, 255), { 'content-type': 'application/x-protobuf' });
    expect([garbled.status, garbled.headers.get('content-type')]).toEqual([400, 'application/x-protobuf']);
    expect((await fetch(`${served.url}/v1/metrics`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${served.url}/v1/traces`)).status).toBe(405);
    const zipped = await post(new Uint8Array(gzipSync(JSON.stringify(wire(audited)))), {
      'content-encoding': 'gzip',
    });
    expect(await zipped.json()).toEqual({});
  });
});
