import {
  parseRequestSignature,
  type RequestSignature,
  verifyContentDigest,
  verifyRequestSignature,
} from '@/lib/core/http-signature';
import { nowMs as clockNowMs } from '../clock';
import { getConfig } from '../config';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { rememberNonce } from './remember-nonce';

/** Seconds that `created` may lie before or after this console's clock (formats.md §11). */
export const SIGNATURE_WINDOW_S = 60;

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
  const signature = requireSignature(request, bodyBytes);
  if (Math.abs(nowMs / 1000 - signature.createdS) > SIGNATURE_WINDOW_S) {
    throw new ServiceError(
      'signature_expired',
      `"created" must be within ${SIGNATURE_WINDOW_S} s of ${new Date(nowMs).toISOString()}.`,
    );
  }
  const key = await getKey(signature.keyid);
  if (!key) throw new ServiceError('key_unknown', 'No producer has registered this key.');
  const publicKey = new Uint8Array(key.public_key);
  const url = new URL(request.url);
  const valid = verifyRequestSignature(signature, {
    method: request.method,
    targetUri: `${getConfig().origin}${url.pathname}${url.search}`,
    contentDigest: request.headers.get('content-digest'),
    publicKey,
  });
  if (!valid) {
    throw new ServiceError(
      'signature_invalid',
      `The signature does not verify for ${request.method} at ${getConfig().origin}.`,
    );
  }
  if (key.disabled_at) throw new ServiceError('producer_disabled');
  if (key.retired_at && key.retired_at.getTime() <= nowMs) throw new ServiceError('key_retired');
  if (key.valid_from.getTime() > nowMs + SIGNATURE_WINDOW_S * 1000) {
    throw new ServiceError('key_unknown', 'This key is not in force yet.');
  }
  if (!(await rememberNonce(signature, nowMs))) {
    throw new ServiceError('signature_replayed', 'This signed request was received before.');
  }
  return {
    producerId: key.producer,
    tenant: key.tenant,
    kind: key.kind,
    keyid: signature.keyid,
    publicKey,
  };
}

function requireSignature(request: Request, bodyBytes: Uint8Array): RequestSignature {
  const hasBody = bodyBytes.byteLength > 0;
  const signature = parseRequestSignature({
    signatureInput: request.headers.get('signature-input'),
    signature: request.headers.get('signature'),
    hasBody,
  });
  if (!signature.ok) {
    if (signature.code === 'signature_missing') {
      throw new ServiceError('signature_missing', 'Sign the request as RFC 9421 and /docs/formats describe.');
    }
    throw new ServiceError('signature_invalid', `${signature.code}.`);
  }
  if (signature.value.components.includes('content-digest')) {
    const digest = verifyContentDigest(request.headers.get('content-digest'), bodyBytes);
    if (!digest.ok) throw new ServiceError('content_digest_mismatch', `${digest.code}.`);
  }
  return signature.value;
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
