/**
 * A confidential ledger for tests: speaks the data-plane API of Azure Confidential Ledger over TLS under its own service
 * certificate, and answers receipts of the real form. Leaves, tree, claims and certificates are written here from the
 * published descriptions alone (nothing of `lib/integrity`).
 *
 *   POST /app/transactions?api-version=…[&collectionId=…]   {"contents"} → 200, x-ms-ccf-transaction-id
 *   GET  /app/transactions/<id>/receipt?api-version=…        {"state":"Loading"} until `commit`, then "Ready"
 *   POST /tenant/oauth2/v2.0/token                           tokens for an application (client credentials)
 */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { signEcdsaP256 } from '@/lib/core/ecdsa';
import { makeCertificate, pemOf } from './make-certificate';

type Fault =
  | 'none'
  | 'garbage'
  | 'busy'
  | 'redirect'
  | 'hang-up'
  | 'huge'
  | 'no-transaction'
  | 'lose'
  | 'other-entry'
  | 'withhold-claims'
  | 'other-signature';

export interface LedgerServer {
  url: string;
  /** What the server does wrong from now on. */
  fault: Fault;
  /** Requests so far, as `POST /path?query`. */
  readonly requests: string[];
  /** The present identity of the service, DER: what receipts are verified under, and the connection rests on. */
  readonly service: Uint8Array;
  readonly servicePem: string;
  /** A certificate and its key that the ledger knows as a user, PEM. */
  readonly user: { certificate: string; privateKey: string };
  /** Commits everything that was taken so far, with a signature transaction behind it. */
  commit(): void;
  /** A disaster: the service gets a new identity, which endorses the one before. */
  recover(): void;
  stop(): Promise<void>;
}

export const LEDGER_TOKEN = 'token-of-the-test-ledger';
export const LEDGER_APPLICATION = { clientId: 'countersign', clientSecret: 'secret-of-the-test-ledger' };

interface Transaction {
  writeSetDigest: Buffer;
  commitEvidence: string;
  claimsDigest: Buffer;
  entry: { collectionId: string; contents: string; secretKey: string } | null;
  committed: boolean;
}

const sha256 = (...parts: (Uint8Array | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** Starts a ledger on a free port of this machine. */
export async function startLedgerServer(): Promise<LedgerServer> {
  const nodeKey = newKey();
  const userKey = newKey();
  let serviceKey = newKey();
  const authority = (key: KeyObject, issuerKey: KeyObject): Buffer =>
    makeCertificate({ subject: 'CCF Network', issuer: 'CCF Network', key, issuerKey, isAuthority: true });
  const firstService = authority(serviceKey, serviceKey);
  const node = makeCertificate({
    subject: 'CCF Node',
    issuer: 'CCF Network',
    key: nodeKey,
    issuerKey: serviceKey,
    isAuthority: false,
  });
  const user = makeCertificate({
    subject: 'console',
    issuer: 'console',
    key: userKey,
    issuerKey: userKey,
    isAuthority: false,
  });
  const endorsements: Buffer[] = [];
  const transactions: Transaction[] = [];
  const requests: string[] = [];
  append(null);

  const ledger = {
    url: '',
    fault: 'none' as Fault,
    requests,
    service: new Uint8Array(firstService),
    servicePem: pemOf(firstService),
    user: { certificate: pemOf(user), privateKey: pemKey(userKey) },
    commit,
    recover,
    stop,
  };
  const server = createServer(
    { key: pemKey(nodeKey), cert: pemOf(node), requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (answerFault(ledger.fault, response)) return;
      void answer(request).then(
        ([status, body, headers]) =>
          response
            .writeHead(status, { 'content-type': 'application/json', ...headers })
            .end(JSON.stringify(body)),
        () => response.destroy(),
      );
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  ledger.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(
    request: IncomingMessage,
  ): Promise<[status: number, body: object, headers?: Record<string, string>]> {
    const url = new URL(request.url ?? '', ledger.url);
    if (url.pathname === '/tenant/oauth2/v2.0/token') return answerToken(await readBody(request));
    if (!isKnown(request)) return [401, { error: { code: 'InvalidAuthenticationInfo', message: '' } }];
    if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(url.searchParams.get('api-version') ?? '')) {
      return [400, { error: { code: 'ApiVersionMissing', message: '' } }];
    }
    if (request.method === 'POST' && url.pathname === '/app/transactions') {
      const { contents } = JSON.parse(await readBody(request)) as { contents: string };
      const collectionId = url.searchParams.get('collectionId') ?? 'subledger:0';
      const id = append({ collectionId, contents, secretKey: randomBytes(32).toString('base64') });
      const headers: Record<string, string> =
        ledger.fault === 'no-transaction' ? {} : { 'x-ms-ccf-transaction-id': id };
      return [200, { collectionId }, headers];
    }
    const id = /^\/app\/transactions\/2\.([0-9]+)\/receipt$/.exec(url.pathname)?.[1];
    const transaction = id === undefined ? undefined : transactions[Number(id) - 1];
    if (!transaction) return [404, { error: { code: 'TransactionPendingOrUnknown', message: '' } }];
    if (ledger.fault === 'lose') return [404, { error: { code: 'TransactionInvalid', message: '' } }];
    if (!transaction.committed) return [200, { state: 'Loading', transactionId: `2.${id}` }];
    return [200, receiptOf(transaction, `2.${id}`)];
  }

  function isKnown(request: IncomingMessage): boolean {
    const certificate = (request.socket as TLSSocket).getPeerCertificate();
    return certificate?.raw?.equals(user) || request.headers.authorization === `Bearer ${LEDGER_TOKEN}`;
  }

  function append(entry: Transaction['entry']): string {
    const id = `2.${transactions.length + 1}`;
    transactions.push({
      writeSetDigest: randomBytes(32),
      commitEvidence: `ce:${id}:${randomBytes(32).toString('hex')}`,
      claimsDigest: entry ? digestClaim(entry) : Buffer.alloc(32),
      entry,
      committed: false,
    });
    return id;
  }

  function commit(): void {
    append(null);
    for (const transaction of transactions) transaction.committed = true;
  }

  function recover(): void {
    const next = newKey();
    endorsements.push(authority(serviceKey, next));
    serviceKey = next;
    const certificate = authority(next, next);
    ledger.service = new Uint8Array(certificate);
    ledger.servicePem = pemOf(certificate);
  }

  function receiptOf(transaction: Transaction, transactionId: string): object {
    const committed = transactions.filter(({ committed }) => committed);
    const leaves = committed.map(leafOf);
    const { root, proof } = prove(leaves, committed.indexOf(transaction));
    const signed = ledger.fault === 'other-signature' ? sha256(root) : root;
    const { writeSetDigest, commitEvidence, claimsDigest, entry } = transaction;
    const ledgerEntry = {
      ...entry,
      protocol: 'LedgerEntryV1',
      ...(ledger.fault === 'other-entry' ? { contents: `sha-256:${'00'.repeat(32)}` } : {}),
    };
    return {
      state: 'Ready',
      transactionId,
      ...(ledger.fault === 'withhold-claims'
        ? {}
        : { applicationClaims: [{ kind: 'LedgerEntry', ledgerEntry }] }),
      receipt: {
        cert: pemOf(node),
        leafComponents: {
          claimsDigest: claimsDigest.toString('hex'),
          commitEvidence,
          writeSetDigest: writeSetDigest.toString('hex'),
        },
        nodeId: sha256(spkiOf(nodeKey)).toString('hex'),
        proof,
        serviceEndorsements: endorsements.map(pemOf),
        signature: Buffer.from(signEcdsaP256(secretOf(nodeKey), new Uint8Array(signed))).toString('base64'),
      },
    };
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return ledger;
}

function answerToken(form: string): [status: number, body: object] {
  const fields = new URLSearchParams(form);
  const isKnown =
    fields.get('grant_type') === 'client_credentials' &&
    fields.get('client_id') === LEDGER_APPLICATION.clientId &&
    fields.get('client_secret') === LEDGER_APPLICATION.clientSecret &&
    fields.get('scope') === 'https://confidential-ledger.azure.com/.default';
  return isKnown
    ? [200, { token_type: 'Bearer', expires_in: 3599, access_token: LEDGER_TOKEN }]
    : [401, { error: 'invalid_client' }];
}

function digestClaim({ collectionId, contents, secretKey }: NonNullable<Transaction['entry']>): Buffer {
  const key = Buffer.from(secretKey, 'base64');
  const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const entry = sha256(mac(collectionId), mac(contents));
  return sha256(Buffer.of(1, 0, 0, 0), sha256('LedgerEntryV1', entry));
}

function leafOf({ writeSetDigest, commitEvidence, claimsDigest }: Transaction): Buffer {
  return sha256(writeSetDigest, sha256(commitEvidence), claimsDigest);
}

/** Root of the leaves, and the path of one of them; a node is the hash of its children and nothing else. */
function prove(leaves: readonly Buffer[], index: number): { root: Buffer; proof: object[] } {
  const [only] = leaves;
  if (leaves.length === 1 && only) return { root: only, proof: [] };
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const isLeft = index < split;
  const left = prove(leaves.slice(0, split), isLeft ? index : 0);
  const right = prove(leaves.slice(split), isLeft ? 0 : index - split);
  const step = isLeft ? { right: right.root.toString('hex') } : { left: left.root.toString('hex') };
  return { root: sha256(left.root, right.root), proof: [...(isLeft ? left : right).proof, step] };
}

function answerFault(fault: Fault, response: ServerResponse): boolean {
  switch (fault) {
    case 'garbage':
      response.writeHead(200, { 'x-ms-ccf-transaction-id': '2.1' }).end('<html>ledger</html>');
      return true;
    case 'busy':
      response.writeHead(503, { 'retry-after': '30' }).end();
      return true;
    case 'huge':
      response.writeHead(200).end(Buffer.alloc(300_000, 0x20));
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

function pemKey(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }) as string;
}

function spkiOf(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: 'jwk' });
  const head = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
  return Buffer.concat([head, Buffer.from(x as string, 'base64url'), Buffer.from(y as string, 'base64url')]);
}

function secretOf(key: KeyObject): Uint8Array {
  return new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).d as string, 'base64url'));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
