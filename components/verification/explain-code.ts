import { ARTEFACT_ERROR_CODES } from '@/lib/evidence/artefact/artefact-error';
import { PACKAGE_ERROR_CODES } from '@/lib/evidence/package/package-error';
import { TRUST_ERROR_CODES } from '@/lib/evidence/trust/trust-error';
import { LEDGER_SENTENCES } from '@/lib/integrity/witness/ccf/ledger-sentences';
import { REKOR_SENTENCES } from '@/lib/integrity/witness/rekor/rekor-sentences';

/** What a failed check proves, in one or two sentences; never more than it proves. */
const EXPLANATIONS: Record<string, string> = {
  link_mismatch:
    'The stored link does not follow from the stored bytes: this record, its link or the link before it was changed after it was chained. A digest shows that they changed, not where inside; the producer’s copy would show it.',
  genesis_mismatch: 'The stream does not begin where a stream of this name begins.',
  payload_syntax:
    'What was signed cannot be read any more: these are not the bytes that the producer signed.',
  payload_type_unknown:
    'What was signed is not declared to be a record: its declared type was changed, or something else was put in its place.',
  envelope_base64: 'These bytes are not what arrived: a part of the envelope cannot be decoded.',
  signature_missing: 'Nobody signed this record.',
  record_too_large: 'No record of this size is taken; these bytes were put here by another way.',
  stream_mismatch: 'The record was signed for another stream than the one it stands in.',
  position_gap: 'Records are missing from the middle or the end of the stream.',
  seq_gap:
    'The producer signed a number that never arrived here: a record was lost on the way, or kept back.',
  seq_repeated: 'The producer used one number twice.',
  signature_invalid:
    'The bytes are not the ones that were signed, or another key signed them. Whoever changed them did not have the key.',
  key_unknown: 'The key that signed this is not registered for this producer.',
  key_validity: 'The key was not in force when this was accepted.',
  copy_differs: 'The record shown on this page is not the one that stands in the stream.',
  root_mismatch:
    'The leaf rebuilt here does not lead to the signed root: the log committed to something else.',
  projection_differs:
    'What the search shows is not what the record says. The record is the evidence; the search row was changed.',
  record_missing: 'The search names a place in which no record stands.',
  action_mismatch: 'The records speak of different actions.',
  claims_digest: 'The token does not carry the claims that were recorded when it was issued.',
  record_mismatch: 'The token rests on a review record with another link than the one in the stream.',
  method_mismatch:
    'The token says of a verdict that a passkey signed it, or that none did, and the review record says otherwise.',
  assertion_missing: 'The verdict is said to be signed with a passkey, and no signature of one is recorded.',
  assertion_unreadable: 'What is recorded as the passkey’s signature cannot be read at all.',
  passkey_person: 'The passkey is registered for somebody else than the reviewer named in the statement.',
  passkey_not_yet: 'The passkey was registered only after this verdict was recorded.',
  passkey_revoked: 'The passkey had been revoked before this verdict was recorded: it counts for nothing.',
  challenge_mismatch:
    'The device signed another statement than the one recorded here: verdict, action, dwell or person was changed, or the signature is of another ceremony.',
  client_data_form:
    'What the browser handed to the device cannot be read: these are not the bytes that were signed.',
  client_data_type: 'The device signed something else than an assertion.',
  client_origin_mismatch: 'The device signed for a page at another address than the console says.',
  cross_origin: 'The signature was asked for inside a frame of another site.',
  authenticator_data:
    'What the device said of itself cannot be read: these are not the bytes that it signed.',
  rp_id_mismatch: 'The device signed for another site than the one its passkey is registered for.',
  user_not_present: 'Nobody touched the device.',
  user_not_verified: 'The device did not verify who was using it.',
  key_unsupported: 'The registered key is none that a passkey can have here.',
  statement_digest: 'The verdict recorded is not the one that its digest was taken of.',
  log_key_changed:
    'The log signs with another key than the one remembered here. Ask its operator why before trusting it.',
  record_unreadable: 'The record cannot be read at all.',
  log_name_changed:
    'This console shows another log than the one that this browser verified here before. Ask its operator why before trusting it.',
  log_shrunk:
    'The log holds less than it has already signed. A log never shrinks: what it showed before was taken back.',
  entry_mismatch:
    'The log committed to another link than the one stored with this record: the stored stream is not the one that was logged.',
  entry_order:
    'The log does not hold every record of this stream once, in order: one was left out, repeated or put elsewhere.',
  entry_without_record: 'The log holds entries of this stream for which the console shows no record.',
  entry_syntax: 'What stands in the log at this place is not an entry.',
  bundle_syntax: 'What the log serves at this place is not a bundle of entries.',
  history_changed:
    'This record, or one before it, was another when this browser verified the stream before: the past was rewritten.',
  stream_shrunk: 'The stream ended later when this browser verified it before: its end was taken away.',
  size_mismatch: 'The proof is for another tree than the checkpoint.',
  log_forked:
    'The log’s own key signed two different histories of the same size. Whoever holds that key shows different logs to different people: keep both files, they prove it.',
  growth_refuted:
    'What is remembered here is not a beginning of this log: records were changed or taken out since. Keep both checkpoints.',
  origin_mismatch: 'The checkpoint is of another log than the one it is held against.',
  log_signature_missing: 'The log itself has not signed this checkpoint.',
  digest_mismatch:
    'The receipt is for other bytes than these. Either the file was changed after it was stamped, or the two do not belong together.',
  imprint_mismatch:
    'The time stamp is for other bytes than these. Either the file was changed after it was stamped, or the two do not belong together.',
  key_differs:
    'The package brings another key under the same name than the one that was pinned. Do not pin it before its owner has told you why.',
  log_key_differs:
    'The package brings another log key than the one that was pinned. Do not pin it before its owner has told you why.',
  key_retirement:
    'The package says that a key was valid for longer than what was pinned says: what it signed after its end counts for nothing.',
  export_mismatch:
    'The manifest tells of another export than the one that the console signed: who took it out, for whom, why or what was asked for was changed afterwards.',
  verifier_mismatch:
    'The verifier page in the package is not the one whose digest the console recorded. Do not use it; any other verifier reads the package.',
  payload_digest: 'The content, digested again with its salt, is not what its digest says: it was changed.',
  payload_unnamed:
    'No signed record of the decision names this content: it may be anything that somebody put beside it.',
  token_segments: 'This is no token: it has not the three parts of one.',
  token_claims: 'The token claims what no approval of a console claims.',
  token_base64url: 'The token is not spelled as tokens are spelled: it was changed.',
  token_header: 'The head of the token is not that of an approval.',
  envelope_syntax: 'The file is not a signed record.',
  envelope_shape: 'The file is not a signed record.',
  ...LEDGER_SENTENCES,
  ...REKOR_SENTENCES,
};

/** Codes whose line already says in a sentence why the file was refused. */
const SAID: ReadonlySet<string> = new Set([
  ...PACKAGE_ERROR_CODES,
  ...ARTEFACT_ERROR_CODES,
  ...TRUST_ERROR_CODES,
]);

/** Null where the line says it itself. */
export function explainCode(code: string | undefined): string | null {
  if (code !== undefined && SAID.has(code)) return null;
  return (
    (code === undefined ? undefined : EXPLANATIONS[code]) ??
    'The values compared are not the same. Keep a copy of this page and of the record before anything else is changed.'
  );
}
