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
  /** Whether the signed records name this very digest; null when they name none for such a content. */
  matches: boolean | null;
}

/**
 * Null when salt or content are not base64 as it is printed.
 * @param named digests that the signed records of the decision name for contents of this role
 */
export function hashContent(
  payload: DecisionPayload,
  named: ReadonlySet<string> | undefined,
): HashedContent | null {
  const salt = parseBase64(payload.salt);
  const content = parseBase64(payload.content);
  if (!salt.ok || !content.ok) return null;
  const computed = formatDigest('sha3-512', sha3_512(concatBytes(salt.value, content.value)));
  const text = decodeUtf8(content.value);
  return {
    text: text.ok ? text.value : null,
    byteCount: content.value.length,
    computed,
    matches: named === undefined ? null : named.has(computed),
  };
}
