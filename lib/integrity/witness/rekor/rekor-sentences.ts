import type { RekorCode } from '@/lib/integrity/witness/rekor/rekor-lines';

/** What each failed line of a Rekor entry proves, in a sentence or two; never more than it proves. */
export const REKOR_SENTENCES: Readonly<Record<RekorCode, string>> = {
  rekor_too_large: 'The file is larger than any entry or bundle, so it was not read.',
  rekor_json: 'The file is not strict JSON: it was cut off or changed, or spells a member twice.',
  rekor_shape: 'A part that every entry or bundle has is missing or malformed.',
  rekor_body: 'What the log holds is not an entry of the kind that it says it is.',
  rekor_body_mismatch: 'The entry is of another kind or version than is stated beside it.',
  rekor_stamp_mismatch:
    'The entry is about other bytes than these. Either the file was changed after it was logged, or the two do not belong together.',
  rekor_signature_invalid:
    'The signature in the entry is not one over what the entry is about, under the key in the entry.',
  rekor_signer_mismatch:
    'The entry was signed under another key than the pinned ones: somebody else logged these bytes, or signed something else.',
  rekor_bundle_mismatch:
    'The bundle and the log speak of different signatures, digests or certificates: parts of two bundles were put together.',
  rekor_certificate_expired: 'The signature was made, or at least seen, when its certificate was not valid.',
  rekor_checkpoint: 'The log’s checkpoint cannot be read: a line is missing, or it is not signed at all.',
  rekor_checkpoint_unsigned: 'The pinned log has not signed this checkpoint; others may have.',
  rekor_checkpoint_signature: 'The checkpoint is not the one that the log signed.',
  rekor_checkpoint_origin: 'The checkpoint is of another log than the one that is pinned.',
  rekor_proof_absent: 'Nothing shows that the entry is in the log.',
  rekor_proof:
    'The entry and its proof do not lead to the root that they should: the entry was changed, or the proof is of another entry or another state of the log.',
  rekor_proof_root: 'The proof states another state of the log than the one that the log signed.',
  rekor_set_invalid: 'The log did not sign this time, or this place, for this entry.',
  rekor_log_expired: 'The entry is from a time at which the log’s key did not count, as it is pinned.',
  rekor_cosignature: 'A pinned witness is said to have cosigned the log’s checkpoint, and did not.',
  rekor_timestamp:
    'A time stamp in the bundle is not one over this signature, or is not good. Unfold it to see why.',
  rekor_timestamp_expired:
    'The time stamp is from a time at which the authority did not count, as it is pinned.',
};
