import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

const COST = { log2N: 15, r: 8, p: 1 };
const KEY_BYTES = 32;

function derive(password: string, salt: Uint8Array, cost: typeof COST): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** cost.log2N, r: cost.r, p: cost.p, maxmem: 256 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** `scrypt$15$8$1$<salt>$<key>` (RFC 7914; log2 N, r, p; salt and key in base64url): the parameters travel with the hash. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return `scrypt$${COST.log2N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

// An account that does not exist costs as much time as one that does.
const ABSENT = `scrypt$${COST.log2N}$${COST.r}$${COST.p}$${randomBytes(16).toString('base64url')}$${randomBytes(KEY_BYTES).toString('base64url')}`;

/** Compares in constant time. A missing or unreadable hash takes the same work and answers false. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const match = /^scrypt\$(1[0-9]|20)\$(8|16)\$([1-4])\$([\w-]{22})\$([\w-]{43})$/.exec(hash ?? ABSENT);
  if (!match) return verifyPassword(password, ABSENT).then(() => false);
  const [, log2N, r, p, salt, key] = match;
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'), {
    log2N: Number(log2N),
    r: Number(r),
    p: Number(p),
  });
  const equal = timingSafeEqual(derived, Buffer.from(key ?? '', 'base64url'));
  return equal && hash !== null;
}
