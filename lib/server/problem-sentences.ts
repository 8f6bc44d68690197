import type { ErrorCode } from './errors';

/** What each code means and what to do, in one sentence; shown at `/problems/<code>`. The list is total on purpose. */
export const PROBLEM_SENTENCES: Readonly<Record<ErrorCode, string>> = {
  malformed_request:
    'The request does not have the documented shape; the detail names the first field that is wrong.',
  invalid_json: 'The body or payload is not JSON in UTF-8 as RFC 7493 (I-JSON) restricts it.',
  duplicate_json_key:
    'A JSON object names the same member twice, so that two readers could see two different values.',
  json_too_deep: 'The JSON nests more deeply than 32 levels.',
  unsupported_media_type: 'Send one of the media types that the detail lists.',
  request_too_large: 'The request is larger than this address accepts; send less at a time.',
  not_found: 'There is nothing here that you may see.',
  method_not_allowed: 'This address does not answer to that method.',
  rate_limited: 'Too many attempts; wait for the time in the Retry-After header.',
  signature_missing: 'The request or record carries no signature.',
  signature_invalid: 'The signature does not verify over exactly these bytes with the named key.',
  signature_expired: 'The signature was created more than 60 seconds from this console’s time; sign again.',
  signature_replayed: 'This nonce was used before; sign every request with a fresh one.',
  content_digest_mismatch: 'The Content-Digest header is not the digest of the body that arrived.',
  key_unknown: 'The key id is not registered here, or its validity has not begun.',
  key_retired: 'The key was retired; sign with a current key of the same producer.',
  producer_unknown: 'The producer is not registered here, or the key belongs to another one.',
  producer_disabled: 'The producer was disabled; nothing it signs is accepted any more.',
  producer_exists: 'This producer id, or one above or below it, is registered already.',
  key_exists: 'This public key is registered already; every producer has its own.',
  key_invalid: 'The public key is not a canonical Ed25519 key of full order.',
  witness_exists:
    'A witness of this name is registered; its receipts are kept under the name, so choose another.',
  witness_unknown: 'No witness of this name is registered here.',
  witness_invalid:
    'The settings are not those that a witness of this type needs; the detail names the first that is wrong.',
  trust_file_invalid: 'The file was not taken as trust roots; the detail says why. Nothing of it was pinned.',
  trust_root_unknown: 'No root of this kind and fingerprint is pinned here.',
  channel_exists: 'A channel of this name is registered; choose another.',
  channel_unknown: 'No channel of this name is registered here.',
  channel_invalid:
    'The settings are not those that a channel of this type needs; the detail names the first that is wrong.',
  sign_in_required: 'Sign in first.',
  role_required: 'Your roles in this organisation do not cover this.',
  insufficient_authority: 'Your authority does not reach this tier, amount, currency or tool.',
  outside_hours: 'Your authority reaches this, but not at this hour or on this day.',
  self_approval: 'Nobody decides alone what they asked for or what is done for them.',
  duplicate_human:
    'The same human counts once: you, another account of yours, or somebody with your authority has decided this, or two approvals turned out to be one person’s.',
  link_refused: 'The link names nobody and nothing of this organisation, or the person themselves.',
  delegation_unfit:
    'This authority cannot be handed over so: the detail says whether it is wider than your own, to whom it would go, or when.',
  break_glass_off: 'The policy in force opens no break-glass, or not for your role.',
  break_glass_state:
    'The break-glass is not in the state that this needs: it was confirmed, has closed, ran out or was reviewed, or you are not another person than those who opened it.',
  cross_site_request: 'The request did not come from a page of this console.',
  tenant_changed: 'The page shows another organisation than the one you are in now; reload it.',
  link_invalid: 'The one-time link is unknown, used or past its time.',
  password_unfit: 'A password needs 14 to 200 characters and at least five different ones.',
  person_exists: 'This person is a member of the organisation already; change their roles instead.',
  roles_conflict:
    'A person needs at least one role, and an administrator may neither review nor protect data: whoever configures approves nothing and looks behind nothing. An administrator who signs in by password takes no other role elsewhere.',
  last_administrator: 'An organisation keeps at least one administrator; make somebody else one first.',
  identifier_invalid:
    'The identifier is not one of its type: too long, with other characters, or with a wrong check digit.',
  own_request: 'Nobody grants what they asked for themselves.',
  request_unknown: 'No request of this organisation has this id, or it is not yours to take up.',
  request_ended: 'The request was granted, refused, used or is past its time.',
  hold_unknown: 'No legal hold of this organisation has this id.',
  hold_released: 'The hold was released before.',
  hold_applies: 'A legal hold covers this: nothing of it may be deleted until the hold is released.',
  subject_unknown: 'Nothing is kept here under this subject token.',
  subject_erased: 'The subject was erased; nothing more is kept about them.',
  payload_gone:
    'The content is not kept any more, or is not what was stored; the signed digest still says what it was.',
  version_conflict: 'Somebody changed this meanwhile; reload it and look again.',
  record_too_large: 'A record has at most 65,536 bytes; keep payloads outside and refer to them by digest.',
  envelope_invalid: 'The record is not a DSSE envelope with exactly its members and canonical base64.',
  payload_type_unknown: 'The envelope’s payload type is not application/vnd.countersign.record.v1+json.',
  record_invalid:
    'The signed payload does not follow the record schema; the detail names the first wrong field.',
  record_kind_reserved: 'Only the console itself may sign records of this kind.',
  stream_foreign: 'The stream belongs to another producer.',
  id_conflict: 'The id is used in this stream with other bytes; a record can never be replaced.',
  sequence_reused: 'The sequence number was used before; a producer counts every record once.',
  occurred_in_future: 'The record says it occurred more than five minutes after this console’s time.',
  version_digest_mismatch:
    'The content does not digest to what the request names; digest the UTF-8 bytes of the content, unsalted.',
  not_logged_yet: 'The record is stored and chained, and waits for the next checkpoint of the log.',
  duplicate_request: 'The Idempotency-Key was used before with another body.',
  evaluation_unknown: 'The evaluation is not one that this gateway was given.',
  evaluation_expired: 'The denial that this request builds on has expired; evaluate again.',
  evaluation_mismatch: 'The action is not the one that was evaluated.',
  not_requestable: 'No person can lift this denial.',
  expired_request: 'The requested expiry lies in the past or beyond what the policy allows.',
  task_unknown: 'There is no such task for this gateway.',
  task_terminal: 'The task has ended and cannot change any more.',
  policy_missing: 'No policy is active in this organisation, so nothing can be allowed.',
  state_unavailable: 'The state that this decision needs cannot be had, so nothing is allowed.',
  request_superseded:
    'A person narrowed this very action into another request, which the detail names: propose that one exactly.',
  callback_unregistered: 'This address is not registered as a callback of this gateway.',
  edit_widens:
    'An edit may only narrow: a smaller amount, an earlier end or fewer items where the policy says so, and nothing else.',
  edit_unchanged: 'The edit changes nothing.',
  edit_after_approval: 'Somebody has given a verdict on these bytes, so they cannot be edited any more.',
  bulk_not_allowed: 'An action of this tier is approved one at a time.',
  impression_recorded: 'Your first impression is recorded and cannot be changed.',
  information_unknown: 'Nothing is asked under this id.',
  information_answered: 'This question has been answered.',
  nobody_higher: 'It lies with compliance already; above them there is nobody to hand it to.',
  information_limit: 'An escalation takes so many questions and comments and no more.',
  escalation_unknown: 'There is no such escalation in this organisation.',
  escalation_ended: 'The escalation has ended.',
  case_waits:
    'This belongs to a case that waits for a verdict. Whoever may decide reads it on its own page; everything else opens after the verdict.',
  lease_held: 'Somebody else is working on this escalation.',
  not_opened: 'The evidence has to be shown to you before you can decide.',
  already_decided: 'You have given your verdict on this escalation.',
  stale_view: 'What your page showed is not what would be signed; reload it.',
  coverage_incomplete: 'Evidence that this tier requires was not on screen long enough.',
  dwell_too_short: 'The time spent on the evidence is below what the policy requires for an approval.',
  not_inspectable:
    'Part of what the agent saw cannot be shown, and this tier is not approved on what nobody can inspect. Denying stays possible.',
  load_limit_reached:
    'You have reached what the policy lets one person take; the work goes to the next person. What you had open can be finished, and denying stays possible.',
  drill_impossible:
    'No drill can be made of this: it needs a past escalation of the same policy whose content is still kept and would still be asked about.',
  reason_required: 'A verdict needs a reason code of its kind and a reason in words.',
  late_verdict: 'The escalation expired before the verdict arrived; a late verdict counts for nothing.',
  passkey_required: 'The policy asks for your passkey on this verdict; sign with it, or register one first.',
  passkey_unknown: 'The passkey is not one of yours in this organisation.',
  passkey_revoked: 'The passkey was removed or revoked; nothing signed with it counts any more.',
  passkey_cloned:
    'The passkey’s counter went backwards, as if it had been copied; sign with another one and have this one revoked.',
  passkey_exists: 'This passkey is registered already.',
  passkey_limit: 'A person has at most ten passkeys in an organisation; remove one first.',
  passkey_link_required:
    'All your passkeys are gone, so a session alone may not register another: ask an administrator for a one-time link.',
  passkey_invalid: 'What the device answered is not a registration that this console asked for.',
  passkeys_unavailable:
    'Passkeys need the console to be reached under a host name over https, or as localhost.',
  ceremony_unknown: 'This challenge is unknown, used or past its time; begin again.',
  ceremony_mismatch:
    'What was signed is another verdict, escalation or person than what was sent; nothing was recorded.',
  assertion_invalid:
    'The device’s signature does not verify for this statement, this address and a verified user; the detail names the check.',
  unknown_approval: 'There is no such approval for this gateway.',
  approval_expired: 'The approval is past its time; ask again.',
  already_redeemed: 'An approval is good for one execution, and this one has been used.',
  revoked: 'The approval was revoked.',
  action_mismatch: 'The action is not exactly the one that was approved.',
  audience_mismatch: 'The approval was issued to another gateway.',
  policy_changed: 'The policy has changed since the approval; ask again under the current one.',
  record_unverifiable:
    'The review record behind this approval does not verify, so nothing is executed on it.',
  continuity_missing:
    'Records that this action rests on never arrived, so no token of it is issued or redeemed until they do or somebody answers for the hole.',
  chain_invalid:
    'A stored record that this action rests on does not recompute, so no token of it is issued or redeemed.',
  lineage_hole:
    'The action continues a decision that is neither here nor shared by another console, so no token of it is issued or redeemed.',
  authorisation_unverifiable:
    'A review, its statement or the policy behind this action does not verify, so no token of it is issued or redeemed.',
  attribution_failed:
    'Agent, principal, producer, gateway and keys do not agree about who acts, so no token of this action is issued or redeemed.',
  evidence_inconsistent:
    'The evidence about this action contradicts itself, so no token of it is issued or redeemed.',
  condition_holds:
    'The check still fails, and what it found cannot be accepted: the evidence has to be restored first.',
  condition_closed: 'The condition was closed before.',
  outcome_conflict: 'Another outcome was reported for this approval before.',
  alert_rule_exists: 'A rule of this name is there already; change it instead.',
  alert_rule_unknown: 'No rule of this name is there.',
  list_invalid:
    'The list cannot be read without guessing, or cannot be held against decisions; the detail names the line. Nothing of it was kept.',
  cer_unavailable:
    'This decision cannot be told as a Certified Execution Record; the detail says what is missing.',
  database_unavailable: 'The database is away, so nothing can be recorded and nothing is allowed; try again.',
  producer_kind:
    'A producer of this kind may not use this address; gateways and agents ask, pipelines only record.',
  policy_invalid: 'The policy document does not pass its schema, so it was not published.',
  policy_conflict: 'Somebody published another version meanwhile; reload, compare and publish again.',
  log_unwitnessed:
    'Fewer outside witnesses than the policy requires have confirmed the log in time, so no token is issued or redeemed; try again once they have.',
  log_halted:
    'The log found a contradiction and stopped; no token is issued until a person has looked into it.',
  peer_invalid: 'What was said of the other console cannot be: the detail names what.',
  peer_exists: 'The name, log or key is registered for another console.',
  peer_unknown: 'No console of this name is registered here.',
  log_running: 'The log is not halted, so there is nothing to recover.',
  log_unsound:
    'What the log signed is not what its stored entries give, so it stays halted; restore what the detail names.',
  internal: 'The console failed; the cause is in its log under the request id in the detail.',
};
