import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { parseHex } from '@/lib/core/encoding';
import { getConfig } from '../config';
import { sharedSingleton } from '../shared-singleton';

/** One key per purpose: a drill's token can never verify as an approval, a checkpoint never as a record. */
export const KEY_PURPOSES = ['journal', 'log', 'approval', 'drill'] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

export interface SigningKey {
  purpose: KeyPurpose;
  /** RFC 7638 thumbprint. */
  keyid: string;
  seed: Uint8Array;
  publicKey: Uint8Array;
}

/** Reads a 32-byte secret from `<data>/keys/<name>`, creating it with mode 0600 when `create` is set. */
function readSecret(directory: string, name: string, create: boolean): Uint8Array {
  const path = join(directory, 'keys', name);
  if (!existsSync(path)) {
    if (!create)
      throw new Error(
        `The key ${path} is missing. Restore it from your backup; without it nothing can be signed.`,
      );
    mkdirSync(join(directory, 'keys'), { recursive: true, mode: 0o700 });
    chmodSync(join(directory, 'keys'), 0o700);
    writeFileSync(`${path}.new`, `${randomBytes(32).toString('hex')}\n`, {
      mode: 0o600,
      flag: 'w',
      flush: true,
    });
    renameSync(`${path}.new`, path);
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Error(`The key ${path} can be read by others. Run: chmod 600 ${path}`);
  }
  const secret = parseHex(readFileSync(path, 'utf8').trim());
  if (!secret.ok || secret.value.length !== 32) throw new Error(`The key ${path} is not 32 bytes of hex.`);
  return secret.value;
}

/** Creates whatever secret is missing in a new data directory. Called by `countersign up` and `migrate` only. */
export function createKeys(dataDirectory: string): void {
  for (const purpose of KEY_PURPOSES) readSecret(dataDirectory, `${purpose}.ed25519`, true);
  for (const name of ['payload.aes256', 'session.secret', 'database.password'])
    readSecret(dataDirectory, name, true);
}

/** The console's signing key for one purpose. Throws when the file is missing, readable by others or malformed. */
export function getSigningKey(purpose: KeyPurpose): SigningKey {
  return sharedSingleton(`key.${purpose}`, () => {
    const seed = readSecret(getConfig().dataDirectory, `${purpose}.ed25519`, false);
    const publicKey = publicKeyOf(seed);
    return { purpose, keyid: jwkThumbprint(publicKey), seed, publicKey };
  });
}

/** A symmetric secret of the data directory: 32 bytes. */
export function getSecret(name: 'payload.aes256' | 'session.secret' | 'database.password'): Uint8Array {
  return sharedSingleton(`secret.${name}`, () => readSecret(getConfig().dataDirectory, name, false));
}

/** The same secret for a caller that holds a directory and no configuration yet (`countersign up`). */
export function getSecretIn(dataDirectory: string, name: 'session.secret' | 'database.password'): Uint8Array {
  return readSecret(dataDirectory, name, false);
}
