/**
 * What every verifier of a witness's receipt takes and answers (layer 3). A witness stamps the signed checkpoint as first
 * published: note text, empty line, the log's own signature line; `stamp = SHA-256(those bytes)`.
 *
 * | type           | receipt bytes                                       | file in a package |
 * | -------------- | --------------------------------------------------- | ----------------- |
 * | rfc3161        | DER TimeStampResp or TimeStampToken                 | `.tsr`            |
 * | opentimestamps | detached timestamp file                             | `.ots`            |
 * | worm           | JSON statement of a write-once store                | `.worm.json`      |
 * | ccf            | receipt of a CCF ledger, JSON (or COSE)             | `.ccf.json` (`.ccf.cose`) |
 * | rekor          | JSON of Sigstore's TransparencyLogEntry, or Rekor v1's own entry | `.rekor.json` |
 * | c2sp           | cosignature line of a signed note                   | `.cosignature`    |
 */
import { sha256 } from '@/lib/core/hash';
import { type Check, type CheckVerdict, overallVerdict } from '@/lib/integrity/check';

export const WITNESS_TYPES = ['rfc3161', 'opentimestamps', 'worm', 'ccf', 'rekor', 'c2sp'] as const;
export type WitnessType = (typeof WITNESS_TYPES)[number];

/** What a receipt must speak of: the bytes themselves, or a digest of bytes that are elsewhere. */
export type Stamped =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'digest'; readonly algorithm: DigestAlgorithm; readonly digest: Uint8Array };

export type DigestAlgorithm = 'sha-1' | 'sha-256' | 'sha-384' | 'sha-512';

/** The receipt's checks in order, and when the witness says that it saw the stamped bytes. */
export interface WitnessReport {
  readonly checks: readonly Check[];
  /** Derived from `checks`: invalid if any is; valid only if there are some and every one is. */
  readonly verdict: CheckVerdict;
  /** Milliseconds since the Unix epoch; only when everything that the time rests on is VALID. */
  readonly witnessedAtMs: number | null;
  /** Who the receipt says it is from, as far as it was verified: certificate subject, key name, calendar, service. */
  readonly witness: string | null;
}

/** SHA-256 of the signed checkpoint as first published. */
export function stampOf(signedCheckpoint: Uint8Array): Uint8Array {
  return sha256(signedCheckpoint);
}

/** A report over `checks`; a time is only kept where all of them are VALID. */
export function reportWitness(
  checks: readonly Check[],
  seen: { witnessedAtMs?: number | null; witness?: string | null } = {},
): WitnessReport {
  const verdict = overallVerdict(checks);
  return {
    checks,
    verdict,
    witnessedAtMs: verdict === 'valid' ? (seen.witnessedAtMs ?? null) : null,
    witness: seen.witness ?? null,
  };
}
