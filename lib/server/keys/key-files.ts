import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseHex } from '@/lib/core/encoding';

/**
 * The files of the key directory, `<data>/keys`, each 32 bytes of hex with mode 0600:
 *
 *   <purpose>.ed25519           the key that signs now
 *   anchor.p256                 the key under which stamps are signed for Rekor
 *   <purpose>.<keyid>.next      made by a rotation whose commit decides whether it counts
 *   <purpose>.<keyid>.retired   an approval key of before: the tokens it signed can still be shown
 *   vault.<id>.kek              a key that wraps the subjects' data keys; more than one only while a rotation re-wraps
 */
const directoryOf = (dataDirectory: string): string => join(dataDirectory, 'keys');
const pathOf = (dataDirectory: string, name: string): string => join(directoryOf(dataDirectory), name);

/** Reads a 32-byte secret, creating it when `create` is set. @throws Error with a sentence for the operator */
export function readSecret(dataDirectory: string, name: string, create: boolean): Uint8Array {
  const path = pathOf(dataDirectory, name);
  if (!existsSync(path)) {
    if (!create)
      throw new Error(
        `The key ${path} is missing. Restore it from your backup; without it nothing can be signed.`,
      );
    writeSecret(dataDirectory, name, new Uint8Array(randomBytes(32)));
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new Error(`The key ${path} can be read by others. Run: chmod 600 ${path}`);
  }
  const secret = parseHex(readFileSync(path, 'utf8').trim());
  if (!secret.ok || secret.value.length !== 32) throw new Error(`The key ${path} is not 32 bytes of hex.`);
  return secret.value;
}

/** Writes a secret so that after a crash it is there whole or not at all. */
export function writeSecret(dataDirectory: string, name: string, secret: Uint8Array): void {
  mkdirSync(directoryOf(dataDirectory), { recursive: true, mode: 0o700 });
  chmodSync(directoryOf(dataDirectory), 0o700);
  const path = pathOf(dataDirectory, name);
  writeFileSync(`${path}.new`, `${Buffer.from(secret).toString('hex')}\n`, {
    mode: 0o600,
    flag: 'w',
    flush: true,
  });
  renameSync(`${path}.new`, path);
  flushDirectory(directoryOf(dataDirectory));
}

/** A commit that names the file must not outlive the file's own name. */
function flushDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What tells one state of a key file from the next, so that every process of this console sees a rotation. */
export function stampOfSecret(dataDirectory: string, name: string): string | null {
  const stat = statSync(pathOf(dataDirectory, name), { throwIfNoEntry: false });
  return stat ? `${stat.ino}-${stat.mtimeMs}-${stat.mode}` : null;
}

/** Puts one file in the place of another, at once for every reader. */
export function replaceSecret(dataDirectory: string, from: string, to: string): void {
  renameSync(pathOf(dataDirectory, from), pathOf(dataDirectory, to));
}

export function keepSecret(dataDirectory: string, from: string, to: string): void {
  const target = pathOf(dataDirectory, to);
  copyFileSync(pathOf(dataDirectory, from), `${target}.new`);
  chmodSync(`${target}.new`, 0o600);
  renameSync(`${target}.new`, target);
}

export function removeSecret(dataDirectory: string, name: string): void {
  rmSync(pathOf(dataDirectory, name), { force: true });
}

/** Names of the key directory's files, in order. */
export function listSecrets(dataDirectory: string): string[] {
  return readdirSync(directoryOf(dataDirectory)).sort();
}
