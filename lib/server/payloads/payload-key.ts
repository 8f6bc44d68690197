import { concatBytes, utf8 } from '@/lib/core/bytes';
import { hmacSha256 } from '@/lib/core/hash';
import type { SubjectKey } from '../vault/subject-keys';

/**
 * The key of a payload about these subjects: the data key of the one, or a key that follows from all of theirs, so that the
 * erasure of any one of them takes it away. `id` names them all.
 */
export function payloadKeyOf(keys: readonly SubjectKey[]): { id: string; key: Uint8Array } {
  const [only] = keys;
  if (only && keys.length === 1) return { id: only.id, key: only.key };
  const ordered = [...keys].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    id: ordered.map(({ id }) => id).join('+'),
    key: hmacSha256(concatBytes(...ordered.map(({ key }) => key)), utf8('countersign/payload-key/v2')),
  };
}
