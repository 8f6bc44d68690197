import type { Check, CheckRoot } from '@/lib/integrity/check';
import { invalid, type LineOutcome, notChecked } from '@/lib/integrity/witness/line-outcome';
import type { TimestampCode } from '@/lib/integrity/witness/rfc3161/parse-timestamp';
import type { SigningCertificateCode } from '@/lib/integrity/witness/rfc3161/signing-certificate';
import type { TstInfoCode } from '@/lib/integrity/witness/rfc3161/tst-info';
import type { ChainCode } from '@/lib/integrity/witness/x509/verify-chain';

const TITLES = {
  format: 'Time stamp',
  status: 'Answer',
  imprint: 'Stamped bytes',
  nonce: 'Nonce',
  signer: 'Signer',
  eku: 'Purpose of the certificate',
  'content-type': 'Kind of content',
  digest: 'Content',
  attributes: 'Signed attributes',
  ess: 'Certificate that was signed for',
  signature: 'Signature',
  chain: 'Chain to a pinned root',
} as const;
export type TimestampLine = keyof typeof TITLES;

/** Every code that an INVALID line of a time stamp can have. */
export type TimestampLineCode =
  | TimestampCode
  | TstInfoCode
  | SigningCertificateCode
  | ChainCode
  | 'status_refused'
  | 'imprint_algorithm'
  | 'imprint_mismatch'
  | 'nonce_mismatch'
  | 'content_type'
  | 'digest_mismatch'
  | 'signer_count'
  | 'signer_not_named'
  | 'signer_untrusted'
  | 'signer_is_authority'
  | 'signer_key_usage'
  | 'purpose'
  | 'attributes_missing'
  | 'attribute_missing'
  | 'attribute_repeated'
  | 'ess_missing'
  | 'ess_mismatch';

export const WEAK_HASH = 'it rests on SHA-1, under which two contents with one digest can be made';
const WITHOUT_RSA = 'this browser verifies RSA only on pages that were loaded over https or from a file';

/** A failed signature or chain. What is weak, unknown here or beyond this host shows nothing either way. */
export function failedSignature(code: ChainCode, detail: string | undefined): LineOutcome<ChainCode> {
  switch (code) {
    case 'signature_algorithm_weak':
      return notChecked(WEAK_HASH);
    case 'signature_algorithm_unsupported':
      return notChecked(`the signature algorithm is not known here${detail ? ` (${detail})` : ''}`);
    case 'signature_host_without_rsa':
      return notChecked(WITHOUT_RSA);
    default:
      return invalid(code, detail === undefined ? {} : { computed: detail });
  }
}

/** `rfc3161.<line>` with its title. */
export function timestampLine(
  line: TimestampLine,
  compared: string,
  outcome: LineOutcome<TimestampLineCode>,
  trust: { key?: string; root?: CheckRoot } = {},
): Check {
  return { id: `rfc3161.${line}`, title: TITLES[line], compared, ...outcome, ...trust };
}
