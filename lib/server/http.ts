import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseJson } from '@/lib/core/json';
import { describeError } from './describe-error';
import { ERROR_STATUS, type ErrorCode, isDatabaseOutage, isUnstorableText, ServiceError } from './errors';
import { formatRouteTemplate } from './telemetry/route-template';
import { getTelemetry } from './telemetry/telemetry';

const problemCodes = new WeakMap<Response, ErrorCode>();

/** The code of a problem document that this process made; undefined for every other answer. */
export function problemCodeOf(response: Response): ErrorCode | undefined {
  return problemCodes.get(response);
}

/** RFC 9457 problem document; `type` is resolvable on this console. */
export function problemResponse(
  code: ErrorCode,
  detail?: string,
  headers: Record<string, string> = {},
): Response {
  const body = JSON.stringify({
    type: `/problems/${code}`,
    title: code,
    status: ERROR_STATUS[code],
    code,
    ...(detail ? { detail } : {}),
  });
  const response = new Response(body, {
    status: ERROR_STATUS[code],
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  });
  problemCodes.set(response, code);
  return response;
}

/** The single error mapping: a ServiceError by its code, an outage as 503, anything else as fixed text and an id. */
export function errorResponse(error: unknown): Response {
  if (error instanceof ServiceError) {
    if (ERROR_STATUS[error.code] >= 500)
      console.error('service error', error.code, error.cause === undefined ? '' : describeError(error.cause));
    return problemResponse(error.code, error.detail, error.headers);
  }
  if (isDatabaseOutage(error)) {
    console.error('database outage', (error as { code?: string }).code);
    return problemResponse('database_unavailable', undefined, { 'retry-after': '1' });
  }
  if (isUnstorableText(error))
    return problemResponse('malformed_request', 'Text must not hold the character U+0000.');
  const requestId = randomUUID();
  console.error('unexpected error', requestId, describeError(error));
  return problemResponse(
    'internal',
    `Request ${requestId} failed; the cause is in the server's log under this id.`,
  );
}

/** Nobody reads this answer (nginx's 499, client closed request). */
const CLIENT_GONE = 499;

/**
 * Wraps a route: whatever it throws becomes a problem document, unless whoever asked has gone away meanwhile. Where a
 * collector is configured it learns the route's template, the answer's code and how long it took.
 */
export function route<A extends unknown[]>(
  handler: (...args: A) => Promise<Response>,
): (...args: A) => Promise<Response> {
  const answer = async (...args: A): Promise<Response> => {
    try {
      return await handler(...args);
    } catch (error) {
      const [request] = args;
      if (request instanceof Request && request.signal.aborted)
        return new Response(null, { status: CLIENT_GONE });
      return errorResponse(error);
    }
  };
  return async (...args) => {
    const telemetry = getTelemetry();
    const [request, context] = args;
    if (!telemetry || !(request instanceof Request)) return answer(...args);
    const params =
      (await (context as { params?: Promise<Record<string, string>> } | undefined)?.params) ?? {};
    return telemetry.request(
      {
        method: request.method,
        route: formatRouteTemplate(new URL(request.url).pathname, params),
        traceparent: request.headers.get('traceparent'),
      },
      () => answer(...args),
    );
  };
}

/** JSON answer, never cached. */
export function jsonResponse(
  value: unknown,
  init: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(JSON.stringify(value), {
    status: init.status ?? 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...init.headers },
  });
}

/**
 * Reads a body of at most `maxBytes` bytes, counting as it arrives.
 * @throws ServiceError `request_too_large`
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? '0');
  if (declared > maxBytes) throw new ServiceError('request_too_large', `At most ${maxBytes} bytes.`);
  if (!request.body) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    total += chunk.byteLength;
    if (total > maxBytes) throw new ServiceError('request_too_large', `At most ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? new Uint8Array(chunks[0]) : new Uint8Array(Buffer.concat(chunks));
}

/** @throws ServiceError `unsupported_media_type` unless the request's media type is one of `allowed`. */
export function requireMediaType(request: Request, allowed: readonly string[]): string {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!allowed.includes(type))
    throw new ServiceError('unsupported_media_type', `Send ${allowed.join(' or ')}.`);
  return type;
}

const JSON_CODES: Record<string, ErrorCode> = {
  json_duplicate_key: 'duplicate_json_key',
  json_too_deep: 'json_too_deep',
  json_too_large: 'request_too_large',
};

/**
 * Strict I-JSON (RFC 7493) parsed by `schema`.
 * @throws ServiceError `invalid_json`, `duplicate_json_key`, `json_too_deep`, `malformed_request`
 */
export function parseJsonBody<S extends z.ZodType>(bytes: Uint8Array, schema: S): z.infer<S> {
  const text = decodeUtf8(bytes);
  if (!text.ok) throw new ServiceError('invalid_json', 'The body is not UTF-8.');
  const value = parseJson(text.value, { maxDepth: 32, maxBytes: bytes.byteLength });
  if (!value.ok) throw new ServiceError(JSON_CODES[value.code] ?? 'invalid_json', value.detail);
  return parseWith(schema, value.value);
}

/** @throws ServiceError `malformed_request`, naming the first field that is wrong and never its value. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ServiceError(
    'malformed_request',
    `Field "${issue?.path.join('.') ?? ''}": ${issue?.code ?? 'invalid'}.`,
  );
}
