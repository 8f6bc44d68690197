import { createPrivateKey, sign } from 'node:crypto';
import { pae, RECORD_PAYLOAD_TYPE } from '@/lib/integrity/dsse';

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signs record payloads with one key object for all: making the load must not cost more than the load. */
export function createSigner(seed: Uint8Array): (payload: Uint8Array) => Buffer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  return (payload) => sign(null, pae(RECORD_PAYLOAD_TYPE, payload), key);
}
