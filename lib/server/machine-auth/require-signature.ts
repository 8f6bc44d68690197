import {
  parseRequestSignature,
  type RequestSignature,
  verifyContentDigest,
  verifyRequestSignature,
} from '@/lib/core/http-signature';
import { getConfig } from '../config';
import { ServiceError } from '../errors';
import { rememberNonce } from './remember-nonce';

/** Seconds that `created` may lie before or after this console's clock (formats.md §11). */
export const SIGNATURE_WINDOW_S = 60;

/**
 * The one signature of a request (RFC 9421), made within the window, its body's digest matching. Who made it is not
 * known yet.
 * @throws ServiceError `signature_missing`, `signature_invalid`, `content_digest_mismatch`, `signature_expired`
 */
export function requireFreshSignature(
  request: Request,
  bodyBytes: Uint8Array,
  nowMs: number,
): RequestSignature {
  const signature = requireSignature(request, bodyBytes);
  if (Math.abs(nowMs / 1000 - signature.createdS) > SIGNATURE_WINDOW_S) {
    throw new ServiceError(
      'signature_expired',
      `"created" must be within ${SIGNATURE_WINDOW_S} s of ${new Date(nowMs).toISOString()}.`,
    );
  }
  return signature;
}

/** That this key signed this method at this console's own address. @throws ServiceError `signature_invalid` */
export function requireSignedBy(request: Request, signature: RequestSignature, publicKey: Uint8Array): void {
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
}

/** Spends the signature's nonce. @throws ServiceError `signature_replayed` */
export async function requireUnused(signature: RequestSignature, nowMs: number): Promise<void> {
  if (!(await rememberNonce(signature, nowMs)))
    throw new ServiceError('signature_replayed', 'This signed request was received before.');
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
