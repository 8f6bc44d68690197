/**
 * The part of Azure Blob Storage's REST API (2021-12-02) that immutable blobs need, for tests: PUT and GET of block blobs with
 * versions and version-level immutability policies, authorised by a shared access signature. Errors carry
 * `x-ms-error-code` and XML, dates are RFC 1123, as the service documents them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Version {
  id: string;
  bytes: Buffer;
  mode: string | null;
  until: string | null;
}

export interface AzureServer {
  url: string;
  /** A container that does not keep versions knows no policies of blobs. */
  versioned: boolean;
  /** What the service answers in place of the truth, to test who believes it. */
  bend: ((version: Version) => Version) | null;
  readonly blobs: Map<string, Version[]>;
  stop(): Promise<void>;
}

export async function startAzureServer(container: string, signature: string): Promise<AzureServer> {
  const blobs = new Map<string, Version[]>();
  let count = 0;
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const azure: AzureServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    versioned: true,
    bend: null,
    blobs,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', azure.url);
    if (url.searchParams.get('sig') !== signature) return fail(response, 403, 'AuthenticationFailed');
    if (request.headers['x-ms-version'] !== '2021-12-02') return fail(response, 400, 'InvalidHeaderValue');
    const [, first, ...rest] = url.pathname.split('/');
    if (first !== container) return fail(response, 404, 'ContainerNotFound');
    const versions = blobs.get(rest.join('/')) ?? [];
    if (request.method === 'PUT') return put(request, response, rest.join('/'), versions);
    const id = url.searchParams.get('versionid');
    const version = id === null ? versions.at(-1) : versions.find((one) => one.id === id);
    if (request.method !== 'GET' || !version) return fail(response, 404, 'BlobNotFound');
    const told = azure.bend ? azure.bend(version) : version;
    response
      .writeHead(200, {
        'x-ms-version': '2021-12-02',
        ...(azure.versioned ? { 'x-ms-version-id': told.id } : {}),
        ...(told.mode ? { 'x-ms-immutability-policy-mode': told.mode.toLowerCase() } : {}),
        ...(told.until ? { 'x-ms-immutability-policy-until-date': told.until } : {}),
        'x-ms-legal-hold': 'false',
      })
      .end(told.bytes);
  }

  async function put(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    versions: Version[],
  ): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const mode = request.headers['x-ms-immutability-policy-mode'];
    const until = request.headers['x-ms-immutability-policy-until-date'];
    if (request.headers['x-ms-blob-type'] !== 'BlockBlob') return fail(response, 400, 'InvalidHeaderValue');
    if (typeof mode !== 'string' || !['Locked', 'Unlocked'].includes(mode)) {
      return fail(response, 400, 'InvalidHeaderValue');
    }
    if (typeof until !== 'string' || new Date(until).toUTCString() !== until) {
      return fail(response, 400, 'InvalidHeaderValue');
    }
    if (!azure.versioned && versions.length > 0) versions.length = 0;
    const id = new Date(Date.UTC(2026, 10, 20) + ++count).toISOString().replace('Z', '0000Z');
    versions.push({ id, bytes: Buffer.concat(parts), mode, until });
    blobs.set(name, versions);
    response.writeHead(201, azure.versioned ? { 'x-ms-version-id': id } : {}).end();
  }

  return azure;
}

function fail(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'x-ms-error-code': code, 'content-type': 'application/xml' })
    .end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`);
}
