import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeUtf8 } from '@/lib/core/bytes';
import { type JsonValue, parseJson } from '@/lib/core/json';
import { SPAN_REFUSALS, type SpanRefusal } from '@/lib/otlp/span-refusal';
import type { Bridge } from './create-bridge';
import { MAX_REQUEST_BYTES, OtlpRefusal, readOtlpBody } from './read-otlp-body';
import { decodeTraceRequest, encodeStatus, encodeTraceResponse, MAX_DEPTH } from './trace-protobuf';

const REQUEST_MS = 30_000;
const RETRY_SECONDS = '5';
const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

export interface ServedBridge {
  url: string;
  stop(): Promise<void>;
}

/**
 * OTLP over HTTP (OTLP specification 1.x, "OTLP/HTTP"): `POST /v1/traces` in JSON or protobuf, plain or gzip; and
 * `GET /status`, which gives the counts. Nobody signs in here: it listens to this machine unless told otherwise, and
 * refuses what a browser sends.
 */
export async function serveOtlp(
  bridge: Bridge,
  options: { port: number; host: string },
): Promise<ServedBridge> {
  const server = createServer((request, response) => {
    answer(bridge, request, response).catch((error: unknown) => {
      const known = error instanceof OtlpRefusal;
      if (!known) console.error('otlp: a request could not be answered');
      refuse(request, response, known ? error : new OtlpRefusal(503, 'The bridge cannot take spans now.'));
    });
  });
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function answer(bridge: Bridge, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  // A page in a browser always names its origin where it could do harm; exporters never do.
  if (request.headers.origin !== undefined) throw new OtlpRefusal(403, 'Browsers are not served.');
  if (path === '/status' && request.method === 'GET') {
    send(response, 200, JSON_TYPE, JSON.stringify(bridge.counts()));
    return;
  }
  if (path !== '/v1/traces') throw new OtlpRefusal(404, 'Spans are taken at /v1/traces.');
  if (request.method !== 'POST') throw new OtlpRefusal(405, 'Send a POST.');
  const type = typeOf(request);
  if (type === null) throw new OtlpRefusal(415, `Send ${PROTOBUF_TYPE} or ${JSON_TYPE}.`);
  const taken = await bridge.take(decode(type, await readOtlpBody(request)));
  if (taken.kind === 'malformed')
    throw new OtlpRefusal(400, 'The request is no trace request, or has too many spans.');
  if (taken.kind === 'busy') throw new OtlpRefusal(503, 'Too many records wait for the console.');
  const partial = describePartial(taken.refused);
  if (type === PROTOBUF_TYPE) send(response, 200, type, encodeTraceResponse(partial));
  else send(response, 200, type, JSON.stringify(partial ? { partialSuccess: toJsonForm(partial) } : {}));
}

type PartialSuccess = { rejectedSpans: number; errorMessage: string };

function describePartial(refused: ReadonlyMap<SpanRefusal, number>): PartialSuccess | null {
  if (refused.size === 0) return null;
  const reasons = Array.from(refused, ([reason, n]) => `${reason} (${n}): ${SPAN_REFUSALS[reason]}`);
  return {
    rejectedSpans: [...refused.values()].reduce((sum, n) => sum + n, 0),
    errorMessage: reasons.join(' '),
  };
}

/** 64-bit integers are strings in JSON. */
function toJsonForm({ rejectedSpans, errorMessage }: PartialSuccess): JsonValue {
  return { rejectedSpans: String(rejectedSpans), errorMessage };
}

function typeOf(request: IncomingMessage): typeof JSON_TYPE | typeof PROTOBUF_TYPE | null {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  return type === JSON_TYPE || type === PROTOBUF_TYPE ? type : null;
}

function decode(type: string, bytes: Uint8Array): JsonValue {
  if (type === PROTOBUF_TYPE) {
    const decoded = decodeTraceRequest(bytes);
    if (decoded === null) throw new OtlpRefusal(400, 'The body is no trace request in protobuf.');
    return decoded;
  }
  const text = decodeUtf8(bytes);
  const parsed = text.ok
    ? parseJson(text.value, { allowFloats: true, maxBytes: MAX_REQUEST_BYTES, maxDepth: MAX_DEPTH })
    : text;
  if (!parsed.ok) throw new OtlpRefusal(400, 'The body is no JSON.');
  return parsed.value;
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: OtlpRefusal): void {
  const { status, message, rpcCode } = refusal;
  if (status === 503) response.setHeader('retry-after', RETRY_SECONDS);
  if (status === 405) response.setHeader('allow', 'POST');
  // The rest of a body that nobody reads would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  if (typeOf(request) === PROTOBUF_TYPE)
    send(response, status, PROTOBUF_TYPE, encodeStatus(rpcCode, message));
  else send(response, status, JSON_TYPE, JSON.stringify({ code: rpcCode, message }));
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' });
  response.end(body);
}
