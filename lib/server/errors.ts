/**
 * The closed list of error codes and the one mapping to HTTP. Every code is documented at `/problems/<code>`.
 * Text after a code never carries personal data, secrets or another tenant's ids.
 */
export const ERROR_STATUS = {
  // transport and shape
  malformed_request: 400,
  invalid_json: 400,
  duplicate_json_key: 400,
  json_too_deep: 400,
  unsupported_media_type: 415,
  request_too_large: 413,
  not_found: 404,
  method_not_allowed: 405,
  rate_limited: 429,
  // machine authentication (RFC 9421)
  signature_missing: 401,
  signature_invalid: 401,
  signature_expired: 401,
  signature_replayed: 401,
  content_digest_mismatch: 401,
  key_unknown: 401,
  key_retired: 401,
  producer_unknown: 401,
  producer_disabled: 403,
  // producers and keys
  producer_exists: 409,
  key_exists: 409,
  key_invalid: 400,
  producer_kind: 403,
  // witnesses and trust roots
  witness_exists: 409,
  witness_unknown: 404,
  witness_invalid: 400,
  trust_file_invalid: 400,
  trust_root_unknown: 404,
  // notifications
  channel_exists: 409,
  channel_unknown: 404,
  channel_invalid: 400,
  // people
  sign_in_required: 401,
  role_required: 403,
  insufficient_authority: 403,
  outside_hours: 403,
  self_approval: 403,
  duplicate_human: 409,
  link_refused: 409,
  delegation_unfit: 409,
  break_glass_off: 409,
  break_glass_state: 409,
  cross_site_request: 403,
  tenant_changed: 409,
  link_invalid: 400,
  password_unfit: 400,
  person_exists: 409,
  roles_conflict: 409,
  last_administrator: 409,
  // records
  record_too_large: 413,
  envelope_invalid: 400,
  payload_type_unknown: 400,
  record_invalid: 400,
  record_kind_reserved: 403,
  stream_foreign: 403,
  id_conflict: 409,
  sequence_reused: 409,
  occurred_in_future: 400,
  not_logged_yet: 404,
  version_digest_mismatch: 400,
  // access requests
  duplicate_request: 409,
  evaluation_unknown: 400,
  evaluation_expired: 400,
  evaluation_mismatch: 400,
  not_requestable: 409,
  request_superseded: 409,
  callback_unregistered: 400,
  expired_request: 400,
  task_unknown: 404,
  task_terminal: 409,
  policy_missing: 503,
  policy_invalid: 400,
  policy_conflict: 409,
  state_unavailable: 503,
  // reviews
  escalation_unknown: 404,
  escalation_ended: 409,
  case_waits: 409,
  lease_held: 409,
  not_opened: 409,
  already_decided: 409,
  stale_view: 409,
  coverage_incomplete: 409,
  dwell_too_short: 409,
  not_inspectable: 409,
  load_limit_reached: 409,
  reason_required: 400,
  late_verdict: 409,
  drill_impossible: 409,
  // the reviewer's own signature
  passkey_required: 409,
  passkey_unknown: 403,
  passkey_revoked: 403,
  passkey_cloned: 409,
  passkey_exists: 409,
  passkey_limit: 409,
  passkey_link_required: 403,
  passkey_invalid: 400,
  passkeys_unavailable: 409,
  ceremony_unknown: 409,
  ceremony_mismatch: 409,
  assertion_invalid: 400,
  edit_widens: 400,
  edit_unchanged: 400,
  edit_after_approval: 409,
  bulk_not_allowed: 409,
  impression_recorded: 409,
  information_unknown: 404,
  information_answered: 409,
  information_limit: 409,
  nobody_higher: 409,
  // redemption (formats.md §7)
  unknown_approval: 404,
  approval_expired: 409,
  already_redeemed: 409,
  revoked: 409,
  action_mismatch: 409,
  audience_mismatch: 403,
  policy_changed: 409,
  record_unverifiable: 409,
  // conditions of an action's evidence, at issue and at redemption
  continuity_missing: 409,
  chain_invalid: 409,
  lineage_hole: 409,
  authorisation_unverifiable: 409,
  attribution_failed: 409,
  evidence_inconsistent: 409,
  condition_holds: 409,
  condition_closed: 409,
  outcome_conflict: 409,
  // the vault, holds, retention and erasure
  identifier_invalid: 400,
  own_request: 403,
  request_unknown: 404,
  request_ended: 409,
  hold_unknown: 404,
  hold_released: 409,
  hold_applies: 409,
  subject_unknown: 404,
  subject_erased: 409,
  payload_gone: 410,
  version_conflict: 409,
  // what is taken out
  cer_unavailable: 409,
  // alerts
  alert_rule_exists: 409,
  alert_rule_unknown: 404,
  // what is brought in
  list_invalid: 400,
  // the service itself
  database_unavailable: 503,
  log_halted: 503,
  log_unwitnessed: 503,
  peer_invalid: 400,
  peer_exists: 409,
  peer_unknown: 404,
  log_running: 409,
  log_unsound: 409,
  internal: 500,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** The one error that verbs throw. `detail` is a sentence for the caller. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(
    readonly code: ErrorCode,
    readonly detail?: string,
    options?: { cause?: unknown; headers?: Record<string, string> },
  ) {
    super(detail ? `${code}: ${detail}` : code, { cause: options?.cause });
    this.headers = options?.headers ?? {};
  }
  /** Extra response headers, such as `Retry-After`. */
  readonly headers: Record<string, string>;
}

/** Connection failures and shutdowns of PostgreSQL (classes 08, 53, 57P): the caller may try again. */
export function isDatabaseOutage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return false;
  return /^(08|53|57P)/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code);
}

/** PostgreSQL stores no U+0000 in text or jsonb (22021, 22P05): whoever sent it sent a malformed value. */
export function isUnstorableText(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '22021' || code === '22P05';
}
