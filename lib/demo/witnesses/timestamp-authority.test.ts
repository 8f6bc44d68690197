import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTimestamp } from '@/lib/integrity/witness/rfc3161/parse-timestamp';
import { formatTimestampRequest } from '@/lib/integrity/witness/rfc3161/timestamp-request';
import { parseTstInfo, type TstInfo } from '@/lib/integrity/witness/rfc3161/tst-info';
import { verifyTimestamp } from '@/lib/integrity/witness/rfc3161/verify-timestamp';
import { startTimestampAuthority, type TimestampAuthority } from './timestamp-authority';
import { DEMO_AUTHORITY_NAME, fromPem } from './timestamp-identity';

const DATA = new TextEncoder().encode('console.example/log\n7\nAAAA\n\n— console.example/log BBBB\n');
const digest = new Uint8Array(createHash('sha256').update(DATA).digest());
const stamped = { kind: 'bytes', bytes: DATA } as const;
const START_MS = Date.parse('2026-11-20T08:36:00.120Z');

function openssl(...args: string[]): string | null {
  try {
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}\n${stderr}`;
  }
}
const hasOpenssl = openssl('version') !== null;

let folder: string;
let authority: TimestampAuthority;
let now = START_MS;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'timestamp-authority-'));
  authority = await start();
});
afterAll(async () => {
  await authority.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(): Promise<TimestampAuthority> {
  return startTimestampAuthority({ port: 0, directory: join(folder, 'authority'), nowMs: () => now });
}

async function ask(body: Uint8Array, type = 'application/timestamp-query'): Promise<Response> {
  return await fetch(authority.url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: body as BodyInit,
  });
}

async function stamp(): Promise<{ receipt: Uint8Array; nonce: Uint8Array }> {
  const nonce = new Uint8Array(randomBytes(16));
  const response = await ask(formatTimestampRequest({ digest, nonce }));
  expect(response.headers.get('content-type')).toBe('application/timestamp-reply');
  return { receipt: new Uint8Array(await response.arrayBuffer()), nonce };
}

function infoOf(receipt: Uint8Array): TstInfo {
  const timestamp = parseTimestamp(receipt);
  const info = timestamp.ok && timestamp.value.token ? parseTstInfo(timestamp.value.token.content) : null;
  if (!info?.ok) throw new Error('a token was expected');
  return info.value;
}

describe('the demo time-stamping authority', () => {
  it('stamps what every line of the verifier accepts under its root', async () => {
    const { receipt, nonce } = await stamp();
    const anchors = [fromPem(authority.rootPem)];
    const report = await verifyTimestamp(receipt, stamped, { anchors }, { nonce });
    expect(report.checks.filter(({ verdict }) => verdict !== 'valid')).toEqual([]);
    expect(report.checks).toHaveLength(12);
    expect(report.witness).toBe(`CN=${DEMO_AUTHORITY_NAME}`);
    expect(report.witnessedAtMs).toBe(START_MS);
    expect(report.checks.at(-1)?.root?.name).toBe(`CN=${DEMO_AUTHORITY_NAME} (root)`);
  });

  it('stamps for a requester that wants no certificate, and then none is inside', async () => {
    const request = formatTimestampRequest({ digest, nonce: Uint8Array.of(1) });
    request[request.length - 1] = 0x00;
    const receipt = new Uint8Array(await (await ask(request)).arrayBuffer());
    const alone = await verifyTimestamp(receipt, stamped, { anchors: [fromPem(authority.rootPem)] });
    expect(alone.verdict).toBe('not-checked');
    const certificate = fromPem(readFileSync(join(folder, 'authority', 'authority.pem'), 'utf8'));
    const anchors = [fromPem(authority.rootPem)];
    const helped = await verifyTimestamp(receipt, stamped, { anchors, intermediates: [certificate] });
    expect(helped.verdict).toBe('valid');
  });

  it('gives every token its own number and a later time, also to those who ask together', async () => {
    const tokens = await Promise.all(Array.from({ length: 12 }, () => stamp()));
    const infos = tokens.map(({ receipt }) => infoOf(receipt));
    expect(new Set(infos.map(({ serialNumber }) => serialNumber)).size).toBe(12);
    expect(new Set(infos.map(({ genTimeMs }) => genTimeMs)).size).toBe(12);
  });

  it('keeps key, root and numbers over a restart', async () => {
    const before = infoOf((await stamp()).receipt);
    const { rootPem } = authority;
    await authority.stop();
    authority = await start();
    const after = infoOf((await stamp()).receipt);
    expect(authority.rootPem).toBe(rootPem);
    expect(Number(`0x${after.serialNumber}`)).toBe(Number(`0x${before.serialNumber}`) + 1);
    expect(after.genTimeMs).toBeGreaterThan(before.genTimeMs);
    expect(statSync(join(folder, 'authority', 'authority.key')).mode & 0o077).toBe(0);
  });

  it('gives no time when its clock went back', async () => {
    now = START_MS - 60_000;
    const { receipt } = await stamp();
    now = START_MS;
    const timestamp = parseTimestamp(receipt);
    expect(timestamp.ok && timestamp.value.status?.words).toBe(
      'rejection: timeNotAvailable (the clock went back)',
    );
  });

  const sha1Request = Buffer.from(`30290201013021300906052b0e03021a05000414${'00'.repeat(20)}020101`, 'hex');
  it.each([
    ['no DER', new TextEncoder().encode('hello'), 'badDataFormat'],
    ['nothing', new Uint8Array(0), 'badDataFormat'],
    ['SHA-1', new Uint8Array(sha1Request), 'badAlg'],
    [
      'another policy',
      formatTimestampRequest({ digest, nonce: Uint8Array.of(7), policy: '1.2.3.4.2' }),
      'unacceptedPolicy',
    ],
  ])('refuses %s with %s', async (_, body, failure) => {
    const response = await ask(body);
    expect(response.status).toBe(200);
    const timestamp = parseTimestamp(new Uint8Array(await response.arrayBuffer()));
    expect(timestamp.ok && timestamp.value.token).toBeNull();
    expect(timestamp.ok && timestamp.value.status?.words).toContain(`rejection: ${failure} (`);
  });

  it('answers other methods, types and sizes as HTTP has it, and says what it is', async () => {
    expect((await fetch(authority.url, { method: 'PUT', body: 'x' })).status).toBe(405);
    expect((await ask(digest, 'application/json')).status).toBe(415);
    expect((await ask(new Uint8Array(5_000))).status).toBe(413);
    expect(await (await fetch(authority.url)).text()).toBe(`${DEMO_AUTHORITY_NAME}\n`);
  });
});

describe.runIf(hasOpenssl)('openssl ts', () => {
  it('verifies what the authority stamped', async () => {
    const { receipt } = await stamp();
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('data'), DATA);
    writeFileSync(path('answer.tsr'), receipt);
    writeFileSync(path('root.pem'), authority.rootPem);
    const verify = (data: string): string | null =>
      openssl('ts', '-verify', '-in', path('answer.tsr'), '-data', path(data), '-CAfile', path('root.pem'));
    expect(verify('data')).toContain('Verification: OK');
    writeFileSync(path('other'), 'other bytes');
    expect(verify('other')).toContain('message imprint mismatch');
    const text = openssl('ts', '-reply', '-in', path('answer.tsr'), '-text');
    expect(text).toContain('Accuracy: 0x01 seconds');
    expect(text).toContain('Ordering: yes');
  });

  it('asks what the authority reads, and refuses its refusals in the same words', async () => {
    const query = join(folder, 'query.tsq');
    writeFileSync(join(folder, 'data'), DATA);
    openssl('ts', '-query', '-data', join(folder, 'data'), '-sha512', '-cert', '-out', query);
    const receipt = new Uint8Array(await (await ask(new Uint8Array(readFileSync(query)))).arrayBuffer());
    const report = await verifyTimestamp(receipt, stamped, { anchors: [fromPem(authority.rootPem)] });
    expect(report.verdict).toBe('valid');
    const refused = join(folder, 'refused.tsr');
    writeFileSync(refused, new Uint8Array(await (await ask(new Uint8Array([0x30, 0x00]))).arrayBuffer()));
    const text = openssl('ts', '-reply', '-in', refused, '-text') ?? '';
    expect(text).toContain('Rejected');
    expect(text).toContain('the data submitted has the wrong format');
  });
});
if (!hasOpenssl) {
  describe('openssl ts', () => it.skip('there is no openssl on this machine'));
}

describe('as a process', () => {
  it('says where it listens, stamps, and ends when it is told to', async () => {
    const entry = join(process.cwd(), 'lib/demo/witnesses/timestamp-authority-process.ts');
    const tsx = pathToFileURL(join(process.cwd(), 'node_modules/tsx/dist/loader.mjs')).href;
    const child = spawn(
      process.execPath,
      ['--import', tsx, entry, '--port', '0', '--directory', join(folder, 'process')],
      {
        env: { ...process.env, TSX_TSCONFIG_PATH: join(process.cwd(), 'tsconfig.json') },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    });
    const { url } = JSON.parse(line) as { url: string };
    const body = formatTimestampRequest({ digest, nonce: Uint8Array.of(5) }) as BodyInit;
    const headers = { 'content-type': 'application/timestamp-query' };
    const response = await fetch(url, { method: 'POST', headers, body });
    const root = fromPem(readFileSync(join(folder, 'process', 'root.pem'), 'utf8'));
    const receipt = new Uint8Array(await response.arrayBuffer());
    expect((await verifyTimestamp(receipt, stamped, { anchors: [root] })).verdict).toBe('valid');
    const code = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });
});
