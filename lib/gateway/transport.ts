import type { z } from 'zod';
import { formatBase64url } from '@/lib/core/encoding';
import { signRequest } from '@/lib/core/http-signature';
import { failure, type GatewayFailure, type GatewayResult } from './gateway-result';
import { problemDocument } from './wire';

export interface TransportOptions {
  /** The console's origin, as configured there: signatures are over it. */
  origin: string;
  keyid: string;
  /** 32 bytes of Ed25519 private key. */
  seed: Uint8Array;
  fetch?: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  clock?: () => number;
}

export interface Call {
  method: 'GET' | 'POST';
  path: string;
  body?: Uint8Array;
  headers?: Record<string, string>;
  /** How often to send: more than once only for what the console may safely receive twice. */
  attempts?: number;
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

export interface Transport {
  /** Sends a signed request and returns the text of a 2xx answer. */
  send(call: Call): Promise<GatewayResult<string>>;
  /** `send`, with the answer parsed as JSON by `schema`. */
  sendJson<S extends z.ZodType>(schema: S, call: Call): Promise<GatewayResult<z.infer<S>>>;
  now(): number;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const MAX_ANSWER_CHARACTERS = 16 * 1_048_576;
const FIRST_BACKOFF_MS = 200;
const TRY_AGAIN = new Set([429, 502, 503, 504]);

/** Signed HTTP to one console (RFC 9421): every attempt has its own time and nonce. */
export function createTransport(options: TransportOptions): Transport {
  const origin = options.origin.replace(/\/$/, '');
  const now = options.clock ?? Date.now;
  const doFetch = options.fetch ?? globalThis.fetch;

  async function sendOnce(call: Call): Promise<GatewayResult<string>> {
    const url = `${origin}${call.path}`;
    const signature = signRequest({
      method: call.method,
      targetUri: url,
      ...(call.body ? { body: call.body } : {}),
      keyid: options.keyid,
      seed: options.seed,
      createdS: Math.floor(now() / 1000),
      nonce: formatBase64url(crypto.getRandomValues(new Uint8Array(16))),
    });
    const limit = AbortSignal.timeout(call.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const response = await doFetch(url, {
        method: call.method,
        headers: {
          ...(call.body ? { 'content-type': 'application/json' } : {}),
          ...call.headers,
          ...signature,
        },
        ...(call.body ? { body: new Uint8Array(call.body) } : {}),
        redirect: 'error',
        signal: call.signal ? AbortSignal.any([call.signal, limit]) : limit,
      });
      const text = await response.text();
      if (!response.ok) return readProblem(response.status, text);
      return text.length <= MAX_ANSWER_CHARACTERS
        ? { ok: true, value: text }
        : failure('response_malformed', { detail: 'too large' });
    } catch (error) {
      if (call.signal?.aborted) return failure('aborted');
      return failure(limit.aborted ? 'timeout' : 'unreachable', { detail: String(error) });
    }
  }

  async function send(call: Call): Promise<GatewayResult<string>> {
    for (let attempt = 1; ; attempt++) {
      const result = await sendOnce(call);
      if (result.ok || attempt >= (call.attempts ?? 1) || !mayTryAgain(result)) return result;
      await pause(FIRST_BACKOFF_MS * 2 ** (attempt - 1), call.signal);
    }
  }

  return {
    send,
    now,
    async sendJson(schema, call) {
      const answer = await send(call);
      if (!answer.ok) return answer;
      const parsed = schema.safeParse(parseText(answer.value));
      if (parsed.success) return { ok: true, value: parsed.data };
      return failure('response_malformed', { detail: parsed.error.issues[0]?.path.join('.') ?? 'not JSON' });
    },
  };
}

/** Resolves after `ms`, or as soon as the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done);
  });
}

function mayTryAgain(result: GatewayFailure): boolean {
  if (result.code === 'unreachable' || result.code === 'timeout') return true;
  return result.code === 'refused' && TRY_AGAIN.has(result.status ?? 0);
}

function readProblem(status: number, text: string): GatewayFailure {
  const problem = problemDocument.safeParse(parseText(text));
  if (!problem.success) return failure('refused', { status, problem: 'unknown' });
  const { code, detail } = problem.data;
  return failure('refused', { status, problem: code, ...(detail === undefined ? {} : { detail }) });
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
