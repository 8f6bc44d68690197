import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FailureName } from '@/lib/integrity/witness/rfc3161/pki-status';
import {
  parseTimestampRequest,
  type TimestampRequestCode,
} from '@/lib/integrity/witness/rfc3161/timestamp-request';
import { DEMO_POLICY, refuseTimestamp, signTimestamp } from './sign-timestamp';
import { DEMO_AUTHORITY_NAME, loadTimestampIdentity, type TimestampIdentity } from './timestamp-identity';
import { readTimestampState, writeTimestampState } from './timestamp-state';

export interface TimestampAuthority {
  url: string;
  /** What a verifier pins. */
  rootPem: string;
  stop(): Promise<void>;
}

const MAX_REQUEST_BYTES = 4_096;
/** A clock that went back further than this gives no time at all. */
const CLOCK_TOLERANCE_MS = 1_000;

const FAILURES: Readonly<Record<TimestampRequestCode, readonly [FailureName, string]>> = {
  request_syntax: ['badDataFormat', 'the request is no TimeStampReq in DER'],
  request_version: ['badRequest', 'only version 1 of the protocol is spoken'],
  request_algorithm: ['badAlg', 'only SHA-256, SHA-384 and SHA-512 are stamped'],
  request_imprint_length: ['badDataFormat', 'the digest is not as long as its algorithm makes it'],
  request_extension: ['unacceptedExtension', 'no extension is known'],
};

/**
 * A real RFC 3161 authority on this machine, for the demo and for tests: its own root and key in `directory`, its own
 * serial numbers, this machine's clock. It shows how a witness is wired, and proves the time to nobody but its owner.
 */
export async function startTimestampAuthority(options: {
  /** 0 for any free one. */
  port: number;
  directory: string;
  nowMs?: () => number;
}): Promise<TimestampAuthority> {
  const { directory, nowMs = Date.now } = options;
  const identity = await loadTimestampIdentity(directory, nowMs());
  const server = createServer((request, response) => {
    serve(request, response, (body) => answerRequest(body, identity, directory, nowMs())).catch(
      (error: unknown) => {
        console.error('The demo time-stamping authority failed:', error);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    rootPem: identity.rootPem,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (body: Uint8Array) => Promise<Uint8Array>,
): Promise<void> {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${DEMO_AUTHORITY_NAME}\n`);
    return;
  }
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'GET, POST' }).end();
    return;
  }
  if (request.headers['content-type'] !== 'application/timestamp-query') {
    response.writeHead(415).end();
    return;
  }
  const body = await readBody(request);
  if (!body) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(await answer(body));
}

async function answerRequest(
  body: Uint8Array,
  identity: TimestampIdentity,
  directory: string,
  nowMs: number,
): Promise<Uint8Array> {
  const request = parseTimestampRequest(body);
  if (!request.ok) return refuseTimestamp(...FAILURES[request.code]);
  if (request.value.hash === 'sha-1') return refuseTimestamp(...FAILURES.request_algorithm);
  if (request.value.policy !== null && request.value.policy !== DEMO_POLICY) {
    return refuseTimestamp('unacceptedPolicy', `the only policy is ${DEMO_POLICY}`);
  }
  // Read and written without waiting in between: requests that come together get different numbers.
  const last = readTimestampState(directory);
  if (nowMs < last.genTimeMs - CLOCK_TOLERANCE_MS) {
    return refuseTimestamp('timeNotAvailable', 'the clock went back');
  }
  const next = { serial: last.serial + 1, genTimeMs: Math.max(nowMs, last.genTimeMs + 1) };
  writeTimestampState(directory, next);
  return await signTimestamp(request.value, next, identity);
}

/** Null for more than a request can be. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > MAX_REQUEST_BYTES) return null;
    parts.push(part as Buffer);
  }
  return new Uint8Array(Buffer.concat(parts));
}
