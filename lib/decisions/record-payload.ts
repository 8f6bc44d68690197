/**
 * The signed payload of a record (formats.md §3): `{kind,id,producer,stream,seq,occurred_at,body}`.
 *
 * Unknown fields inside a body are kept (the bytes are the record) but never interpreted. A minor version of the schema
 * only adds: members, kinds, values of a list. What names a later minor version than this console knows is kept whole, even
 * where its kind or a value is new, and shown as not understood. Text from an agent is attacker-controlled wherever it
 * appears here.
 */
import * as z from 'zod';
import { isForeignId, isSubjectToken } from '@/lib/core/id';
import { parseInstant } from '@/lib/core/instant';

export const RECORD_KINDS = [
  'decision',
  'escalation',
  'review',
  'approval.issued',
  'approval.redeemed',
  'approval.revoked',
  'action.outcome',
  'refusal',
  'change',
  'vault.tokenised',
  'vault.request',
  'vault.lookup',
  'payload.read',
  'hold.placed',
  'hold.released',
  'retention.deleted',
  'subject.erased',
  'producer.registered',
  'key.added',
  'key.retired',
  'tenant.created',
  'authority.changed',
  'delegation.granted',
  'delegation.revoked',
  'escalation.raised',
  'break_glass.asked',
  'break_glass.opened',
  'break_glass.closed',
  'break_glass.reviewed',
  'witness.changed',
  'trust.changed',
  'channel.changed',
  'search.saved',
  'search.deleted',
  'information.requested',
  'information.answered',
  'comment.added',
  'impression.recorded',
  'heartbeat',
  'incident',
  'drill.injected',
  'drill.scored',
  'verification',
  'producer.changed',
  'reconciliation.imported',
  'alert.changed',
  'alert.opened',
  'alert.closed',
  'version.registered',
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** Kinds that only the console's own key may sign. */
export const CONSOLE_KINDS: ReadonlySet<string> = new Set(
  RECORD_KINDS.filter(
    (kind) => !['decision', 'action.outcome', 'change', 'heartbeat', 'incident', 'refusal'].includes(kind),
  ),
);

/** The version of the record schema that this console writes and knows. */
export const SCHEMA_VERSION = '1.0';
const KNOWN_MINOR = Number(SCHEMA_VERSION.split('.')[1]);
export const schemaVersion = z.string().regex(/^1\.(0|[1-9]\d{0,3})$/);

/** True for a minor version of the schema that came after this console. */
export function isLaterSchema(version: string | undefined): boolean {
  return version !== undefined && Number(version.split('.')[1]) > KNOWN_MINOR;
}

// A refinement says nothing in a JSON Schema; the pattern beside it does.
export const foreignId = z
  .string()
  .refine(isForeignId, 'foreign_id')
  .meta({ pattern: '^[A-Za-z0-9._:/@+-]{1,128}$' });
export const subjectToken = z
  .string()
  .refine(isSubjectToken, 'subject_token')
  .meta({ pattern: '^tok_[0-9a-f]{32}$' });
export const instant = z
  .string()
  .refine((text) => parseInstant(text).ok, 'instant')
  .meta({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$' });
/** `alg:lowercase-hex`, one of the three algorithms of formats.md §1. */
export const digest = z.string().regex(/^(sha-256:[0-9a-f]{64}|(sha3-512|blake2b-512):[0-9a-f]{128})$/);
/** SHA-256 in base64url without padding: 43 characters, formats.md §7. */
export const actionDigestText = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** A decimal string; never a float. */
export const decimal = z.string().regex(/^-?(0|[1-9]\d{0,17})(\.\d{1,4})?$/);
export const currency = z.string().regex(/^[A-Z]{3}$/);
export const traceId = z.string().regex(/^[0-9a-f]{32}$/);
export const spanId = z.string().regex(/^[0-9a-f]{16}$/);
const label = z.string().min(1).max(256);

export const TIERS = ['reversible', 'bounded', 'unbounded'] as const;
export const tier = z.enum(TIERS);
export type Tier = z.infer<typeof tier>;
export const OUTCOMES = ['allow', 'refuse', 'escalate', 'defer'] as const;
export const outcomeVerdict = z.enum(OUTCOMES);
export type OutcomeVerdict = z.infer<typeof outcomeVerdict>;
export const CONTROLS = ['grant', 'budget', 'reversibility', 'threshold', 'containment'] as const;
export const control = z.enum(CONTROLS);
export type Control = z.infer<typeof control>;
export const SOURCES = ['gateway', 'framework'] as const;
export const outcomeSource = z.enum(SOURCES);
export type OutcomeSource = z.infer<typeof outcomeSource>;

export const subjectRef = z.object({ type: label, token: subjectToken });
const payloadRef = z.object({
  ref: foreignId.optional(),
  digest: digest,
  media_type: label,
  byte_count: z.number().int().nonnegative(),
});

export const ORIGIN_PROTOCOLS = ['otlp'] as const;
export type OriginProtocol = (typeof ORIGIN_PROTOCOLS)[number];
/** A record that a bridge made from what a producer told in another protocol, and signed with the bridge's own key. */
export const recordOrigin = z.object({
  signed_at: z.literal('bridge'),
  protocol: z.enum(ORIGIN_PROTOCOLS),
  /** The span that it was made from; its trace may differ from the one in `identity`. */
  span: z.object({ trace_id: traceId, span_id: spanId }).optional(),
  /** What the sender calls itself (`service.name`): nobody checked it. */
  service: label.optional(),
});
export type RecordOrigin = z.infer<typeof recordOrigin>;

/** Group 1 to 8 of a decision: formats.md §3, "eight field groups". */
export const decisionBody = z.object({
  identity: z.object({
    agent: z.object({ id: foreignId, name: label, version: label, runtime: label.optional() }),
    principal: z.object({ type: label, token: subjectToken }).optional(),
    session_id: foreignId.optional(),
    run_id: foreignId.optional(),
    trace_id: traceId.optional(),
    span_id: spanId.optional(),
    parents: z.array(foreignId).max(64).default([]),
    subjects: z.array(subjectRef).max(64).default([]),
  }),
  input: payloadRef.optional(),
  model: z
    .object({
      provider: label,
      name: label,
      version: label,
      /** Of the model's own description or checkpoint, where its producer has one. */
      digest: digest.optional(),
      parameters: z.record(label, z.union([decimal, label, z.number().int(), z.boolean()])).default({}),
    })
    .optional(),
  context: z
    .object({
      prompt: z.object({ template: label, version: label, digest }).optional(),
      retrieval: z
        .object({
          index: label,
          version: label,
          digest: digest.optional(),
          items: z.array(z.object({ id: foreignId, digest, score: decimal.optional() })).max(256),
        })
        .optional(),
      policy: z.object({ id: label, version: label, digest }).optional(),
      routing: label.optional(),
    })
    .default({}),
  guardrails: z
    .array(
      z.object({
        name: label,
        version: label,
        digest: digest.optional(),
        verdict: z.enum(['pass', 'fail', 'error']),
        score: decimal.optional(),
        threshold: decimal.optional(),
      }),
    )
    .max(64)
    .default([]),
  output: z.object({
    payload: payloadRef.optional(),
    action: z.object({
      name: foreignId,
      resource: z.object({ type: label, id: foreignId }).optional(),
      action_digest: actionDigestText.optional(),
      tier,
      value: z.object({ amount: decimal, currency }).optional(),
    }),
    outcome: z.object({
      verdict: outcomeVerdict,
      source: outcomeSource,
      control: control.optional(),
      rule: label.optional(),
      reason_code: label,
      evaluation_id: foreignId.optional(),
    }),
    budgets: z
      .array(z.object({ name: label, window: label, used: decimal, limit: decimal, unit: label }))
      .max(32)
      .default([]),
  }),
  review: z
    .object({
      escalation_id: foreignId,
      verdict: z.enum(['approve', 'deny']).optional(),
      reviewers: z.array(foreignId).max(16).default([]),
      review_dwell_ms: z.number().int().nonnegative().optional(),
      approval_id: foreignId.optional(),
    })
    .optional(),
  downstream: z
    .array(z.object({ system: label, type: label, id: foreignId }))
    .max(64)
    .default([]),
  /** Absent: whoever signed it decided it. */
  origin: recordOrigin.optional(),
});
export type DecisionBody = z.infer<typeof decisionBody>;

/** A producer's or vendor's update: what was in force before, and what is after. */
export const changeBody = z.object({
  target: z.enum(['model', 'prompt', 'retrieval_index', 'guardrail', 'policy', 'threshold', 'routing']),
  name: label,
  from_version: label.optional(),
  to_version: label,
  from_digest: digest.optional(),
  to_digest: digest.optional(),
  direction: z.enum(['raised', 'lowered']).optional(),
  summary: z.string().min(1).max(1000),
});
export type ChangeBody = z.infer<typeof changeBody>;

export const actionOutcomeBody = z.object({
  decision_id: foreignId,
  approval_id: foreignId.optional(),
  state: z.enum(['forwarded', 'upstream_error', 'not_forwarded']),
  downstream: z
    .array(z.object({ system: label, type: label, id: foreignId }))
    .max(64)
    .default([]),
});
export type ActionOutcomeBody = z.infer<typeof actionOutcomeBody>;

export const heartbeatBody = z.object({
  from: instant,
  to: instant,
  decisions: z.number().int().nonnegative(),
});

export const incidentBody = z.object({
  code: label,
  stream: z.string().max(512).optional(),
  detail: z.string().max(1000).optional(),
});

/** Bodies of the console's own kinds are checked by the verb that writes them; here they only have to be objects. */
const openBody = z.record(z.string(), z.unknown());

const BODIES: ReadonlyMap<string, z.ZodType> = new Map<RecordKind, z.ZodType>([
  ['decision', decisionBody],
  ['change', changeBody],
  ['action.outcome', actionOutcomeBody],
  ['heartbeat', heartbeatBody],
  ['incident', incidentBody],
]);

/** The schema that `body` of a record of this kind must satisfy. */
export function bodySchemaOf(kind: string): z.ZodType {
  return BODIES.get(kind) ?? openBody;
}

/** `spiffe://<trust domain>/<path>` (SPIFFE-ID §2), at most 512 characters. */
export const spiffeId = z
  .string()
  .max(512)
  .regex(/^spiffe:\/\/[a-z0-9._-]{1,255}(\/[A-Za-z0-9._-]+)+$/);

/** A stream is its producer's id, or that id with one more path segment. */
export const streamName = z
  .string()
  .max(512)
  .regex(/^(spiffe:\/\/[a-z0-9._-]{1,255}(\/[A-Za-z0-9._-]+)+|console\/[a-z0-9-]{1,64})$/);

const KNOWN_KINDS: ReadonlySet<string> = new Set(RECORD_KINDS);

export const recordPayload = z
  .object({
    /** Absent: 1.0. */
    schema_version: schemaVersion.optional(),
    /** One of `RECORD_KINDS`, or a new one under a later schema. */
    kind: z.string().regex(/^[a-z][a-z0-9_.]{0,63}$/),
    id: foreignId,
    producer: spiffeId,
    stream: streamName,
    seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    occurred_at: instant,
    body: z.record(z.string(), z.unknown()),
  })
  .refine(({ kind, schema_version }) => KNOWN_KINDS.has(kind) || isLaterSchema(schema_version), {
    error: 'kind',
    path: ['kind'],
  });
export type RecordPayload = z.infer<typeof recordPayload>;
