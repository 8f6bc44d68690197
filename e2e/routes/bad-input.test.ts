import { afterAll, describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import type { ErrorCode } from '@/lib/server/errors';
import { createFirstLink } from '@/lib/server/identity/create-first-link';
import { signInAs } from '@/lib/server/testing/sign-in-as';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { captureLog, expectNoLeak, outcomeOf, readAnswer } from './answers';
import { callRoute, loadRoutes } from './call-route';
import { countRows } from './count-rows';
import { MACHINE_ROWS, signedRequest } from './machine-rows';
import { namesOf, PERSON_ROWS, type RoleName } from './person-rows';
import { createWorld } from './world';

const { owner } = await startTestConsole();
const routes = await loadRoutes();
const { bank, clinic } = await createWorld();
await createFirstLink();
const log = captureLog();
const ORIGIN = 'http://console.test';

/** A route that reads JSON, with the way to send it any bytes from somebody who may. */
interface JsonRoute {
  name: string;
  /** What this route would take. */
  good: () => Record<string, unknown>;
  send: (body: Uint8Array | ReadableStream<Uint8Array>, headers?: Record<string, string>) => Promise<Request>;
}

function init(body: Uint8Array | ReadableStream<Uint8Array>): RequestInit {
  return body instanceof Uint8Array
    ? { body: new Uint8Array(body) }
    : ({ body, duplex: 'half' } as RequestInit & { duplex: 'half' });
}

const personRoutes: JsonRoute[] = PERSON_ROWS.filter(({ body }) => body !== undefined).map((row) => ({
  name: `${row.method} ${row.route}`,
  good: () => row.body?.(namesOf(bank)) as Record<string, unknown>,
  send: async (body, headers) =>
    new Request(`${ORIGIN}${row.path(namesOf(bank))}`, {
      method: row.method,
      headers: {
        'content-type': 'application/json',
        ...(await signInAs(bank.members[Object.keys(row.own)[0] as RoleName].id)),
        ...headers,
      },
      ...init(body),
    }),
}));

/** Cancelling reads no body; conformance answers malformed lines with findings, as its own test says. */
const machineRoutes: JsonRoute[] = MACHINE_ROWS.filter(
  ({ method, route }) => method === 'POST' && !/\/(cancel|conformance)$/.test(route),
).map((row) => {
  const named = { task: bank.pending, approval: bank.approval.id, token: bank.approval.token };
  return {
    name: `${row.method} ${row.route}`,
    good: () => row.body(named, bank) as Record<string, unknown>,
    send: async (body, headers) => {
      const bytes = body instanceof Uint8Array ? body : utf8('{}');
      const request = signedRequest({
        method: 'POST',
        path: row.path(named),
        body: bytes,
        signer: bank.gateway,
      });
      return new Request(request.url, {
        method: 'POST',
        headers: { ...Object.fromEntries(request.headers), ...headers },
        ...init(body),
      });
    },
  };
});

const founding: JsonRoute = {
  name: 'POST api/v1/tenants',
  good: () => ({
    secret: 'A'.repeat(43),
    organisation: 'Bank',
    name: 'Anna',
    email: 'anna@example.org',
    password: 'correct horse battery staple',
  }),
  send: async (body, headers) =>
    new Request(`${ORIGIN}/api/v1/tenants`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
      ...init(body),
    }),
};

const jsonRoutes = [...personRoutes, ...machineRoutes, founding].map((route) => [route.name, route] as const);
/** Bytes that no route reads, but for those that take whole files. */
const MORE_THAN_MOST = 600_000;
const LARGER: Readonly<Record<string, number>> = {
  'POST api/v1/reconciliations': 8_388_608,
  'POST api/v1/trust/pin': 12_000_000,
  'POST api/v1/payloads': 6_000_000,
  'POST api/v1/versions': 2_000_000,
};
const MORE_THAN_ANY = 12_000_000;

/** The route's good body with one more member, as text. */
const withMember = (route: JsonRoute, member: string) =>
  `${JSON.stringify(route.good()).slice(0, -1)}${Object.keys(route.good()).length > 0 ? ',' : ''}${member}}`;
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

const BODIES: [
  name: string,
  code: ErrorCode,
  body: (route: JsonRoute) => Uint8Array,
  headers?: Record<string, string>,
][] = [
  [
    'a form',
    'unsupported_media_type',
    (route) => utf8(JSON.stringify(route.good())),
    { 'content-type': 'application/x-www-form-urlencoded' },
  ],
  [
    'plain text, as a cross-site form may send',
    'unsupported_media_type',
    (route) => utf8(JSON.stringify(route.good())),
    { 'content-type': 'text/plain' },
  ],
  [
    'a media type that only begins alike',
    'unsupported_media_type',
    (route) => utf8(JSON.stringify(route.good())),
    { 'content-type': 'application/json-patch+json' },
  ],
  [
    'two media types',
    'unsupported_media_type',
    (route) => utf8(JSON.stringify(route.good())),
    { 'content-type': 'text/plain, application/json' },
  ],
  ['nothing', 'invalid_json', () => utf8(' ')],
  ['no JSON', 'invalid_json', () => utf8('{"a":')],
  ['two values', 'invalid_json', (route) => utf8(`${JSON.stringify(route.good())}{}`)],
  ['trailing words', 'invalid_json', (route) => utf8(`${JSON.stringify(route.good())} x`)],
  ['a comment', 'invalid_json', (route) => utf8(`/**/${JSON.stringify(route.good())}`)],
  [
    'a byte order mark',
    'invalid_json',
    (route) => concatBytes(new Uint8Array([0xef, 0xbb, 0xbf]), utf8(JSON.stringify(route.good()))),
  ],
  ['UTF-16', 'invalid_json', (route) => new Uint8Array(Buffer.from(JSON.stringify(route.good()), 'utf16le'))],
  [
    'bytes that are no UTF-8',
    'invalid_json',
    (route) =>
      concatBytes(utf8(withMember(route, '"x":"').slice(0, -1)), new Uint8Array([0xff, 0xfe]), utf8('"}')),
  ],
  [
    'an overlong encoding',
    'invalid_json',
    (route) =>
      concatBytes(utf8(withMember(route, '"x":"').slice(0, -1)), new Uint8Array([0xc0, 0xaf]), utf8('"}')),
  ],
  ['a key twice', 'duplicate_json_key', (route) => utf8(withMember(route, '"x":1,"x":2'))],
  [
    'a key twice, once escaped',
    'duplicate_json_key',
    (route) => utf8(withMember(route, '"x":1,"\\u0078":2')),
  ],
  ['deep nesting', 'json_too_deep', (route) => utf8(withMember(route, `"x":${nested(64)}`))],
  ['a float', 'invalid_json', (route) => utf8(withMember(route, '"x":1.5'))],
  ['an exponent', 'invalid_json', (route) => utf8(withMember(route, '"x":1e3'))],
  [
    'an integer that a double rounds',
    'invalid_json',
    (route) => utf8(withMember(route, '"x":9007199254740993')),
  ],
  ['half a surrogate pair', 'invalid_json', (route) => utf8(withMember(route, '"x":"\\ud800"'))],
  ['half a surrogate pair in a key', 'invalid_json', (route) => utf8(withMember(route, '"\\udc00":1'))],
  ['an array', 'malformed_request', () => utf8('[]')],
  ['null', 'malformed_request', () => utf8('null')],
  ['a string', 'malformed_request', () => utf8('"x"')],
  ['an empty object', 'malformed_request', () => utf8('{}')],
  [
    'its members through the prototype',
    'malformed_request',
    (route) => utf8(`{"__proto__":${JSON.stringify(route.good())}}`),
  ],
  [
    'its members through the constructor',
    'malformed_request',
    (route) => utf8(`{"constructor":{"prototype":${JSON.stringify(route.good())}}}`),
  ],
  [
    'too much, and says so',
    'request_too_large',
    () => utf8('{}'),
    { 'content-length': String(MORE_THAN_ANY) },
  ],
];

/** More than any route takes, without a length, one page at a time; counts what was read. */
function endless(): { body: ReadableStream<Uint8Array>; sentBytes: () => number } {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(new Uint8Array(16_384).fill(0x20));
        sent += 16_384;
        if (sent > 2 * MORE_THAN_ANY) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { body, sentBytes: () => sent };
}

describe.each(jsonRoutes)('%s', (_name, route) => {
  it('refuses every malformed body with a code of its own, and writes nothing', async () => {
    const before = await countRows(owner);
    for (const [name, code, body, headers] of BODIES) {
      const answer = await readAnswer(await callRoute(routes, await route.send(body(route), headers)));
      expect(outcomeOf(answer), name).toBe(code);
      expectNoLeak(answer, clinic);
      expect(answer.text.length, 'says little').toBeLessThan(400);
    }
    expect(await countRows(owner)).toEqual(before);
    expect(Object.prototype).not.toHaveProperty('secret');
    expect(Object.prototype).not.toHaveProperty('roles');
  });

  it('stops reading a body that never ends', async () => {
    const before = await countRows(owner);
    const { body, sentBytes } = endless();
    const answer = await readAnswer(await callRoute(routes, await route.send(body)));
    expect(outcomeOf(answer)).toBe('request_too_large');
    expect(sentBytes()).toBeLessThan((LARGER[route.name] ?? MORE_THAN_MOST) + 65_536);
    expect(await countRows(owner)).toEqual(before);
  });

  it('never fails on U+0000 or on texts of any length in any field', async () => {
    const before = await countRows(owner);
    for (const hostile of [
      '\u0000',
      'a\u0000b',
      'x'.repeat(900),
      `tok_${'\u0000'.repeat(32)}`,
      '\u202e\u0007',
      "'; DROP TABLE people; --",
    ])
      for (const body of replaceEachText(route.good(), hostile)) {
        const answer = await readAnswer(
          await callRoute(routes, await route.send(utf8(JSON.stringify(body)))),
        );
        expect(answer.code, `${JSON.stringify(body).slice(0, 300)}`).not.toBe('internal');
        expectNoLeak(answer, clinic);
      }
    const after = await countRows(owner);
    expect(after['public.producers']).toBe((before['public.producers'] ?? 0) + producersNamed(route));
  });
});

/** `value` again and again, each time with another one of its texts replaced. */
function replaceEachText(value: unknown, text: string): unknown[] {
  if (typeof value === 'string') return [text];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    replaceEachText(member, text).map((replaced) =>
      Array.isArray(value)
        ? value.map((old, i) => (String(i) === key ? replaced : old))
        : { ...value, [key]: replaced },
    ),
  );
}

/** A producer's name may be any visible text: these two are names. */
function producersNamed(route: JsonRoute): number {
  return route.name === 'POST api/v1/settings/producers' ? 2 : 0;
}

describe('POST api/v1/records', () => {
  const post = async (body: Uint8Array | ReadableStream<Uint8Array>, headers: Record<string, string> = {}) =>
    readAnswer(
      await callRoute(
        routes,
        new Request(`${ORIGIN}/api/v1/records`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          ...init(body),
        }),
      ),
    );
  const { gateway } = bank;
  const text = () => Buffer.from(gateway.sign({ ...gateway.payload(), seq: 1 })).toString('utf8');
  const payloadOf = (payload: string) => gateway.sign(payload);
  const good = () => JSON.stringify({ ...gateway.payload(), seq: 1 });

  const ROWS: [name: string, code: ErrorCode, send: () => ReturnType<typeof post>][] = [
    ['a form', 'unsupported_media_type', () => post(utf8(text()), { 'content-type': 'text/plain' })],
    ['too much, and says so', 'record_too_large', () => post(utf8('{}'), { 'content-length': '70000' })],
    ['what never ends', 'record_too_large', () => post(endless().body)],
    [
      'a batch that never ends',
      'request_too_large',
      () => post(utf8('{}'), { 'content-type': 'application/x-ndjson', 'content-length': '17000000' }),
    ],
    [
      'too many lines',
      'request_too_large',
      () => post(utf8('\n'.repeat(5_001)), { 'content-type': 'application/x-ndjson' }),
    ],
    [
      'no line',
      'malformed_request',
      () => post(new Uint8Array(0), { 'content-type': 'application/x-ndjson' }),
    ],
    ['nothing', 'envelope_invalid', () => post(utf8(' '))],
    ['trailing data', 'envelope_invalid', () => post(utf8(`${text()}{}`))],
    ['no UTF-8', 'envelope_invalid', () => post(concatBytes(new Uint8Array([0xff]), utf8(text())))],
    ['a key twice', 'duplicate_json_key', () => post(utf8(text().replace('{', '{"payloadType":"x",')))],
    ['deep nesting', 'json_too_deep', () => post(utf8(nested(64)))],
    ['a member more', 'envelope_invalid', () => post(utf8(text().replace('{', '{"more":1,')))],
    [
      'the prototype as a member',
      'envelope_invalid',
      () => post(utf8(text().replace('{', '{"__proto__":{},'))),
    ],
    [
      'a key id with U+0000',
      'envelope_invalid',
      () => post(utf8(text().replace(gateway.keyid, 'a\\u0000b'))),
    ],
    [
      'no signature',
      'signature_missing',
      () => post(utf8(text().replace(/"signatures":\[.*\]/, '"signatures":[]'))),
    ],
    [
      'seventeen signatures',
      'envelope_invalid',
      () =>
        post(
          utf8(
            text().replace(
              /"signatures":\[(.*)\]/,
              (_all, one) => `"signatures":[${Array(17).fill(one).join(',')}]`,
            ),
          ),
        ),
    ],
    [
      'another type',
      'payload_type_unknown',
      () => post(utf8(text().replace('countersign.record.v1', 'countersign.record.v9'))),
    ],
    ['a signed float', 'invalid_json', () => post(payloadOf(good().replace('"seq":1', '"seq":1.5')))],
    [
      'a signed key twice',
      'duplicate_json_key',
      () => post(payloadOf(good().replace('{', '{"kind":"heartbeat",'))),
    ],
    [
      'signed half surrogates',
      'invalid_json',
      () => post(payloadOf(good().replace('payments-agent', '\\ud800'))),
    ],
    [
      'signed deep nesting',
      'json_too_deep',
      () => post(payloadOf(good().replace('{', `{"x":${nested(64)},`))),
    ],
    [
      'a signed member through the prototype',
      'record_invalid',
      () => post(payloadOf(`{"__proto__":${good()}}`)),
    ],
  ];

  it.each(ROWS)('refuses %s', async (_name, code, send) => {
    const before = await countRows(owner);
    const answer = await send();
    expect(outcomeOf(answer)).toBe(code);
    expectNoLeak(answer, clinic);
    expect(await countRows(owner)).toEqual(before);
  });

  it('takes U+0000 in a text that one searches: the record is the bytes that arrived', async () => {
    const payload = gateway.payload() as { body: { output: { outcome: Record<string, unknown> } } };
    payload.body.output.outcome = { ...payload.body.output.outcome, rule: 'a\u0000b' };
    const bytes = gateway.sign({ ...payload, seq: 2 });
    const answer = await post(bytes);
    expect(outcomeOf(answer), answer.text).toBe(201);
    const { position } = JSON.parse(answer.text) as { position: number };
    const { rows } = await owner.query<{ envelope: Buffer }>(
      'SELECT envelope FROM records WHERE stream = $1 AND position = $2',
      [gateway.id, position],
    );
    expect(rows[0]?.envelope).toEqual(Buffer.from(bytes));
  });

  it('never fails on what a signed text holds, whichever it is', async () => {
    const seen = new Set<string>();
    for (const hostile of ['a\u0000b', '\u0000', '\\', '{"', "'; --", '\u2028', '😀'.repeat(200)]) {
      for (const body of replaceEachText(gateway.payload().body, hostile)) {
        const answer = await post(gateway.sign({ ...gateway.payload(), body }));
        const outcome = String(outcomeOf(answer));
        expect(['201', 'record_invalid'], `${JSON.stringify(body)} ${answer.text}`).toContain(outcome);
        seen.add(outcome);
      }
    }
    expect([...seen].sort()).toEqual(['201', 'record_invalid']);
  });
});

afterAll(() => {
  const lines = log.join('\n');
  expect(lines).not.toMatch(/unexpected error|append failed/);
  expect(lines).not.toMatch(/[\w.-]+@[\w-]+\.\w+/);
});
