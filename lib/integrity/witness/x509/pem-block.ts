/**
 * One certificate or public key in PEM (RFC 7468, lines of any length, nothing around them), as receipts of CCF and entries of
 * Rekor carry them:
 *
 *   -----BEGIN CERTIFICATE-----\n<base64 in lines>\n-----END CERTIFICATE-----\n
 */
import { parseBase64 } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';

const MAX_PEM_CHARACTERS = 32_768;
const BLOCK = /^-----BEGIN (CERTIFICATE|PUBLIC KEY)-----\r?\n((?:[A-Za-z0-9+/=]+\r?\n)+)-----END \1-----\s*$/;

export interface PemBlock {
  readonly label: 'CERTIFICATE' | 'PUBLIC KEY';
  readonly der: Uint8Array;
}

/** The one block that `text` is. */
export function parsePemBlock(text: string): Result<PemBlock, 'pem_syntax'> {
  const match = text.length <= MAX_PEM_CHARACTERS ? BLOCK.exec(text) : null;
  if (!match) return err('pem_syntax');
  const der = parseBase64((match[2] as string).replace(/\r?\n/g, ''));
  return der.ok ? ok({ label: match[1] as PemBlock['label'], der: der.value }) : err('pem_syntax');
}
