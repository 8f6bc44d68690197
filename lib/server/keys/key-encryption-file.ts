import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { newRandomBytes } from '../random';
import { listSecrets, readSecret, removeSecret, writeSecret } from './key-files';

const FILE = /^vault\.([0-9a-f]{16})\.kek$/;

/** Names a key-encryption key without telling it: the first 16 hex digits of a domain-separated SHA-256. */
export function keyEncryptionKeyId(key: Uint8Array): string {
  return formatHex(sha256(concatBytes(utf8('countersign/vault-kek/v1\n'), key))).slice(0, 16);
}

/** Ids of the key-encryption keys in this key directory, in order. */
export function listKeyEncryptionKeys(dataDirectory: string): string[] {
  return listSecrets(dataDirectory).flatMap((name) => FILE.exec(name)?.[1] ?? []);
}

/** Makes the first key-encryption key of a new data directory; one that has any keeps it. */
export function createKeyEncryptionKey(dataDirectory: string): void {
  if (listKeyEncryptionKeys(dataDirectory).length === 0) addKeyEncryptionKey(dataDirectory);
}

/** @returns the new key's id */
export function addKeyEncryptionKey(dataDirectory: string): string {
  const key = newRandomBytes(32);
  const id = keyEncryptionKeyId(key);
  writeSecret(dataDirectory, `vault.${id}.kek`, key);
  return id;
}

/** @throws Error with a sentence for the operator when the file is missing, open to others, or another key's */
export function readKeyEncryptionKey(dataDirectory: string, id: string): Uint8Array {
  const key = readSecret(dataDirectory, `vault.${id}.kek`, false);
  if (keyEncryptionKeyId(key) !== id)
    throw new Error(`The key vault.${id}.kek is not the one of its name. Restore it from your backup.`);
  return key;
}

/** Ends a key that wraps nothing any more. */
export function removeKeyEncryptionKey(dataDirectory: string, id: string): void {
  removeSecret(dataDirectory, `vault.${id}.kek`);
}
