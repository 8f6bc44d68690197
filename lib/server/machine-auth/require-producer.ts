import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import {
  requireFreshSignature,
  requireSignedBy,
  requireUnused,
  SIGNATURE_WINDOW_S,
} from './require-signature';

export interface ProducerCaller {
  /** SPIFFE ID of the calling producer. */
  producerId: string;
  tenant: string;
  kind: string;
  /** The key that signed this request. */
  keyid: string;
  publicKey: Uint8Array;
}

interface KeyRow {
  producer: string;
  tenant: string;
  kind: string;
  public_key: Uint8Array;
  valid_from: Date;
  retired_at: Date | null;
  disabled_at: Date | null;
}

/**
 * Authenticates a machine by RFC 9421 (formats.md §11): one Ed25519 signature over method, address and body digest,
 * made within 60 s by a registered key that is in force, with a nonce never seen before. The address is the configured
 * origin with the path and query as received, so a request signed for another host fails here. `bodyBytes` are the
 * bytes as received (empty without a body).
 * @throws ServiceError `signature_missing`, `signature_invalid`, `content_digest_mismatch`, `signature_expired`,
 * `key_unknown`, `key_retired`, `producer_disabled`, `signature_replayed`
 */
export async function requireProducer(
  request: Request,
  bodyBytes: Uint8Array,
  { nowMs = clockNowMs() } = {},
): Promise<ProducerCaller> {
  const signature = requireFreshSignature(request, bodyBytes, nowMs);
  const key = await getKey(signature.keyid);
  if (!key) throw new ServiceError('key_unknown', 'No producer has registered this key.');
  const publicKey = new Uint8Array(key.public_key);
  requireSignedBy(request, signature, publicKey);
  if (key.disabled_at) throw new ServiceError('producer_disabled');
  if (key.retired_at && key.retired_at.getTime() <= nowMs) throw new ServiceError('key_retired');
  if (key.valid_from.getTime() > nowMs + SIGNATURE_WINDOW_S * 1000) {
    throw new ServiceError('key_unknown', 'This key is not in force yet.');
  }
  await requireUnused(signature, nowMs);
  return {
    producerId: key.producer,
    tenant: key.tenant,
    kind: key.kind,
    keyid: signature.keyid,
    publicKey,
  };
}

async function getKey(keyid: string): Promise<KeyRow | undefined> {
  const found = await getPool().query<KeyRow>({
    name: 'require-producer-key',
    text: `SELECT k.producer, p.tenant, p.kind, k.public_key, k.valid_from, k.retired_at, p.disabled_at
             FROM producer_keys k JOIN producers p ON p.id = k.producer
            WHERE k.keyid = $1`,
    values: [keyid],
  });
  return found.rows[0];
}
