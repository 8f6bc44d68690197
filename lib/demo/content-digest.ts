import { utf8 } from '@/lib/core/bytes';
import { formatDigest, sha3_512, sha256 } from '@/lib/core/hash';

/** SHA-256 of a text, as prompts and policies are named. */
export function contentDigest(text: string): string {
  return formatDigest('sha-256', sha256(utf8(text)));
}

/** SHA3-512 of a retrieved document's text, as retrieval items are named. */
export function documentDigest(text: string): string {
  return formatDigest('sha3-512', sha3_512(utf8(text)));
}
