import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { parseEcdsaPublicKey, verifyEcdsa } from '@/lib/core/ecdsa';
import { createAnchorKey, getAnchorKey } from './anchor-key';

let directory = '';
const file = () => join(directory, 'keys', 'anchor.p256');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anchor-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('anchor key', () => {
  it('is made once, for its owner alone', () => {
    expect(() => getAnchorKey(directory)).toThrow('missing');
    createAnchorKey(directory);
    const { publicKey } = getAnchorKey(directory);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    createAnchorKey(directory);
    expect(getAnchorKey(directory).publicKey).toEqual(publicKey);
    expect(parseEcdsaPublicKey(publicKey)).toMatchObject({ ok: true, value: { curve: 'p-256' } });
  });

  it('signs so that our own verifier agrees, never twice alike', () => {
    createAnchorKey(directory);
    const { publicKey, sign } = getAnchorKey(directory);
    const message = utf8('a signed checkpoint');
    const [first, second] = [sign(message), sign(message)];
    expect(first).not.toEqual(second);
    for (const signature of [first, second])
      expect(verifyEcdsa({ publicKey, message, hash: 'sha-256', signature, encoding: 'der' })).toBe(true);
  });

  it('is refused where others can read it, and where it is none', () => {
    createAnchorKey(directory);
    writeFileSync(file(), `${'f'.repeat(64)}\n`);
    expect(() => getAnchorKey(directory)).toThrow('none of P-256');
    rmSync(file());
    writeFileSync(file(), `${'1'.repeat(64)}\n`, { mode: 0o644 });
    expect(() => getAnchorKey(directory)).toThrow('chmod 600');
  });
});
