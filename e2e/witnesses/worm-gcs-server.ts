/**
 * The part of Google Cloud Storage's JSON API (v1) that object retention needs, for tests: multipart upload with `retention`,
 * metadata and media by generation, and the token endpoint that exchanges a service account's signed JWT (RFC 7523).
 * A locked object is not replaced: 403 with `retentionPolicyNotMet`, as the service documents it.
 */
import { createVerify, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface StoredGeneration {
  generation: string;
  bytes: Buffer;
  retention: { mode: string; retainUntilTime: string } | null;
}

export interface GcsServer {
  url: string;
  /** What the service answers in place of the truth. */
  bend: ((object: StoredGeneration) => StoredGeneration) | null;
  readonly objects: Map<string, StoredGeneration>;
  stop(): Promise<void>;
}

const TOKEN = 'ya29.token-of-the-test-service';

export async function startGcsServer(
  bucket: string,
  account: { email: string; key: KeyObject },
): Promise<GcsServer> {
  const objects = new Map<string, StoredGeneration>();
  let count = 1_700_000_000_000_000;
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const gcs: GcsServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bend: null,
    objects,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', gcs.url);
    const body = await readBody(request);
    if (request.method === 'POST' && url.pathname === '/token') return token(body, response);
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return answer(response, 401, { error: { code: 401 } });
    if (request.method === 'POST' && url.pathname === `/upload/storage/v1/b/${bucket}/o`) {
      return upload(request, url, body, response);
    }
    const name = url.pathname.startsWith(`/storage/v1/b/${bucket}/o/`)
      ? decodeURIComponent(url.pathname.slice(`/storage/v1/b/${bucket}/o/`.length))
      : '';
    const found = objects.get(name);
    const generation = url.searchParams.get('generation');
    if (request.method !== 'GET' || !found || (generation !== null && generation !== found.generation)) {
      return answer(response, 404, { error: { code: 404, errors: [{ reason: 'notFound' }] } });
    }
    const told = gcs.bend ? gcs.bend(found) : found;
    if (url.searchParams.get('alt') === 'media') {
      response.writeHead(200, { 'x-goog-generation': told.generation }).end(told.bytes);
      return;
    }
    answer(response, 200, resourceOf(name, told));
  }

  function upload(request: IncomingMessage, url: URL, body: Buffer, response: ServerResponse): void {
    const boundary = /^multipart\/related; boundary=([^;\s"]+)$/.exec(
      request.headers['content-type'] ?? '',
    )?.[1];
    const parts = boundary === undefined ? [] : splitParts(body, boundary);
    const metadata = JSON.parse(parts[0]?.toString() ?? 'null') as {
      name?: string;
      retention?: { mode: string; retainUntilTime: string };
    } | null;
    const media = parts[1];
    if (
      url.searchParams.get('uploadType') !== 'multipart' ||
      !metadata?.name ||
      !media ||
      parts.length !== 2
    ) {
      answer(response, 400, { error: { code: 400, errors: [{ reason: 'invalid' }] } });
      return;
    }
    if (objects.get(metadata.name)?.retention?.mode === 'Locked') {
      answer(response, 403, { error: { code: 403, errors: [{ reason: 'retentionPolicyNotMet' }] } });
      return;
    }
    const stored = { generation: String(++count), bytes: media, retention: metadata.retention ?? null };
    objects.set(metadata.name, stored);
    answer(response, 200, resourceOf(metadata.name, stored));
  }

  function token(body: Buffer, response: ServerResponse): void {
    const form = new URLSearchParams(body.toString());
    const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const { iss, aud, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const isSigned = createVerify('RSA-SHA256')
      .update(`${header}.${claims}`)
      .verify(account.key, signature, 'base64url');
    const isRight =
      form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
      iss === account.email &&
      aud === `${gcs.url}/token` &&
      Number(exp) > Number(iat) &&
      Number(exp) - Number(iat) <= 3_600;
    if (isSigned && isRight) {
      answer(response, 200, { access_token: TOKEN, token_type: 'Bearer', expires_in: 3_599 });
    } else answer(response, 400, { error: 'invalid_grant' });
  }

  return gcs;
}

function resourceOf(name: string, { generation, bytes, retention }: StoredGeneration): unknown {
  return {
    kind: 'storage#object',
    name,
    generation,
    metageneration: '1',
    size: String(bytes.length),
    ...(retention ? { retention } : {}),
  };
}

function splitParts(body: Buffer, boundary: string): Buffer[] {
  return body
    .toString('latin1')
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => Buffer.from(part.slice(part.indexOf('\r\n\r\n') + 4, -2), 'latin1'));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
