import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { completePayload } from '@/lib/contract/testing-body.test-data';
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';
import { signEnvelope } from '@/lib/integrity/dsse';
import { conformCommand } from './conform-command';

const directory = mkdtempSync(join(tmpdir(), 'countersign-conform-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const seed = new Uint8Array(32).fill(7);
const publicKey = publicKeyOf(seed);
const sign = (payload: unknown) =>
  concatBytes(signEnvelope(utf8(JSON.stringify(payload)), jwkThumbprint(publicKey), seed), utf8('\n'));
const write = (name: string, ...parts: Uint8Array[]) => {
  const path = join(directory, name);
  writeFileSync(path, concatBytes(...parts));
  return path;
};
const beat = completePayload(2, {
  kind: 'heartbeat',
  body: { from: '2026-11-30T10:00:00.000Z', to: '2026-11-30T10:05:00.000Z', decisions: 1 },
});
const key = write('producer.key', utf8(formatBase64url(publicKey)));

let printed: string[] = [];
vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
vi.spyOn(console, 'error').mockImplementation(() => {});
afterEach(() => {
  printed = [];
});

describe('countersign conform', () => {
  it('has nothing to say of complete records', async () => {
    const file = write('complete.ndjson', sign(completePayload(1)), sign(beat));
    expect(await conformCommand([file, '--key', key])).toBe(0);
    expect(printed.join('\n')).toContain('2 lines: 0 refused, 0 missing, 0 advice');
  });

  it('names line, code and place of what is missing, and ends with 2', async () => {
    const body = { ...(completePayload().body as object), guardrails: [] };
    const file = write(
      'missing.ndjson',
      sign(completePayload(1)),
      utf8('\n'),
      sign(completePayload(2, { body })),
    );
    expect(await conformCommand([file, '--key', key])).toBe(2);
    const text = printed.join('\n');
    expect(text).toContain(`${file}:2 decision dec-2`);
    expect(text).toMatch(/missing +guardrails_missing body\.guardrails/);
  });

  it('ends with 1 for what would be refused, and prints JSON a line', async () => {
    const file = write('refused.ndjson', utf8('no record\n'), utf8('x'.repeat(300_000)));
    expect(await conformCommand([file, '--json'])).toBe(1);
    const lines = printed.map((line) => JSON.parse(line));
    expect(lines.map(({ line }) => line)).toEqual([1, 2]);
    expect(lines[0].findings[0]).toMatchObject({ code: 'envelope_invalid', level: 'refused' });
  });

  it.each([[[]], [['--nonsense']], [['records.ndjson', '--key']]])('ends with 64 for %j', async (args) => {
    expect(await conformCommand(args)).toBe(64);
  });

  it('says which file cannot be read, and takes no private key', async () => {
    await expect(conformCommand([join(directory, 'none')])).rejects.toThrow('cannot be read');
    const secret = write(
      'private.jwk',
      utf8(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', d: 'AA', x: 'AA' })),
    );
    await expect(conformCommand([key, '--key', secret])).rejects.toThrow('private key');
  });
});
