import { WitnessError } from '../witnesses/witness-adapter';

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
    const response = await fetch(call.url, {
      method: call.method,
      redirect: 'manual',
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs ?? DEFAULT_TIMEOUT_MS)]),
      ...(call.headers ? { headers: call.headers } : {}),
      ...(call.body === undefined ? {} : { body: call.body as BodyInit }),
    });
    const body = await readBounded(response, call.maxAnswerBytes, origin);
    if (response.status >= 300 && response.status < 400 && response.status !== 304) {
      throw new WitnessError('witness_refused', `${origin} redirects elsewhere, which is not followed`);
    }
    if (response.status === 429 || response.status === 503) {
      const retryAfterMs = readRetryAfterMs(response.headers.get('retry-after'));
      throw new WitnessError('witness_busy', `${origin} answered ${response.status}`, {
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    if (error instanceof WitnessError) throw error;
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

async function readBounded(response: Response, maxBytes: number, origin: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next?.value) break;
    length += next.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw new WitnessError('witness_answer_invalid', `${origin} answered with more than ${maxBytes} bytes`);
    }
    parts.push(next.value);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function readRetryAfterMs(field: string | null): number | undefined {
  if (field === null || !/^[0-9]{1,9}$/.test(field)) return undefined;
  return Math.min(Number(field), MAX_RETRY_AFTER_S) * 1000;
}
