import { parseBase64 } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';
import type { TrustErrorCode } from './trust-error';

/** One block of a PEM file (RFC 7468): `CERTIFICATE` or `PUBLIC KEY`. */
export interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,64})-----([A-Za-z0-9+/=\s]*)-----END ([A-Z0-9 ]{1,64})-----/g;

/** Every block of a text; what stands between them is explanation and is skipped, as RFC 7468 §2 allows. */
export function readPem(text: string): Result<PemBlock[], TrustErrorCode> {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return err('trust_private_key');
  const blocks: PemBlock[] = [];
  for (const [, label = '', body = '', end] of text.matchAll(BLOCK)) {
    const der = parseBase64(body.replace(/\s+/g, ''));
    if (!der.ok || label !== end) return err('trust_shape', `block ${blocks.length + 1}`);
    blocks.push({ label, der: der.value });
  }
  const begun = text.split('-----BEGIN ').length - 1;
  return begun === blocks.length ? ok(blocks) : err('trust_shape', 'a block does not end');
}
