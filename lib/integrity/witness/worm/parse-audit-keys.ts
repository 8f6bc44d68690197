/**
 * The keys under which AWS signs audit digests, as `aws cloudtrail list-public-keys` prints them:
 *
 *   {"PublicKeyList":[{"Value":"<base64 of an RSAPublicKey, PKCS#1 DER>","Fingerprint":"<hex MD5 of it>", …}]}
 *
 * They are pinned as SPKI DER: SEQUENCE { rsaEncryption, NULL } and the PKCS#1 bytes in a BIT STRING (RFC 5280 §4.1.2.7).
 */
import * as z from 'zod';
import { concatBytes, decodeUtf8 } from '@/lib/core/bytes';
import { formatHex, parseBase64, parseHex } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import { parseJson } from '@/lib/core/json';
import { md5 } from '@/lib/core/legacy-hash';
import { err, ok, type Result } from '@/lib/core/result';

const MAX_BYTES = 262_144;
const MAX_KEY_BYTES = 1_100;

const listedKeys = z.object({
  PublicKeyList: z
    .array(z.object({ Value: z.string(), Fingerprint: z.string() }))
    .min(1)
    .max(200),
});

export interface AuditKey {
  /** SPKI DER. */
  readonly publicKey: Uint8Array;
  /** AWS's own fingerprint of it, as digests name it. */
  readonly fingerprint: string;
}

/** Every key of the list; one whose fingerprint is not its own refuses the file. */
export function parseAuditKeys(
  bytes: Uint8Array,
): Result<AuditKey[], 'audit_keys_syntax' | 'audit_key_fingerprint'> {
  const text = bytes.length <= MAX_BYTES ? decodeUtf8(bytes) : err('audit_keys_syntax');
  const json = text.ok ? parseJson(text.value, { allowFloats: true }) : text;
  const file = listedKeys.safeParse(json.ok ? json.value : null);
  if (!file.success) return err('audit_keys_syntax');
  const keys: AuditKey[] = [];
  for (const { Value, Fingerprint } of file.data.PublicKeyList) {
    const pkcs1 = parseBase64(Value);
    if (!pkcs1.ok || pkcs1.value.length > MAX_KEY_BYTES) return err('audit_keys_syntax');
    if (formatHex(md5(pkcs1.value)) !== Fingerprint) return err('audit_key_fingerprint');
    keys.push({ publicKey: spkiOf(pkcs1.value), fingerprint: Fingerprint });
  }
  return ok(keys);
}

const RSA_ENCRYPTION = parseHex('300d06092a864886f70d0101010500');

function spkiOf(pkcs1: Uint8Array): Uint8Array {
  invariant(RSA_ENCRYPTION.ok, 'spkiOf: algorithm');
  return tagged(0x30, RSA_ENCRYPTION.value, tagged(0x03, Uint8Array.of(0), pkcs1));
}

/** DER: tag, length in its shortest form (here below 65,536), content. */
function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts);
  const n = content.length;
  if (n < 0x80) return concatBytes(Uint8Array.of(tag, n), content);
  if (n < 0x100) return concatBytes(Uint8Array.of(tag, 0x81, n), content);
  return concatBytes(Uint8Array.of(tag, 0x82, n >> 8, n & 0xff), content);
}
