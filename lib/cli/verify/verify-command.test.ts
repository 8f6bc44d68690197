import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildCase, PRODUCER } from '@/lib/evidence/testing/build-case';
import { buildPackage, rootsOf } from '@/lib/evidence/testing/build-package';
import { formatTrustFile } from '@/lib/evidence/trust/format-trust-file';
import { formatEntry } from '@/lib/integrity/entry';
import { formatEntryBundle } from '@/lib/integrity/tile';
import { verifyCommand } from './verify-command';

const made = buildCase();
const token = made.material.approvals[0]?.token ?? '';
let directory: string;
let out: string[];
const path = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'verify-command-'));
  const built = await buildPackage();
  writeFileSync(path('case.evidence.zip'), built.bytes);
  writeFileSync(path('trust.json'), formatTrustFile(rootsOf(made)));
  writeFileSync(path('token.jws'), token);
  writeFileSync(path('forged.jws'), `${token.slice(0, -6)}AAAAAA`);
  writeFileSync(path('terminal.dsse.json'), `{"payloadType":"\u001b[2J","payload":"","signatures":[]}`);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeEach(() => {
  out = [];
  vi.spyOn(console, 'log').mockImplementation((line) => out.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation((line) => out.push(String(line)));
});

describe('exit codes', () => {
  const rows: [string, number, string[]][] = [
    ['all VALID', 0, ['token.jws', '--trust', 'trust.json']],
    ['one INVALID among VALID', 1, ['token.jws', 'forged.jws', '--trust', 'trust.json']],
    ['nothing pinned', 2, ['token.jws']],
    ['no file', 64, []],
    ['a file that is not there', 64, ['nothing.jws']],
    ['an option that does not exist', 64, ['token.jws', '--believe']],
    ['a trust file that is none', 64, ['token.jws', '--trust', 'token.jws']],
    ['a log without its key', 64, ['--log', 'http://127.0.0.1:1']],
    ['a log at no address', 64, ['--log', 'file:///etc', '--vkey', made.material.log?.vkey ?? '']],
  ];
  test.each(rows)('%s: %i', async (_, code, args) => {
    const places = args.map((arg) => (/\.(jws|json)$/.test(arg) ? path(arg) : arg));
    expect(await verifyCommand(places)).toBe(code);
    expect(out.length).toBeGreaterThan(0);
  });
});

test('every line names verdict, comparison and root', async () => {
  await verifyCommand([path('token.jws'), '--trust', path('trust.json')]);
  const text = out.join('\n');
  expect(text).toMatch(/VALID +Signature: the Ed25519 signature over header and claims/);
  expect(text).toMatch(/root .*, sha-256:[0-9a-f]{64}, pinned by you on the command line/);
  expect(out.at(-1)).toBe('\nVALID');
});

test('--json is one object with a report for each file', async () => {
  expect(await verifyCommand([path('case.evidence.zip'), '--trust', path('trust.json'), '--json'])).toBe(2);
  const answer = JSON.parse(out.join(''));
  expect(answer).toMatchObject({ format: 'countersign/verification/v1', verdict: 'NOT CHECKED' });
  expect(
    answer.files[0].checks.every(({ id, verdict }: { id: string; verdict: string }) => id && verdict),
  ).toBe(true);
  expect(answer.files[0].sections).toHaveLength(1);
});

test('nothing from a file reaches the terminal as a control character', async () => {
  expect(await verifyCommand([path('terminal.dsse.json')])).toBe(1);
  expect(out.join('')).not.toContain('\u001b');
});

describe('an outside log by plain GETs', () => {
  let server: Server;
  let url: string;
  let alter: (path: string, bytes: Uint8Array) => Uint8Array = (_, bytes) => bytes;
  const asked: string[] = [];
  beforeAll(async () => {
    const checkpoint = (await made.source.inclusion(PRODUCER, 3))?.checkpoint ?? new Uint8Array();
    const entries = [...made.streams].flatMap(([stream, records]) =>
      records.map(({ position, link }) => formatEntry({ stream, position, link })),
    );
    const files: Record<string, Uint8Array> = {
      '/log/checkpoint': checkpoint,
      '/log/tile/entries/000.p/10': formatEntryBundle(entries),
    };
    server = createServer((request, response) => {
      const bytes = files[request.url ?? ''];
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(bytes ? 200 : 404).end(bytes && alter(request.url ?? '', bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('a whole log is VALID, read by two GETs', async () => {
    expect(await verifyCommand(['--log', url, '--vkey', made.material.log?.vkey ?? ''])).toBe(0);
    expect(asked).toEqual(['GET /log/checkpoint', 'GET /log/tile/entries/000.p/10']);
    expect(out.at(-1)).toContain('10 entries');
  });
  test('one bit in an entry is INVALID', async () => {
    alter = (name, bytes) => (name.includes('entries') ? bytes.map((b, i) => (i === 90 ? b ^ 1 : b)) : bytes);
    expect(await verifyCommand(['--log', url, '--vkey', made.material.log?.vkey ?? ''])).toBe(1);
    alter = (_, bytes) => bytes;
  });
  test('a log that answers without end is cut off', async () => {
    alter = () => new Uint8Array(2_000_000);
    expect(await verifyCommand(['--log', url, '--vkey', made.material.log?.vkey ?? ''])).toBe(2);
    expect(out.at(-1)).toContain('more than any log file has');
  });
});
