/**
 * A calendar for tests: speaks the HTTP API of opentimestamps-server and answers receipts of the real form, written here
 * from the format alone (nothing of `lib/integrity`). Digests are collected, and `mine` closes them into the Merkle tree
 * of a transaction in a block at the difficulty of Bitcoin's regression-test networks.
 *
 *   POST /digest            digest → prepend u32be(time) ‖ append 8 bytes of MAC ‖ promise
 *   GET  /timestamp/<hex>   once mined: sha256 ‖ siblings ‖ OP_RETURN transaction ‖ siblings ‖ block; before: 404
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Fault = 'none' | 'garbage' | 'busy' | 'other-digest' | 'huge' | 'redirect' | 'hang-up';

export interface CalendarServer {
  url: string;
  /** What the server does wrong from now on. */
  fault: Fault;
  /** Requests so far, as `GET /path`. */
  readonly requests: string[];
  /** Puts everything that was submitted into one block. */
  mine(height: number, timeUnixS: number): { height: number; header: Uint8Array };
  stop(): Promise<void>;
}

const REGTEST_BITS = 0x207fffff;
const BITCOIN_TAG = Buffer.from('0588960d73d71901', 'hex');
const PENDING_TAG = Buffer.from('83dfe30d2ef90c8e', 'hex');
const SHA256 = Buffer.of(0x08);

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const append = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.of(0xf0), varuint(bytes.length), bytes]);
const prepend = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.of(0xf1), varuint(bytes.length), bytes]);

/** Starts a calendar on a free port of this machine. `address` is what its promises name instead of its own address. */
export async function startCalendarServer(options: { address?: string } = {}): Promise<CalendarServer> {
  const macKey = randomBytes(32);
  const open = new Map<string, Buffer>();
  const mined = new Map<string, Buffer>();
  const requests: string[] = [];
  const calendar: CalendarServer = { url: '', fault: 'none', requests, mine, stop };
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (answerFault(calendar.fault, response)) return;
    void answer(request).then(
      ([status, body]) =>
        response.writeHead(status, { 'content-type': 'application/octet-stream' }).end(body),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  calendar.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage): Promise<[status: number, body: Buffer | string]> {
    if (request.method === 'POST' && request.url === '/digest') {
      const digest = await readBody(request);
      if (digest.length > 64) return [400, 'digest too long'];
      return [200, promise(calendar.fault === 'other-digest' ? sha256(digest) : digest)];
    }
    const hex = /^\/timestamp\/([0-9a-f]+)$/.exec(request.url ?? '')?.[1];
    if (request.method !== 'GET' || hex === undefined) return [404, 'Not found'];
    const path = mined.get(hex);
    if (path) return [200, path];
    return [404, open.has(hex) ? 'Pending confirmation in Bitcoin blockchain' : 'Commitment not found'];
  }

  function promise(digest: Buffer): Buffer {
    const time = Buffer.alloc(4);
    time.writeUInt32BE(Math.floor(Date.now() / 1000));
    const mac = createHmac('sha256', macKey).update(time).update(digest).digest().subarray(0, 8);
    const commitment = Buffer.concat([time, digest, mac]);
    open.set(commitment.toString('hex'), commitment);
    const address = Buffer.from(options.address ?? calendar.url);
    return Buffer.concat([
      prepend(time),
      append(mac),
      attestation(PENDING_TAG, Buffer.concat([varuint(address.length), address])),
    ]);
  }

  function mine(height: number, timeUnixS: number): { height: number; header: Uint8Array } {
    const leaves = [...open.values()].map((commitment) => sha256(commitment));
    const paths: Buffer[][] = leaves.map(() => [SHA256]);
    let level = leaves.map((hash, i) => ({ hash, members: [i] }));
    while (level.length > 1) {
      level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
        const [left, right] = [level[2 * i], level[2 * i + 1]];
        if (!left || !right) return left as (typeof level)[number];
        for (const member of left.members) paths[member]?.push(append(right.hash), SHA256);
        for (const member of right.members) paths[member]?.push(prepend(left.hash), SHA256);
        return {
          hash: sha256(Buffer.concat([left.hash, right.hash])),
          members: [...left.members, ...right.members],
        };
      });
    }
    const root = level[0]?.hash ?? sha256(Buffer.alloc(0));
    const before = Buffer.concat([
      Buffer.from('0100000001', 'hex'),
      randomBytes(32),
      Buffer.from('0000000000ffffffff010000000000000000226a20', 'hex'),
    ]);
    const after = Buffer.alloc(4);
    const transaction = sha256(sha256(Buffer.concat([before, root, after])));
    const coinbase = sha256(randomBytes(32));
    const merkleRoot = sha256(sha256(Buffer.concat([coinbase, transaction])));
    const end = Buffer.concat([
      prepend(before),
      append(after),
      SHA256,
      SHA256,
      prepend(coinbase),
      SHA256,
      SHA256,
      attestation(BITCOIN_TAG, varuint(height)),
    ]);
    [...open.keys()].forEach((key, i) => {
      mined.set(key, Buffer.concat([...(paths[i] ?? []), end]));
    });
    open.clear();
    return { height, header: new Uint8Array(mineHeader(merkleRoot, timeUnixS)) };
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return calendar;
}

function answerFault(fault: Fault, response: ServerResponse): boolean {
  switch (fault) {
    case 'garbage':
      response.writeHead(200).end('<html>calendar</html>');
      return true;
    case 'busy':
      response.writeHead(503, { 'retry-after': '90' }).end();
      return true;
    case 'huge':
      response.writeHead(200).end(Buffer.alloc(10_001));
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

function mineHeader(merkleRoot: Buffer, timeUnixS: number): Buffer {
  const header = Buffer.alloc(80);
  header.writeInt32LE(0x20000000, 0);
  randomBytes(32).copy(header, 4);
  merkleRoot.copy(header, 36);
  header.writeUInt32LE(timeUnixS, 68);
  header.writeUInt32LE(REGTEST_BITS, 72);
  // The target is 7fffff followed by zeros: the most significant byte of the hash must be below 0x7f, at the easiest.
  for (let nonce = 0; ; nonce++) {
    header.writeUInt32LE(nonce, 76);
    if ((sha256(sha256(header))[31] as number) < 0x7f) return header;
  }
}

function attestation(tag: Buffer, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x00), tag, varuint(payload.length), payload]);
}

function varuint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.of(...bytes, rest);
    bytes.push((rest % 128) | 0x80);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
