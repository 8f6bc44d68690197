import { createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { concatBytes } from '@/lib/core/bytes';
import { ecdsaPublicKeySpki } from '@/lib/core/ecdsa';
import { getConfig } from '../config';
import { readSecret, stampOfSecret, writeSecret } from './key-files';

const FILE = 'anchor.p256';
/** RFC 5915 in PKCS #8, up to the 32 bytes of the secret, for a P-256 key without its public half. */
const PKCS8_PREFIX = Buffer.from(
  '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
  'hex',
);

/** The key under which stamps are signed for Rekor: ECDSA P-256, because Rekor v2 takes no plain Ed25519. */
export interface AnchorKey {
  /** SPKI DER. */
  publicKey: Uint8Array;
  /** DER, over SHA-256 of the message; with a fresh nonce, so that a stamp asked for twice is no duplicate to a log. */
  sign(message: Uint8Array): Uint8Array;
}

/** Makes the key where there is none, once. */
export function createAnchorKey(dataDirectory: string): void {
  while (stampOfSecret(dataDirectory, FILE) === null) {
    const secret = new Uint8Array(randomBytes(32));
    // One in 2^32 is not below the order of the curve, and no key.
    if (privateKeyOf(secret)) writeSecret(dataDirectory, FILE, secret);
  }
}

/** The console's anchoring key. @throws Error with a sentence for the operator */
export function getAnchorKey(dataDirectory: string = getConfig().dataDirectory): AnchorKey {
  const secret = readSecret(dataDirectory, FILE, false);
  const privateKey = privateKeyOf(secret);
  if (!privateKey) throw new Error(`The key ${FILE} is none of P-256. Restore it from your backup.`);
  return {
    publicKey: ecdsaPublicKeySpki(secret),
    sign: (message) => new Uint8Array(sign('sha256', message, privateKey)),
  };
}

/** Null for what is no secret of the curve. */
function privateKeyOf(secret: Uint8Array): KeyObject | null {
  try {
    ecdsaPublicKeySpki(secret);
    const key = Buffer.from(concatBytes(PKCS8_PREFIX, secret));
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch {
    return null;
  }
}
