/**
 * The seal on a drill: `sha-256` over `"countersign/drill/v1\n" ‖ salt (32 bytes) ‖ JCS(what it is)`. Only the seal is in
 * the log before the verdict; salt and content are revealed with the score, so that nobody, the console included, can
 * say afterwards that another answer had been the right one, and nobody can tell from the log which case it is.
 */
import { concatBytes, utf8 } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { formatCanonicalJson } from '@/lib/core/json';

export interface DrillOpening {
  drill: string;
  /** The 128 random bits of the escalation that will carry it. */
  instance: string;
  /** What a careful reviewer does with it. */
  known: 'good' | 'bad';
  recipe: string;
  /** The past escalation it is made of. */
  model: string;
}

/** `sha-256:hex` of the seal. */
export function commitDrill(opening: DrillOpening, salt: Uint8Array): string {
  const { drill, instance, known, recipe, model } = opening;
  const content = utf8(formatCanonicalJson({ v: 1, drill, instance, known, recipe, model }));
  return formatDigest('sha-256', sha256(concatBytes(utf8('countersign/drill/v1\n'), salt, content)));
}
