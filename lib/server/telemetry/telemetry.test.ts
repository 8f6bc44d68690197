import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { POST as redeem } from '@/app/access/v1/approvals/[approvalId]/redeem/route';
import { GET as getDecision } from '@/app/api/v1/decisions/[decisionId]/route';
import { GET as searchDecisions } from '@/app/api/v1/decisions/route';
import { POST as records } from '@/app/api/v1/records/route';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { signRequest } from '@/lib/core/http-signature';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { newRandomBytes } from '../random';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { parseTraceparent } from './parse-traceparent';
import { formatRouteTemplate } from './route-template';
import { startTelemetry } from './start-telemetry';
import type { Telemetry } from './telemetry';

await startTestConsole();
const producer = await createTestProducer(await createTestTenant('bank'), { kind: 'gateway' });
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

let telemetry: Telemetry | undefined;
let collector: Server | undefined;
afterEach(async () => {
  await telemetry?.stop();
  collector?.closeAllConnections();
  collector?.close();
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
});

/** A collector that keeps what it is sent; or one that takes connections and never answers. */
async function start(answers: boolean): Promise<{ path: string; text: string }[]> {
  const seen: { path: string; text: string }[] = [];
  const server = createServer((request, response) => {
    if (!answers) return;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      seen.push({ path: request.url ?? '', text: Buffer.concat(parts).toString() });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  collector = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  telemetry = startTelemetry();
  return seen;
}

const send = (bytes: Uint8Array, headers: Record<string, string> = {}) =>
  records(
    new Request('http://console.test/api/v1/records', {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.dsse+json', ...headers },
      body: new Uint8Array(bytes),
    }),
  );

function redeemAs(approvalId: string, body: string): Promise<Response> {
  const url = `http://console.test/access/v1/approvals/${approvalId}/redeem`;
  const headers = signRequest({
    method: 'POST',
    targetUri: url,
    body: utf8(body),
    keyid: producer.keyid,
    seed: producer.seed,
    createdS: Math.floor(Date.now() / 1000),
    nonce: formatBase64url(newRandomBytes(16)),
  });
  const request = new Request(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  });
  return redeem(request, { params: Promise.resolve({ approvalId }) });
}

interface WireSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}

it('tells routes, codes and counts, and nothing that anybody chose', async () => {
  await openLog();
  const seen = await start(true);
  const record = producer.record();
  expect(
    (await send(record, { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'planted=Lovelace' })).status,
  ).toBe(201);
  await send(record);
  await send(utf8('{"planted":"Lovelace"}'));
  await sequence({ force: true });
  const planted = 'dec_planted-Lovelace';
  await getDecision(new Request(`http://console.test/api/v1/decisions/${planted}`), {
    params: Promise.resolve({ decisionId: planted }),
  });
  await searchDecisions(new Request('http://console.test/api/v1/decisions?q=subject:tok_planted-Lovelace'));
  await redeemAs('apr_planted-Lovelace', JSON.stringify({ token: 'planted.Lovelace.x', action: {} }));
  await telemetry?.stop();

  const all = seen.map(({ text }) => text).join('\n');
  const payload = JSON.parse(
    Buffer.from(JSON.parse(Buffer.from(record).toString()).payload, 'base64').toString(),
  );
  const { identity } = payload.body;
  for (const secret of [
    'planted',
    'Lovelace',
    payload.id,
    producer.id,
    producer.keyid,
    'bank',
    identity.agent.id,
    identity.principal.token,
    identity.subjects[0].token,
    identity.trace_id,
    'transfer_money',
  ])
    expect(all).not.toContain(secret);

  const spans = seen
    .filter(({ path }) => path === '/v1/traces')
    .flatMap(({ text }) => JSON.parse(text).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope: { spans: WireSpan[] }) => scope.spans);
  const first = spans.find(({ parentSpanId }) => parentSpanId === PARENT);
  expect(first).toMatchObject({ name: 'POST /api/v1/records', traceId: TRACE });
  const attributesOf = (name: string) =>
    spans
      .filter((span) => span.name === name)
      .map(({ attributes }) =>
        Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
      );
  expect(attributesOf('GET /api/v1/decisions/{decisionId}')).toEqual([
    {
      'http.request.method': 'GET',
      'http.route': '/api/v1/decisions/{decisionId}',
      'http.response.status_code': 401,
      'error.type': 'sign_in_required',
    },
  ]);
  expect(attributesOf('POST /access/v1/approvals/{approvalId}/redeem')).toMatchObject([
    { 'http.response.status_code': expect.any(Number), 'error.type': expect.any(String) },
  ]);
  const own = new Set(spans.filter(({ name }) => name !== 'transaction').map(({ spanId }) => spanId));
  const children = spans.filter(({ name }) => name === 'transaction');
  expect(children.every(({ parentSpanId }) => own.has(parentSpanId ?? ''))).toBe(true);

  const metrics = seen
    .filter(({ path }) => path === '/v1/metrics')
    .map(({ text }) => text)
    .join('\n');
  for (const name of [
    'http.server.request.duration',
    'countersign.records',
    'countersign.escalations.waiting',
    'countersign.log.backlog',
    'countersign.log.lag',
    'countersign.witnesses.backlog',
  ])
    expect(metrics).toContain(`"${name}"`);
  for (const status of ['accepted', 'duplicate', 'refused']) expect(metrics).toContain(`"${status}"`);
});

it('answers as before while the collector never does, and stops without it', async () => {
  await start(false);
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(producer.record())));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
  await telemetry?.stop();
});

it.each([
  ['/api/v1/decisions/dec_1', { decisionId: 'dec_1' }, '/api/v1/decisions/{decisionId}'],
  ['/api/v1/decisions/a%2Fb', { decisionId: 'a/b' }, '/api/v1/decisions/{decisionId}'],
  ['/log/tile/0/x001/067', { path: ['0', 'x001', '067'] }, '/log/tile/{path}'],
  ['/.well-known/jwks.json', {}, '/.well-known/jwks.json'],
  ['/api/v1/Ada%20Lovelace', {}, '/api/v1/{other}'],
  ['/api/v1/x/tok_5c5c', {}, '/api/v1/x/{other}'],
  ['/', {}, '/'],
])('%s is told by its template', (path, params, template) => {
  expect(formatRouteTemplate(path, params)).toBe(template);
});

it.each([
  ['a caller’s span', `00-${TRACE}-${PARENT}-01`, { traceId: TRACE, spanId: PARENT, sampled: true }],
  ['one that is not sampled', `00-${TRACE}-${PARENT}-00`, { traceId: TRACE, spanId: PARENT, sampled: false }],
  [
    'a later version with more',
    `01-${TRACE}-${PARENT}-01-x`,
    { traceId: TRACE, spanId: PARENT, sampled: true },
  ],
  ['more in version 00', `00-${TRACE}-${PARENT}-01-x`, null],
  ['the version that is none', `ff-${TRACE}-${PARENT}-01`, null],
  ['an empty trace', `00-${'0'.repeat(32)}-${PARENT}-01`, null],
  ['an empty span', `00-${TRACE}-${'0'.repeat(16)}-01`, null],
  ['capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`, null],
  ['nothing', null, null],
])('%s', (_what, header, expected) => {
  expect(parseTraceparent(header)).toEqual(expected);
});
