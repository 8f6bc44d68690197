import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';
import { readSecret } from '@/lib/server/keys/key-files';
import { formatJwks } from '@/lib/tokens/jwks';
import { readGatewaySettings } from './gateway-settings';

let root: string;
let config: string;
const publicKey = publicKeyOf(new Uint8Array(32).fill(1));
const FILE = {
  console: 'https://console.example',
  producer: 'spiffe://bank.example/gateway/files',
  approvalKeys: 'keys.json',
  directory: 'state',
  server: 'files',
  agent: { id: 'files-agent', name: 'Files agent', version: '1.0.0' },
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-gateway-'));
  config = join(root, 'gateway.json');
  writeFileSync(
    join(root, 'keys.json'),
    JSON.stringify(formatJwks([{ kid: jwkThumbprint(publicKey), publicKey }])),
  );
  write(FILE);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const write = (file: unknown) => writeFileSync(config, JSON.stringify(file));
const COMMAND = ['--', 'mcp-server', '--config', 'its-own'];

describe('readGatewaySettings', () => {
  it('reads the file, places from beside it, and leaves the server its own arguments', () => {
    expect(readGatewaySettings(['--config', config, '--session', 'run-9', ...COMMAND])).toMatchObject({
      ...FILE,
      directory: join(root, 'state'),
      session: 'run-9',
      command: ['mcp-server', '--config', 'its-own'],
      waitWithoutProgressSeconds: 45,
      url: undefined,
    });
  });

  it.each([
    ['no server', []],
    ['a command and an address', ['--url', 'https://x.example/mcp', ...COMMAND]],
    ['an unknown option', ['--approve-all', ...COMMAND]],
    ['a server with --key', ['--key', ...COMMAND]],
  ])('answers the usage for %s', (_what, args) => {
    expect(() => readGatewaySettings(['--config', config, ...args])).toThrow(/^Usage/);
  });

  it.each<[string, unknown, RegExp]>([
    ['a server name that could be taken for another one’s tool', { ...FILE, server: 'files.a' }, /"server"/],
    ['a misspelt setting', { ...FILE, waitSecond: 3 }, /waitSecond/],
    ['no producer', { ...FILE, producer: undefined }, /"producer"/],
    ['an address that is no web address', { ...FILE, console: 'file:///etc' }, /"console"/],
    ['a person’s name as principal', { ...FILE, principal: { type: 'customer', token: 'Ada' } }, /principal/],
    ['approval keys that are not there', { ...FILE, approvalKeys: 'none.json' }, /jwks\.json/],
    [
      'a header whose variable is empty',
      { ...FILE, headersFrom: { Authorization: 'NOT_SET_HERE' } },
      /NOT_SET_HERE/,
    ],
  ])('refuses %s', (_what, file, sentence) => {
    write(file);
    expect(() => readGatewaySettings(['--config', config, ...COMMAND])).toThrow(sentence);
  });

  it('refuses a setting that is given twice', () => {
    writeFileSync(config, `${JSON.stringify(FILE).slice(0, -1)},"server":"other"}`);
    expect(() => readGatewaySettings(['--config', config, ...COMMAND])).toThrow(/no JSON object/);
  });
});

describe('countersign gateway --key', () => {
  it('makes the key once and prints what to register', () => {
    const show = () =>
      execFileSync(
        process.execPath,
        ['--import', 'tsx', 'lib/cli/main.ts', 'gateway', '--config', config, '--key'],
        { encoding: 'utf8' },
      );
    const first = show();
    const own = publicKeyOf(readSecret(join(root, 'state'), 'gateway.ed25519', false));
    expect(first).toContain(formatBase64url(own));
    expect(first).toContain('https://console.example/settings/producers');
    expect(show()).toBe(first);
  });
});
