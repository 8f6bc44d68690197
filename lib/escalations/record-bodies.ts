/**
 * Bodies of the records that the console writes about escalations (formats.md §3): ids, tokens and digests only.
 *
 *   kind               record id        joins
 *   escalation         esc_… / rec_…    decision_id; the first record (state pending) has the escalation's own id
 *   review             rev_…            escalation_id
 *   approval.issued    apr_…            escalation_id
 *   approval.redeemed  rec_…            approval_id
 *   approval.revoked   rec_…            approval_id
 *   action.outcome     rec_…            decision_id, approval_id, downstream ids
 *   payload.read       rec_…            escalation_id
 *   key.added          rec_…            of a passkey: the review records that name its credential
 *   key.retired        rec_…            of a passkey: the same
 *   information.requested inf_… · information.answered rec_… · comment.added cmt_… · impression.recorded rec_…  escalation_id
 */
import * as z from 'zod';
import {
  actionDigestText,
  control,
  digest,
  foreignId,
  instant,
  subjectRef,
  tier,
} from '@/lib/decisions/record-payload';
import { escalationState, quorumSchema, role, verdictSchema } from '@/lib/escalations/escalation-view';
import { impressionSchema } from '@/lib/escalations/flow-view';
import { PASSKEY_ENDINGS, PASSKEY_GRANTS } from '@/lib/identity/passkey-requests';

const policyRef = z.object({ id: z.string(), version: z.number().int(), digest: z.string() });

/** First record of an escalation: what is asked, of whom, until when. */
export const escalationSubmittedBody = z.object({
  escalation_id: foreignId,
  state: z.literal('pending'),
  gateway: z.string(),
  evaluation_id: foreignId,
  decision_id: foreignId.optional(),
  instance: z.string(),
  action_digest: actionDigestText,
  agent: z.string(),
  principal: z.string().optional(),
  tool: z.string(),
  tier,
  control,
  rule: z.string(),
  reason_code: z.string(),
  policy: policyRef,
  quorum: quorumSchema,
  subjects: z.array(subjectRef),
  /** Salted evidence digests (SHA3-512) of what was submitted. */
  payloads: z.object({ action: digest, evidence: digest.optional(), recommendation: digest.optional() }),
  expires_at: instant,
  /** The request that this one narrows, and the reviewer who narrowed it. */
  supersedes: foreignId.optional(),
  edited_by: foreignId.optional(),
});

/** Any later state. Who decided is in the review records. */
export const escalationEndedBody = z.object({
  escalation_id: foreignId,
  decision_id: foreignId.optional(),
  state: escalationState.exclude(['pending', 'drill']),
  action_digest: actionDigestText,
  /** Only of `superseded`: by which request, whose edit, and at which JSON Pointers of the action. */
  superseded_by: foreignId.optional(),
  edited_by: foreignId.optional(),
  narrowed: z.array(z.string()).optional(),
});

/** The reviewer's statement, formats.md §9. Its JCS bytes are what is digested (and, with a passkey, signed). */
export const reviewStatement = z.object({
  v: z.literal(1),
  escalation: foreignId,
  instance: z.string(),
  action_digest: actionDigestText,
  display_digest: digest,
  verdict: verdictSchema,
  reason_code: z.string(),
  /** Salted digest of the reason's text; the text itself is an erasable payload. */
  reason_digest: digest,
  policy_digest: z.string(),
  reviewer: foreignId,
  role,
  opened_at: instant,
  decided_at: instant,
  review_dwell_ms: z.number().int().nonnegative(),
  active_ms: z.number().int().nonnegative(),
  coverage: z.array(z.string()),
  /** By what right, when not by the reviewer's own: authority lent by somebody, or an opened break-glass. */
  delegation: z.object({ id: foreignId, on_behalf_of: foreignId }).optional(),
  break_glass: foreignId.optional(),
});
export type ReviewStatement = z.infer<typeof reviewStatement>;

/** base64url without padding. */
const encoded = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/);
/** Up to 1,023 bytes (WebAuthn Level 3 §4, credential ID). */
const credentialId = encoded(1_364);

/** What the reviewer's authenticator signed over the statement's challenge (WebAuthn Level 3 §5.2.2). */
export const reviewPasskey = z.object({
  credential_id: credentialId,
  rp_id: z.string().max(253),
  /** Of the page that asked for it. */
  origin: z.string().max(300),
  authenticator_data: encoded(2_048),
  client_data_json: encoded(11_000),
  signature: encoded(1_400),
});
export type ReviewPasskey = z.infer<typeof reviewPasskey>;

export const reviewBody = z.object({
  review_id: foreignId,
  escalation_id: foreignId,
  decision_id: foreignId.optional(),
  statement: reviewStatement,
  statement_digest: digest,
  method: z.enum(['session', 'passkey']),
  /** With the method `passkey`. */
  passkey: reviewPasskey.optional(),
  /** Where a machine recommended something: what the person thought before they saw it, and whether their mind changed. */
  impression: z
    .object({ impression: impressionSchema, recommended: impressionSchema, changed: z.boolean() })
    .optional(),
});

/** `key.added` of a passkey: whose it is, and the key (COSE_Key) with which its signatures are verified for ever. */
export const passkeyAddedBody = z.object({
  key: z.literal('passkey'),
  person: foreignId,
  credential_id: credentialId,
  public_key: encoded(2_731),
  rp_id: z.string().max(253),
  allowed_by: z.enum(PASSKEY_GRANTS),
  /** The passkey that allowed it, or the administrator who did. */
  credential: credentialId.optional(),
  administrator: foreignId.optional(),
});

/** `key.retired` of a passkey: nothing signed with it counts from here on. */
export const passkeyRetiredBody = z.object({
  key: z.literal('passkey'),
  person: foreignId,
  credential_id: credentialId,
  reason_code: z.enum(PASSKEY_ENDINGS),
  by: foreignId,
});

export const approvalIssuedBody = z.object({
  approval_id: foreignId,
  escalation_id: foreignId,
  decision_id: foreignId.optional(),
  audience: z.string(),
  kid: z.string(),
  action_digest: actionDigestText,
  /** SHA-256 over the token's claims as signed. */
  claims_digest: digest,
  expires_at: instant,
});

export const approvalRedeemedBody = z.object({
  approval_id: foreignId,
  escalation_id: foreignId,
  decision_id: foreignId.optional(),
  gateway: z.string(),
  action_digest: actionDigestText,
});

export const approvalRevokedBody = z.object({
  approval_id: foreignId,
  escalation_id: foreignId,
  revoked_by: foreignId,
  reason_code: z.string(),
});

/** Content of an escalation was disclosed to a person; committed before the content leaves. */
export const payloadReadBody = z.object({
  escalation_id: foreignId,
  person: foreignId,
  purpose: z.enum(['review', 'oversight']),
  payloads: z.array(z.object({ ref: foreignId, digest })),
});

/** A reviewer asks the agent's owner; the words are an erasable payload. */
export const informationRequestedBody = z.object({
  escalation_id: foreignId,
  information_id: foreignId,
  asked_by: foreignId,
  question_digest: digest,
});

/** `answered_by`: the gateway's SPIFFE ID, or the person who answers for the agent. */
export const informationAnsweredBody = z.object({
  escalation_id: foreignId,
  information_id: foreignId,
  answered_by: z.string().max(512),
  answer_digest: digest,
});

export const commentAddedBody = z.object({
  escalation_id: foreignId,
  comment_id: foreignId,
  person: foreignId,
  text_digest: digest,
});

/** One person's first impression, before they saw what a machine recommended. */
export const impressionRecordedBody = z.object({
  escalation_id: foreignId,
  person: foreignId,
  impression: impressionSchema,
  recommended: impressionSchema,
  model: z.string().max(800),
  score: z.string().max(32).optional(),
});
