import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password-hash';

describe('password hashes', () => {
  it('accepts the password and nothing else', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(hash).toMatch(/^scrypt\$15\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await verifyPassword('correct horse battery', hash)).toBe(true);
    expect(await verifyPassword('correct horse batterY', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  it('salts each hash', async () => {
    expect(await hashPassword('the same password')).not.toBe(await hashPassword('the same password'));
  });

  it('treats composed and decomposed letters alike (NFKC)', async () => {
    expect(await verifyPassword('cafe\u0301 au lait noir', await hashPassword('café au lait noir'))).toBe(
      true,
    );
  });

  it.each([
    ['an account without one', null],
    ['a hash of another scheme', '$2b$10$abcdefghijklmnopqrstuv'],
    ['parameters that would exhaust the machine', `scrypt$30$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`],
    ['a truncated key', `scrypt$15$8$1$${'A'.repeat(22)}$AAAA`],
    ['an empty text', ''],
  ])('refuses %s', async (_name, hash) => {
    expect(await verifyPassword('anything at all', hash)).toBe(false);
  });
});
