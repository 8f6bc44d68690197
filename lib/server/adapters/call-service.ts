import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { WitnessError } from '../witnesses/witness-adapter';
import { guardedLookup, PrivateAddressRefused, requireAllowedHost } from './outbound-policy';

export interface ServiceCall {
  url: string;
  method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | string;
  signal: AbortSignal;
  /** A longer answer is refused before it is read to its end. */
  maxAnswerBytes: number;
  /** The longest that one call may take. Default 30 s. */
  timeoutMs?: number;
  /** For a service that is its own certificate authority, and for one that knows its callers by certificate. PEM. */
  tls?: { ca?: string; cert?: string; key?: string };
}

export interface ServiceAnswer {
  status: number;
  headers: Headers;
  body: Uint8Array;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_RETRY_AFTER_S = 86_400;

/**
 * One HTTP call to an outside service: no redirect is followed, the answer is bounded in size and time, and no detail of
 * an error carries more of the address than its origin (paths and queries may hold secrets).
 * @throws WitnessError `witness_unreachable`; `witness_busy` for 429 and 503, with Retry-After (RFC 9110 §10.2.3) where
 * it is given in seconds; `witness_refused` for a redirect; `witness_answer_invalid` for an answer that is too long.
 */
export async function callService(call: ServiceCall): Promise<ServiceAnswer> {
  const origin = originOf(call.url);
  try {
    const response = await open(call);
    const status = response.statusCode ?? 0;
    const headers = headersOf(response);
    const body = await readBounded(response, call.maxAnswerBytes, origin);
    if (status >= 300 && status < 400 && status !== 304) {
      throw new WitnessError('witness_refused', `${origin} redirects elsewhere, which is not followed`);
    }
    if (status === 429 || status === 503) {
      const retryAfterMs = readRetryAfterMs(headers.get('retry-after'));
      throw new WitnessError('witness_busy', `${origin} answered ${status}`, {
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
    return { status, headers, body };
  } catch (error) {
    if (error instanceof WitnessError) throw error;
    if (error instanceof PrivateAddressRefused)
      throw new WitnessError('witness_misconfigured', `${origin}: ${error.message}`);
    throw new WitnessError('witness_unreachable', `no answer from ${origin}`, { cause: error });
  }
}

/** Scheme, host and port of an address that is http or https. @throws WitnessError */
function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.username || parsed.password) {
    throw new WitnessError('witness_misconfigured', 'the address must be http or https, without credentials');
  }
  return parsed.origin;
}

/** A connection of its own for every call, so that one that another policy allowed is not used again. */
function open(call: ServiceCall): Promise<IncomingMessage> {
  const url = new URL(call.url);
  requireAllowedHost(url.hostname);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: call.method,
      headers: call.headers ?? {},
      agent: false,
      lookup: guardedLookup,
      ...call.tls,
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs ?? DEFAULT_TIMEOUT_MS)]),
    });
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(call.body);
  });
}

function headersOf({ headers }: IncomingMessage): Headers {
  const read = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const one of Array.isArray(value) ? value : [value ?? '']) read.append(name, one);
  return read;
}

async function readBounded(response: IncomingMessage, maxBytes: number, origin: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    length += part.length;
    // Leaving the loop early destroys the connection.
    if (length > maxBytes)
      throw new WitnessError('witness_answer_invalid', `${origin} answered with more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function readRetryAfterMs(field: string | null): number | undefined {
  if (field === null || !/^[0-9]{1,9}$/.test(field)) return undefined;
  return Math.min(Number(field), MAX_RETRY_AFTER_S) * 1000;
}
