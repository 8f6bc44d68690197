import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatNoteKey } from '@/lib/integrity/note-key';
import { MAX_ADD_CHECKPOINT_BYTES } from '@/lib/integrity/witness/c2sp/add-checkpoint';
import type { WitnessAnswer } from '@/lib/integrity/witness/c2sp/answer-add-checkpoint';
import type { Witness } from './create-witness';

export interface ServedWitness {
  port: number;
  stop(): Promise<void>;
}

const REQUEST_MS = 10_000;
const text = (status: number, body: string): WitnessAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
});

/** Serves a witness over HTTP: `POST /add-checkpoint` (C2SP tlog-witness) and `GET /`, which says who it is. */
export async function serveWitness(
  witness: Witness,
  options: { port: number; host: string },
): Promise<ServedWitness> {
  const server = createServer((request, response) => {
    answer(witness, request).then(
      (found) => send(response, found),
      (error: unknown) => {
        console.error('witness:', error instanceof Error ? error.message : error);
        send(response, text(500, 'the witness could not keep its memory and signs nothing\n'));
      },
    );
  });
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function answer(witness: Witness, request: IncomingMessage): Promise<WitnessAnswer> {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (path === '/' && (request.method === 'GET' || request.method === 'HEAD'))
    return text(200, introduce(witness));
  if (path !== '/add-checkpoint') return text(404, 'this witness answers at /add-checkpoint\n');
  if (request.method !== 'POST') return text(405, 'send a POST\n');
  const body = await readBody(request);
  return body ? witness.addCheckpoint(body) : text(413, 'the request is too large\n');
}

function introduce(witness: Witness): string {
  const logs = witness.logs.map((log) => `  ${formatNoteKey(log)}\n`).join('');
  return `${witness.vkey}\n\nA C2SP witness (c2sp.org/tlog-witness). It cosigns checkpoints of:\n${logs}`;
}

/** Null when it is larger than any request may be. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > MAX_ADD_CHECKPOINT_BYTES) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function send(response: ServerResponse, { status, contentType, body }: WitnessAnswer): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': contentType,
    'x-content-type-options': 'nosniff',
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function listen(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}
