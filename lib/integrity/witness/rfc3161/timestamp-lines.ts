import type { Check, CheckRoot } from '@/lib/integrity/check';
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

/** What one line found: nothing wrong, a closed code, or why it could not look. */
export type LineOutcome =
  | { readonly verdict: 'valid' }
  | {
      readonly verdict: 'invalid';
      readonly code: string;
      readonly expected?: string;
      readonly computed?: string;
    }
  | { readonly verdict: 'not-checked'; readonly reason: string };

export const VALID: LineOutcome = { verdict: 'valid' };

export function invalid(code: string, held: { expected?: string; computed?: string } = {}): LineOutcome {
  return { verdict: 'invalid', code, ...held };
}

export function notChecked(reason: string): LineOutcome {
  return { verdict: 'not-checked', reason };
}

export const WEAK_HASH = 'it rests on SHA-1, under which two contents with one digest can be made';
const WITHOUT_RSA = 'this browser verifies RSA only on pages that were loaded over https or from a file';

/** A failed signature or chain. What is weak, unknown here or beyond this host shows nothing either way. */
export function failedSignature(code: ChainCode, detail: string | undefined): LineOutcome {
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
  outcome: LineOutcome,
  trust: { key?: string; root?: CheckRoot } = {},
): Check {
  return { id: `rfc3161.${line}`, title: TITLES[line], compared, ...outcome, ...trust };
}
