import type { Check, CheckRoot } from '@/lib/integrity/check';
import type { LineOutcome } from '@/lib/integrity/witness/line-outcome';

/** Why an entry of a Rekor log does not show what it should. */
export type RekorCode =
  | 'rekor_too_large'
  | 'rekor_json'
  | 'rekor_shape'
  | 'rekor_body'
  | 'rekor_body_mismatch'
  | 'rekor_stamp_mismatch'
  | 'rekor_signature_invalid'
  | 'rekor_signer_mismatch'
  | 'rekor_bundle_mismatch'
  | 'rekor_certificate_expired'
  | 'rekor_checkpoint'
  | 'rekor_checkpoint_unsigned'
  | 'rekor_checkpoint_signature'
  | 'rekor_checkpoint_origin'
  | 'rekor_proof_absent'
  | 'rekor_proof'
  | 'rekor_proof_root'
  | 'rekor_set_invalid'
  | 'rekor_log_expired'
  | 'rekor_cosignature'
  | 'rekor_timestamp'
  | 'rekor_timestamp_expired';

const TITLES = {
  entry: 'Entry',
  stamp: 'Stamped bytes',
  signature: 'Signature in the entry',
  signer: 'Who signed the entry',
  bundle: 'Bundle and entry',
  checkpoint: "Log's checkpoint",
  inclusion: 'Entry in the log',
  set: 'Time of the entry',
  cosignatures: "Witnesses of the log's checkpoint",
  timestamp: 'Time stamp on the signature',
  'log-key': "Life of the log's key",
  certificate: 'Life of the certificate',
} as const;
export type RekorLine = keyof typeof TITLES;

/** `rekor.<line>` with its title. */
export function rekorLine(
  line: RekorLine,
  compared: string,
  outcome: LineOutcome<RekorCode>,
  trust: { key?: string; root?: CheckRoot; details?: readonly Check[] } = {},
): Check {
  return { id: `rekor.${line}`, title: TITLES[line], compared, ...outcome, ...trust };
}
