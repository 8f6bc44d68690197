import { concatBytes, decodeUtf8 } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import { formatDigest, sha3_512 } from '@/lib/core/hash';
import type { DecisionPayload } from './payload-content';

/** A content as it is shown: hashed where it is shown, and compared with what the signed record says. */
export interface HashedContent {
  /** Null when the bytes are no UTF-8. */
  text: string | null;
  byteCount: number;
  /** SHA3-512(salt ‖ content), computed here (formats.md §2). */
  computed: string;
  /** Whether the digest that the record names is this one; null when no digest is known to compare with. */
  matches: boolean | null;
}

/** Null when salt or content are not base64 as it is printed. */
export function hashContent(payload: DecisionPayload, expected: string | null): HashedContent | null {
  const salt = parseBase64(payload.salt);
  const content = parseBase64(payload.content);
  if (!salt.ok || !content.ok) return null;
  const computed = formatDigest('sha3-512', sha3_512(concatBytes(salt.value, content.value)));
  const text = decodeUtf8(content.value);
  return {
    text: text.ok ? text.value : null,
    byteCount: content.value.length,
    computed,
    matches: expected === null ? null : expected === computed,
  };
}
