import type { EscalationDetail } from '@/lib/escalations/escalation-view';

/** Whether what this page draws is what would be signed. `computed` and `stated` only where they differ. */
export type ShownCheck =
  | { verdict: 'checking' }
  | { verdict: 'valid' }
  /** The action's bytes are not there: erased, or not those whose digest is signed. Nobody can approve it. */
  | { verdict: 'gone' }
  | { verdict: 'invalid'; what: 'action' | 'display'; stated: string; computed: string }
  | { verdict: 'invalid'; what: 'bytes'; reason: string };

/**
 * Computes here, from the bytes this page draws, the two digests that the reviewer's statement carries: SHA-256 over
 * the canonical action (formats.md §7) and over everything drawn beside it (§9). Bytes that are not I-JSON in canonical
 * form (RFC 8785) are invalid: another reader could read another action out of them.
 */
export async function checkShown(shown: EscalationDetail): Promise<ShownCheck> {
  if (shown.actionJson === '') return { verdict: 'gone' };
  const [bytes, encoding, hash, json, statement] = await Promise.all([
    import('@/lib/core/bytes'),
    import('@/lib/core/encoding'),
    import('@/lib/core/hash'),
    import('@/lib/core/json'),
    import('@/lib/escalations/statement'),
  ]);
  const parsed = json.parseJson(shown.actionJson);
  if (!parsed.ok) return { verdict: 'invalid', what: 'bytes', reason: parsed.code };
  if (json.formatCanonicalJson(parsed.value) !== shown.actionJson) {
    return { verdict: 'invalid', what: 'bytes', reason: 'not_canonical' };
  }
  const action = encoding.formatBase64url(hash.sha256(bytes.utf8(shown.actionJson)));
  if (action !== shown.actionDigest) {
    return { verdict: 'invalid', what: 'action', stated: shown.actionDigest, computed: action };
  }
  const display = statement.displayDigest(shown);
  if (display !== shown.displayDigest) {
    return { verdict: 'invalid', what: 'display', stated: shown.displayDigest, computed: display };
  }
  return { verdict: 'valid' };
}
