/**
 * The record schema as a contract: every kind, who signs it, what it is for, and the schema of its body. Versioned
 * `major.minor`: a minor version only adds members, kinds and values; the major version is part of the payload type.
 */
import * as z from 'zod';
import {
  bodySchemaOf,
  CONSOLE_KINDS,
  digest,
  instant,
  type RecordKind,
  subjectToken,
  tier,
} from '@/lib/decisions/record-payload';
import {
  approvalIssuedBody,
  approvalRedeemedBody,
  approvalRevokedBody,
  commentAddedBody,
  escalationEndedBody,
  escalationSubmittedBody,
  impressionRecordedBody,
  informationAnsweredBody,
  informationRequestedBody,
  payloadReadBody,
  reviewBody,
} from '@/lib/escalations/record-bodies';
import { versionKind } from '@/lib/producers/version-request';
import { retentionKind } from '@/lib/retention/schedule';
import { requestKind } from '@/lib/vault/access-policy';
import { identifierType } from '@/lib/vault/identifier-type';
import { lookPurpose } from '@/lib/vault/purpose';

export interface KindGuide {
  about: string;
  body: z.ZodType;
}

/** Who did it: a person's id, or the part of the console that acts by itself. */
const by = z.string().min(1).max(128);
const keyId = z.string().min(1).max(128);

/** Why somebody looked, held or erased, and by which authority. */
const because = { person: by, authority: z.string(), purpose: lookPurpose, case: z.string() };

/** For kinds with several shapes under one name: what every one of them has. */
const having = (shape: z.core.$ZodLooseShape = {}) => z.looseObject(shape);

const KINDS: Record<RecordKind, KindGuide> = {
  decision: {
    about: 'One meaningful inference that affects a patient, transaction, customer or downstream action.',
    body: bodySchemaOf('decision'),
  },
  'action.outcome': {
    about: 'What became of an action that was decided: forwarded or not, and what it created elsewhere.',
    body: bodySchemaOf('action.outcome'),
  },
  change: {
    about: 'A model, prompt, retrieval index, guardrail, policy, threshold or routing was replaced.',
    body: bodySchemaOf('change'),
  },
  'version.registered': {
    about: 'A producer handed over the content of a prompt, model, index, guardrail or policy version.',
    body: having({
      producer: z.string(),
      version_kind: versionKind,
      name: z.string(),
      version: z.string(),
      digest: z.string(),
      media_type: z.string(),
      byte_count: z.number().int(),
    }),
  },
  heartbeat: {
    about: 'Signed words that an interval held so many decisions, none included.',
    body: bodySchemaOf('heartbeat'),
  },
  incident: { about: 'Something that should not have happened.', body: bodySchemaOf('incident') },
  refusal: { about: 'A proposed action that the perimeter refused or deferred.', body: having() },
  escalation: {
    about: 'An exact action was put before people, or that request ended.',
    body: z.union([escalationSubmittedBody, escalationEndedBody]),
  },
  'information.requested': {
    about: 'A reviewer asked the agent’s owner something about an action.',
    body: informationRequestedBody,
  },
  'information.answered': { about: 'The owner or the gateway answered.', body: informationAnsweredBody },
  'comment.added': { about: 'Somebody left a word for colleagues.', body: commentAddedBody },
  'impression.recorded': {
    about: 'A reviewer’s first impression, before a machine’s recommendation was shown to them.',
    body: impressionRecordedBody,
  },
  review: { about: 'One person’s verdict on one exact action.', body: reviewBody },
  'approval.issued': { about: 'The quorum was complete and a token exists.', body: approvalIssuedBody },
  'approval.redeemed': { about: 'The token was spent, once.', body: approvalRedeemedBody },
  'approval.revoked': { about: 'The token was withdrawn before it was spent.', body: approvalRevokedBody },
  'payload.read': {
    about: 'Content was disclosed to a person; committed before it left.',
    body: payloadReadBody.partial({ escalation_id: true }).extend({ purpose: z.string() }).loose(),
  },
  'vault.lookup': {
    about: 'Somebody looked behind a subject token or for the token of an identifier.',
    body: having({
      ...because,
      look: z.enum(['find', 'reveal']),
      found: z.boolean(),
      token: subjectToken.optional(),
      identifier_type: identifierType.optional(),
      request_id: z.string().optional(),
      granted_by: by.optional(),
    }),
  },
  'vault.request': {
    about: 'A second person was asked for a look, a reading, a release or an erasure, or answered.',
    body: having({
      ...because,
      request_id: z.string(),
      request: requestKind,
      state: z.enum(['requested', 'granted', 'refused']),
      target: z.string().optional(),
    }),
  },
  'hold.placed': {
    about: 'Nothing in this scope may be deleted from now on.',
    body: having({
      hold_id: z.string(),
      scope: z.looseObject({ subjects: z.array(subjectToken), agents: z.array(z.string()) }),
      case: z.string(),
      reason_code: z.string(),
      reason_digest: digest,
      person: by,
      authority: z.string(),
    }),
  },
  'hold.released': {
    about: 'A hold ended, by two people.',
    body: having({ ...because, hold_id: z.string(), granted_by: by }),
  },
  'retention.deleted': {
    about: 'Content was deleted by a schedule: which, what scope, how many, and how many a hold kept.',
    body: having({
      policy: z.object({ id: z.string(), version: z.string() }),
      scope: z.looseObject({ kind: retentionKind, due_before: z.string() }),
      count: z.number().int().positive(),
      held: z.number().int().nonnegative(),
    }),
  },
  'subject.erased': {
    about: 'A person’s key, contents and vault entry were destroyed; what remains of them and why.',
    body: having({
      ...because,
      token: subjectToken,
      granted_by: by,
      erased: z.record(z.string(), z.number().int().nonnegative()),
      remains: z.record(z.string(), z.number().int().nonnegative()),
    }),
  },
  'producer.registered': {
    about: 'A producer may send records from now on.',
    body: having({ producer: z.string(), keyid: keyId, public_key: z.string() }),
  },
  'producer.changed': { about: 'What is expected of a producer changed.', body: having() },
  'key.added': {
    about: 'A public key counts from now on.',
    body: having({ keyid: keyId.optional(), public_key: z.string().optional() }),
  },
  'key.retired': { about: 'A public key counts no more.', body: having({ keyid: keyId.optional() }) },
  'tenant.created': {
    about: 'An organisation exists on this console.',
    body: having({ tenant: z.string(), demo: z.boolean() }),
  },
  'authority.changed': { about: 'What a person or another console may do changed.', body: having() },
  'delegation.granted': {
    about: 'A reviewer lent authority to a colleague, from and until.',
    body: having({
      delegation_id: z.string(),
      from: by,
      to: by,
      roles: z.array(z.string()),
      from_at: instant,
      until_at: instant,
      reason_code: z.string(),
      reason_digest: digest,
    }),
  },
  'delegation.revoked': {
    about: 'Lent authority was given back or taken back before its time.',
    body: having({ delegation_id: z.string(), revoked_by: by }),
  },
  'escalation.raised': {
    about:
      'Nobody with authority took an escalation in time, or a reviewer handed it up: the next higher were told. It decides nothing.',
    body: having({
      escalation_id: z.string(),
      raised_to: z.enum(['senior_reviewer', 'compliance']),
      reason_code: z.enum([
        'not_taken',
        'nobody_eligible',
        'beyond_expertise',
        'unusual_case',
        'policy_unclear',
      ]),
      raised_by: by.optional(),
    }),
  },
  'break_glass.asked': {
    about:
      'The first of two people asked to lift what the policy lists, for a short time. Nothing is lifted yet.',
    body: having({
      break_glass_id: z.string(),
      asked_by: by,
      reason_code: z.string(),
      reason_digest: digest,
    }),
  },
  'break_glass.opened': {
    about: 'A second person confirmed it: what it lists was lifted until the time it names.',
    body: having({
      break_glass_id: z.string(),
      asked_by: by,
      opened_by: by,
      tiers: z.array(tier),
      relaxes: z.array(z.string()),
      until: instant,
      review_due_at: instant,
    }),
  },
  'break_glass.closed': {
    about: 'It was closed by somebody or by its time, with what was decided under it.',
    body: having({ break_glass_id: z.string(), closed_by: by, decided: z.number().int().nonnegative() }),
  },
  'break_glass.reviewed': {
    about: 'Somebody who had no part in it said afterwards what they found.',
    body: having({
      break_glass_id: z.string(),
      reviewed_by: by,
      finding: z.string(),
      finding_digest: digest,
    }),
  },
  'channel.changed': { about: 'A way to notify people or gateways was set or changed.', body: having() },
  'vault.tokenised': {
    about: 'Identifiers got their subject tokens: how many of which type, and a digest over the tokens.',
    body: having({
      producer: z.string(),
      counts: z.record(z.string(), z.number().int().positive()),
      tokens_digest: digest,
    }),
  },
  'witness.changed': {
    about: 'A witness was added, changed or disabled.',
    body: having({ witness: z.string(), type: z.string(), settings_digest: digest, by }),
  },
  'trust.changed': {
    about: 'A trust root was pinned or unpinned.',
    body: having({ change: z.enum(['pinned', 'unpinned']), count: z.number().int().nonnegative(), by }),
  },
  'search.saved': {
    about: 'A person kept a search under a name; the record says which fields it asks for.',
    body: having({
      search_id: z.string(),
      person: z.string(),
      shared: z.boolean(),
      fields: z.array(z.string()),
    }),
  },
  'search.deleted': {
    about: 'A person forgot a search of theirs.',
    body: having({ search_id: z.string(), person: z.string() }),
  },
  'drill.injected': {
    about: 'A practice was put into the queue; sealed until it was scored.',
    body: having(),
  },
  'drill.scored': { about: 'A practice was decided, disclosed and scored.', body: having() },
  verification: { about: 'Evidence was verified, exported or accepted again.', body: having() },
  'reconciliation.imported': {
    about: 'A downstream system’s own list was held against the decisions.',
    body: having(),
  },
  'alert.changed': { about: 'A rule that raises alerts was set or changed.', body: having() },
  'alert.opened': { about: 'A rule’s bound was passed.', body: having() },
  'alert.closed': { about: 'What had raised an alert is over.', body: having() },
};

export const KIND_NAMES = Object.keys(KINDS) as RecordKind[];

/** What a kind is for and what its body holds. */
export function guideOf(kind: RecordKind): KindGuide & { signedBy: 'producer' | 'console' } {
  return { ...KINDS[kind], signedBy: CONSOLE_KINDS.has(kind) ? 'console' : 'producer' };
}
