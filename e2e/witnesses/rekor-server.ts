/**
 * A Rekor log for tests, v1 and v2 behind one address: speaks their write APIs, checks the signatures it is handed as they
 * do, and answers entries of the real form out of a real tree. Written here from the published descriptions alone (nothing
 * of `lib/integrity`).
 *
 *   POST /api/v1/log/entries          hashedrekord 0.0.1 → 201 {"<tree id><leaf hash>":{…}}, 409 for one that is there
 *   GET  /api/v1/log/entries/<uuid>
 *   POST /api/v2/log/entries          hashedRekordRequestV002 → 201 TransparencyLogEntry
 */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyEcdsa } from '@/lib/core/ecdsa';

type Fault =
  | 'none'
  | 'garbage'
  | 'busy'
  | 'redirect'
  | 'hang-up'
  | 'huge'
  | 'late-proof'
  | 'other-entry'
  | 'other-tree'
  | 'no-entry';

export interface RekorServer {
  url: string;
  /** What the server does wrong from now on. */
  fault: Fault;
  readonly requests: string[];
  /** Both logs as a verifier pins them, v1 first. */
  readonly logs: readonly { origin: string; publicKey: Uint8Array }[];
  stop(): Promise<void>;
}

const ORIGIN = 'rekor.example';
const TREE = '108e9186e8c5677a';

const sha256 = (...parts: (Uint8Array | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' });
const leafOf = (body: Uint8Array): Buffer => sha256(Buffer.of(0), body);

/** Starts both logs on a free port of this machine, a few entries of others already in them. */
export async function startRekorServer(): Promise<RekorServer> {
  const keyV1 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const keyV2 = generateKeyPairSync('ed25519').privateKey;
  const rawV2 = spkiOf(keyV2).subarray(-32);
  const logIdV1 = sha256(spkiOf(keyV1));
  const logIdV2 = sha256(ORIGIN, Buffer.of(0x0a, 0x01), rawV2);
  const treeV1: Buffer[] = Array.from({ length: 5 }, () => randomBytes(40));
  const treeV2: Buffer[] = Array.from({ length: 3 }, () => randomBytes(40));
  const answersV1 = new Map<string, object>();
  const requests: string[] = [];
  const rekor = {
    url: '',
    fault: 'none' as Fault,
    requests,
    logs: [
      { origin: ORIGIN, publicKey: new Uint8Array(spkiOf(keyV1)) },
      { origin: ORIGIN, publicKey: new Uint8Array(spkiOf(keyV2)) },
    ],
    stop,
  };
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (answerFault(rekor.fault, response)) return;
    void answer(request).then(
      ([status, body]) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  rekor.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage): Promise<[status: number, body: object]> {
    const uuid = /^\/api\/v1\/log\/entries\/([0-9a-f]{80})$/.exec(request.url ?? '')?.[1];
    if (request.method === 'GET' && uuid !== undefined) {
      const stored = answersV1.get(uuid);
      return stored ? [200, { [uuid]: stored }] : [404, { code: 404, message: 'entry not found' }];
    }
    if (request.method !== 'POST') return [405, { code: 405 }];
    const proposed = JSON.parse(await readBody(request));
    if (request.url === '/api/v1/log/entries') return answerV1(proposed);
    if (request.url === '/api/v2/log/entries') return answerV2(proposed);
    return [404, { code: 404 }];
  }

  // biome-ignore lint/suspicious/noExplicitAny: the request as it came; what is missing throws, which hangs up
  function answerV1(proposed: any): [status: number, body: object] {
    if (rekor.fault === 'no-entry') return [201, {}];
    const { data, signature } = proposed.spec;
    const pem = Buffer.from(signature.publicKey.content, 'base64').toString();
    const digest =
      rekor.fault === 'other-entry' ? sha256(data.hash.value) : Buffer.from(data.hash.value, 'hex');
    if (
      proposed.kind !== 'hashedrekord' ||
      !isSigned(createPublicKey(pem), data.hash.value, 'hex', signature.content)
    ) {
      return [400, { code: 400, message: 'verifying signature' }];
    }
    const body = Buffer.from(
      JSON.stringify({
        apiVersion: '0.0.1',
        kind: 'hashedrekord',
        spec: {
          data: { hash: { algorithm: 'sha256', value: digest.toString('hex') } },
          signature: { content: signature.content, publicKey: { content: signature.publicKey.content } },
        },
      }),
    );
    const uuid = `${TREE}${leafOf(body).toString('hex')}`;
    if (answersV1.has(uuid)) return [409, { code: 409, message: 'an equivalent entry already exists' }];
    treeV1.push(body);
    const index = treeV1.length - 1;
    const { root, path } = prove(treeV1.map(leafOf), index);
    const signed = {
      body: body.toString('base64'),
      integratedTime: Math.floor(Date.now() / 1000),
      logID: logIdV1.toString('hex'),
      // Entries of trees before this one count as well.
      logIndex: 1_000_000 + index,
    };
    const checkpoint = signNote(
      `${ORIGIN} - 1193050959916656506\n${treeV1.length}\n${root.toString('base64')}\n`,
      logIdV1,
      (text) => sign('sha256', text, keyV1),
    );
    const entry = {
      ...signed,
      verification: {
        inclusionProof: {
          checkpoint,
          hashes: path.map((hash) => hash.toString('hex')),
          logIndex: index,
          rootHash: (rekor.fault === 'other-tree' ? sha256(root) : root).toString('hex'),
          treeSize: treeV1.length,
        },
        // JCS: the members above are in the order of their names.
        signedEntryTimestamp: sign('sha256', Buffer.from(JSON.stringify(signed)), keyV1).toString('base64'),
      },
    };
    answersV1.set(uuid, entry);
    if (rekor.fault !== 'late-proof') return [201, { [uuid]: entry }];
    const { signedEntryTimestamp } = entry.verification;
    return [201, { [uuid]: { ...signed, verification: { signedEntryTimestamp } } }];
  }

  // biome-ignore lint/suspicious/noExplicitAny: the request as it came; what is missing throws, which hangs up
  function answerV2(proposed: any): [status: number, body: object] {
    const { digest, signature } = proposed.hashedRekordRequestV002;
    const { keyDetails, publicKey } = signature.verifier;
    const key = createPublicKey({
      key: Buffer.from(publicKey.rawBytes, 'base64'),
      format: 'der',
      type: 'spki',
    });
    if (keyDetails !== 'PKIX_ECDSA_P256_SHA_256' || !isSigned(key, digest, 'base64', signature.content)) {
      return [400, { code: 3, message: 'invalid signature' }];
    }
    const logged = rekor.fault === 'other-entry' ? sha256(digest).toString('base64') : digest;
    const body = Buffer.from(
      JSON.stringify({
        apiVersion: '0.0.2',
        kind: 'hashedrekord',
        spec: {
          hashedRekordV002: {
            data: { algorithm: 'SHA2_256', digest: logged },
            signature: { content: signature.content, verifier: { keyDetails, publicKey } },
          },
        },
      }),
    );
    treeV2.push(body);
    const index = treeV2.length - 1;
    const { root, path } = prove(treeV2.map(leafOf), index);
    const checkpoint = signNote(
      `${ORIGIN}\n${treeV2.length}\n${root.toString('base64')}\n`,
      logIdV2,
      (text) => sign(null, text, keyV2),
    );
    const rootHash = (rekor.fault === 'other-tree' ? sha256(root) : root).toString('base64');
    return [
      201,
      {
        logIndex: `${index}`,
        logId: { keyId: logIdV2.toString('base64') },
        kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
        integratedTime: '0',
        inclusionProof: {
          logIndex: `${index}`,
          rootHash,
          treeSize: `${treeV2.length}`,
          hashes: (rekor.fault === 'other-tree' ? path.map((hash) => sha256(hash)) : path).map((hash) =>
            hash.toString('base64'),
          ),
          checkpoint: { envelope: checkpoint },
        },
        canonicalizedBody: body.toString('base64'),
      },
    ];
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return rekor;
}

function isSigned(key: KeyObject, digest: string, encoding: 'hex' | 'base64', signature: string): boolean {
  return verifyEcdsa({
    publicKey: new Uint8Array(key.export({ format: 'der', type: 'spki' })),
    digest: new Uint8Array(Buffer.from(digest, encoding)),
    signature: new Uint8Array(Buffer.from(signature, 'base64')),
    encoding: 'der',
  });
}

function signNote(text: string, logId: Buffer, signText: (text: Buffer) => Buffer): string {
  const signature = Buffer.concat([logId.subarray(0, 4), signText(Buffer.from(text))]);
  return `${text}\n— ${ORIGIN} ${signature.toString('base64')}\n`;
}

/** Root of the leaves, and the path of one of them (RFC 6962 §2.1). */
function prove(leaves: readonly Buffer[], index: number): { root: Buffer; path: Buffer[] } {
  const [only] = leaves;
  if (leaves.length === 1 && only) return { root: only, path: [] };
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const isLeft = index < split;
  const left = prove(leaves.slice(0, split), isLeft ? index : 0);
  const right = prove(leaves.slice(split), isLeft ? 0 : index - split);
  return {
    root: sha256(Buffer.of(1), left.root, right.root),
    path: isLeft ? [...left.path, right.root] : [...right.path, left.root],
  };
}

function answerFault(fault: Fault, response: ServerResponse): boolean {
  switch (fault) {
    case 'garbage':
      response.writeHead(201).end('<html>rekor</html>');
      return true;
    case 'busy':
      response.writeHead(429, { 'retry-after': '60' }).end();
      return true;
    case 'huge':
      response.writeHead(201).end(Buffer.alloc(300_000, 0x20));
      return true;
    case 'redirect':
      response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
      return true;
    case 'hang-up':
      response.destroy();
      return true;
    default:
      return false;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
