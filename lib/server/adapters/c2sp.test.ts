import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWitness } from '@/lib/cli/witness/create-witness';
import { type ServedWitness, serveWitness } from '@/lib/cli/witness/serve-witness';
import { openWitnessStore } from '@/lib/cli/witness/witness-store';
import { utf8 } from '@/lib/core/bytes';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { appendLeaves, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import { consistencyProof, leafHash } from '@/lib/integrity/merkle';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { verifyWitnessCosignature } from '@/lib/integrity/witness/c2sp/verify-witness-cosignature';
import { stampOf } from '@/lib/integrity/witness/witness-report';
import { type StampRequest, WitnessError } from '../witnesses/witness-adapter';
import { c2spAdapter } from './c2sp';

const log = { name: 'log.example/log', seed: new Uint8Array(32).fill(3) };
const leaves = Array.from({ length: 12 }, (_, i) => leafHash(utf8(`entry ${i}`)));
const noteOf = (size: number, of = leaves) =>
  signCheckpoint(
    { origin: log.name, size, root: edgeRoot(appendLeaves(EMPTY_EDGE, of.slice(0, size))) },
    log,
  );

function requestOf(size: number, lastSize: number, of = leaves): StampRequest {
  const note = noteOf(size, of);
  const nodes = new Map<string, Uint8Array>();
  appendLeaves(EMPTY_EDGE, of.slice(0, size), ({ level, index }, hash) =>
    nodes.set(`${level}.${index}`, hash),
  );
  return {
    size,
    note,
    stamp: stampOf(note),
    lastSize,
    consistency: async (oldSize) => {
      const proof = consistencyProof(
        oldSize,
        size,
        (level, index) => nodes.get(`${level}.${index}`) as Uint8Array,
      );
      if (!proof.ok) throw new Error(proof.code);
      return proof.value;
    },
    nonce: (bytes) => new Uint8Array(bytes),
    nowMs: 1_795_000_000_000,
    signal: new AbortController().signal,
  };
}

const directory = mkdtempSync(join(tmpdir(), 'countersign-c2sp-'));
const witness = createWitness({
  name: 'witness.example',
  seed: new Uint8Array(32).fill(9),
  logs: [checkpointKeyOf(log)],
  store: openWitnessStore(directory),
  nowMs: () => 1_795_000_000_000,
});
let served: ServedWitness;
let odd: Server;
let settings: { address: string; vkey: string };
let oddAnswer: { status: number; headers?: Record<string, string>; body?: string };

beforeAll(async () => {
  served = await serveWitness(witness, { port: 0, host: '127.0.0.1' });
  settings = { address: `http://127.0.0.1:${served.port}`, vkey: witness.vkey };
  odd = createServer((_request, response) =>
    response.writeHead(oddAnswer.status, oddAnswer.headers).end(oddAnswer.body),
  );
  await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await served.stop();
  odd.close();
  rmSync(directory, { recursive: true, force: true });
});

async function refused(promise: Promise<unknown>): Promise<WitnessError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WitnessError);
  return error as WitnessError;
}

describe('a C2SP witness', () => {
  it('cosigns checkpoint after checkpoint, also when we forgot where it was', async () => {
    const key = parseNoteKey(witness.vkey);
    if (!key.ok) throw new Error(key.code);
    for (const [size, lastSize] of [
      [3, 0],
      [5, 3],
      [8, 0],
      [9, 5],
      [9, 9],
    ] as const) {
      const request = requestOf(size, lastSize);
      const answer = await c2spAdapter.stamp(request, settings);
      expect(answer.state).toBe('complete');
      const report = verifyWitnessCosignature(
        answer.receipt,
        { kind: 'bytes', bytes: request.note },
        { witnessKeys: [key.value] },
      );
      expect(report).toMatchObject({ verdict: 'valid', witnessedAtMs: 1_795_000_000_000 });
    }
  });

  it('refuses a log that went back or forked, and says which', async () => {
    const back = await refused(c2spAdapter.stamp(requestOf(4, 0), settings));
    expect([back.code, back.detail]).toEqual([
      'witness_refused',
      `${settings.address} has cosigned this log at size 9, beyond 4`,
    ]);
    const fork = leaves.map((leaf, i) => (i === 1 ? leafHash(utf8('another')) : leaf));
    const forked = await refused(c2spAdapter.stamp(requestOf(12, 9, fork), settings));
    expect(forked.detail).toContain('does not continue the one it cosigned last');
    const same = await refused(c2spAdapter.stamp(requestOf(9, 9, fork), settings));
    expect(same.detail).toContain('another tree of this size');
  });

  const size = { 'content-type': 'text/x.tlog.size' };
  it.each([
    ['that does not know us', { status: 404 }, 'witness_refused'],
    ['that is broken', { status: 500 }, 'witness_unreachable'],
    ['that is busy', { status: 503, headers: { 'retry-after': '7' } }, 'witness_busy'],
    ['that answers prose', { status: 200, body: 'thank you\n' }, 'witness_answer_invalid'],
    ['that answers nothing', { status: 200, body: '' }, 'witness_answer_invalid'],
    [
      'that answers a note of its own',
      { status: 200, body: 'x\n\n— witness.example AAAAAAAA\n' },
      'witness_answer_invalid',
    ],
    [
      'that signs by another key',
      { status: 200, body: '— other.example AAAAAAAA\n' },
      'witness_answer_invalid',
    ],
    ['that tells a size that is none', { status: 409, headers: size, body: '-1\n' }, 'witness_refused'],
    ['that tells a size in prose', { status: 409, body: '3\n' }, 'witness_refused'],
    ['that tells the size we sent, for ever', { status: 409, headers: size, body: '3\n' }, 'witness_refused'],
    [
      'that sends us elsewhere',
      { status: 302, headers: { location: 'http://127.0.0.1/' } },
      'witness_refused',
    ],
  ])('%s gives no receipt', async (_fault, answer, code) => {
    oddAnswer = answer;
    const address = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
    const error = await refused(c2spAdapter.stamp(requestOf(5, 3), { ...settings, address }));
    expect(error.code).toBe(code);
  });

  it.each([
    ['no address', { vkey: witness.vkey }],
    ['an address of another kind', { address: 'file:///etc/passwd', vkey: witness.vkey }],
    ['an address with a password', { address: 'https://a:b@w.example', vkey: witness.vkey }],
    [
      'a log’s key',
      {
        address: 'https://w.example',
        vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      },
    ],
    ['a key that is none', { address: 'https://w.example', vkey: 'a+b+c' }],
    ['more than it knows', { address: 'https://w.example', vkey: witness.vkey, token: 'x' }],
  ])('is not configured with %s', (_name, value) => {
    expect(c2spAdapter.settings.safeParse(value).success).toBe(false);
  });
});
