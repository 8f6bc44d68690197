import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { getConfig } from '../config';
import { sharedSingleton } from '../shared-singleton';
import { createAnchorKey } from './anchor-key';
import { createKeyEncryptionKey } from './key-encryption-file';
import { readSecret, stampOfSecret } from './key-files';

/**
 * One key per purpose: a drill's token can never verify as an approval, a checkpoint never as a record, and what we
 * cosign for a peer never as our own log's word.
 */
export const KEY_PURPOSES = ['journal', 'log', 'approval', 'drill', 'witness', 'mesh'] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

export interface SigningKey {
  purpose: KeyPurpose;
  /** RFC 7638 thumbprint. */
  keyid: string;
  seed: Uint8Array;
  publicKey: Uint8Array;
}

/** Creates whatever secret is missing in a new data directory. Called by `countersign up` and `migrate` only. */
export function createKeys(dataDirectory: string): void {
  for (const purpose of KEY_PURPOSES) readSecret(dataDirectory, `${purpose}.ed25519`, true);
  for (const name of SECRETS) readSecret(dataDirectory, name, true);
  createAnchorKey(dataDirectory);
  createKeyEncryptionKey(dataDirectory);
}

/**
 * Secrets of 32 bytes that sign nothing: sessions, the database roles' passwords, the vault's blind index, and the key under
 * which payloads lay before each subject had its own (witnesses' secrets still do).
 */
const SECRETS = [
  'payload.aes256',
  'session.secret',
  'database.password',
  'vault.password',
  'vault.index',
] as const;
type SecretName = (typeof SECRETS)[number];

/** The key of a 32-byte seed. */
export function signingKeyOf(purpose: KeyPurpose, seed: Uint8Array): SigningKey {
  const publicKey = publicKeyOf(seed);
  return { purpose, keyid: jwkThumbprint(publicKey), seed, publicKey };
}

/**
 * The console's signing key for one purpose, as the key directory has it now: a rotation by another process counts at
 * once. Throws when the file is missing, readable by others or malformed.
 */
export function getSigningKey(purpose: KeyPurpose): SigningKey {
  const { dataDirectory } = getConfig();
  const name = `${purpose}.ed25519`;
  const held = sharedSingleton(
    'signing-keys',
    () => new Map<KeyPurpose, { stamp: string | null; key: SigningKey }>(),
  );
  const stamp = stampOfSecret(dataDirectory, name);
  const known = held.get(purpose);
  if (known && known.stamp === stamp) return known.key;
  const key = signingKeyOf(purpose, readSecret(dataDirectory, name, false));
  held.set(purpose, { stamp, key });
  return key;
}

const KEYID = /^[A-Za-z0-9_-]{43}$/;

/** An approval key that signs no more, to sign again what it signed before; null when it is not kept here. */
export function getRetiredKey(keyid: string): SigningKey | null {
  const { dataDirectory } = getConfig();
  const name = `approval.${keyid}.retired`;
  if (!KEYID.test(keyid) || stampOfSecret(dataDirectory, name) === null) return null;
  const key = signingKeyOf('approval', readSecret(dataDirectory, name, false));
  return key.keyid === keyid ? key : null;
}

/** A symmetric secret of the data directory: 32 bytes. */
export function getSecret(name: SecretName): Uint8Array {
  return sharedSingleton(`secret.${name}`, () => readSecret(getConfig().dataDirectory, name, false));
}

/** The same secret for a caller that holds a directory and no configuration yet (`countersign up`). */
export function getSecretIn(dataDirectory: string, name: SecretName): Uint8Array {
  return readSecret(dataDirectory, name, false);
}
