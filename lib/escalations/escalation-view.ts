/**
 * What the console shows of an escalation: the queue's rows and the review page's evidence. The server builds these,
 * the browser parses them; both use this one schema. All `text` that came from an agent is attacker-controlled.
 */
import * as z from 'zod';
import {
  actionDigestText,
  control,
  currency,
  decimal,
  digest,
  instant,
  tier,
} from '@/lib/decisions/record-payload';
import { AUTHORITY_CODES } from '@/lib/identity/authority';
import { assertionResponse } from '@/lib/identity/passkey-requests';
import { authoritySchema } from '@/lib/identity/person-requests';
import { role } from '@/lib/identity/role';
import { drillView } from './drill-view';
import { CONSOLE_EVENTS, ESCALATION_STATES, EVIDENCE_SECTIONS, RAISE_REASONS } from './escalation-lists';
import { deferralView, flowView } from './flow-view';
import { loadView } from './load-view';

export {
  CONSOLE_EVENTS,
  ESCALATION_STATES,
  EVIDENCE_SECTIONS,
  EXPIRING_WITHIN_MS,
  REASON_CODES,
} from './escalation-lists';

export const escalationState = z.enum(ESCALATION_STATES);
export type EscalationState = z.infer<typeof escalationState>;

export { ROLES, type Role, role } from '@/lib/identity/role';

export const evidenceSection = z.enum(EVIDENCE_SECTIONS);
export type EvidenceSection = z.infer<typeof evidenceSection>;

/** AND of roles: each entry needs `count` distinct people holding `role` (a senior reviewer also counts as a reviewer). */
export const quorumSchema = z
  .array(z.object({ role, count: z.number().int().min(1).max(8) }))
  .min(1)
  .max(4);
export type Quorum = z.infer<typeof quorumSchema>;

/** `optional`: a session is enough. `approval`: approvals must be signed by a passkey. `every-verdict`: denials too. */
export const passkeyRule = z.enum(['optional', 'approval', 'every-verdict']);
export type PasskeyRule = z.infer<typeof passkeyRule>;

/** "{agent} wants to {verb} {amount} {object} for {principalType} {principal}": the page's one sentence, in parts. */
export const sentenceSchema = z.object({
  agent: z.string(),
  verb: z.string(),
  amount: z.object({ amount: decimal, currency }).optional(),
  preposition: z.string().optional(),
  object: z.string().optional(),
  principal: z.object({ type: z.string(), token: z.string() }).optional(),
});
export type Sentence = z.infer<typeof sentenceSchema>;

/** A measured value against the limit that made the rule fire; decimal strings, `unit` an ISO 4217 code or a word. */
export const measuredSchema = z.object({
  name: z.string(),
  measured: z.string(),
  limit: z.string().optional(),
  unit: z.string(),
  explanation: z.string(),
});
export type Measured = z.infer<typeof measuredSchema>;

/** One budget at the moment of decision: `used` before this action, `thisAction` what it would take. */
export const budgetStateSchema = z.object({
  name: z.string(),
  measure: z.enum(['value', 'volume', 'velocity']),
  window: z.string(),
  unit: z.string(),
  used: decimal,
  thisAction: decimal,
  limit: decimal,
});
export type BudgetState = z.infer<typeof budgetStateSchema>;

/** Who is working on it; lapses by itself at `until`. */
export const leaseView = z.object({
  person: z.string(),
  name: z.string(),
  until: instant,
  mine: z.boolean(),
});
export type LeaseView = z.infer<typeof leaseView>;

export const escalationRow = z.object({
  id: z.string(),
  state: escalationState,
  version: z.number().int(),
  sentence: sentenceSchema,
  tier,
  control,
  rule: z.string(),
  reasonCode: z.string(),
  tool: z.string(),
  agent: z.string(),
  approvals: z.number().int(),
  needed: z.number().int(),
  lease: leaseView.nullable(),
  /** To whom it went because nobody with authority took it, or a reviewer handed it up. */
  raised: z
    .object({
      at: instant,
      to: z.enum(['senior_reviewer', 'compliance']),
      reason: z.enum(RAISE_REASONS),
    })
    .nullable()
    .optional(),
  /** Set once decided; the name only where the viewer may see it (second reviewers do not before their own verdict). */
  decidedBy: z.string().nullable(),
  redeemedAt: instant.nullable(),
  createdAt: instant,
  expiresAt: instant,
  endedAt: instant.nullable(),
  /** Put aside by this viewer until then, or until information arrives. */
  deferral: deferralView.nullish(),
});
export type EscalationRow = z.infer<typeof escalationRow>;

export const queuePage = z.object({
  rows: z.array(escalationRow),
  next: z.string().nullable(),
  /** Exact, over the whole tenant's pending escalations and not over the filter. */
  counts: z.object({
    all: z.number().int(),
    mine: z.number().int(),
    unclaimed: z.number().int(),
    expiringSoon: z.number().int(),
  }),
  now: instant,
});
export type QueuePage = z.infer<typeof queuePage>;

/** What the gateway attached: shown, labelled as the agent's or as retrieved, never as ours. */
export const evidenceSchema = z.object({
  agentSaid: z.string().max(8000).optional(),
  prompt: z
    .object({
      template: z.string().max(256),
      version: z.string().max(256),
      digest: z.string().max(160).optional(),
    })
    .optional(),
  model: z
    .object({ provider: z.string().max(256), name: z.string().max(256), version: z.string().max(256) })
    .optional(),
  retrieved: z
    .array(
      z.object({
        id: z.string().max(256),
        title: z.string().max(512).optional(),
        score: decimal.optional(),
        digest: z.string().max(160).optional(),
        text: z.string().max(32_000).optional(),
        mediaType: z.string().max(128).default('text/plain'),
      }),
    )
    .max(64)
    .default([]),
  guardrails: z
    .array(
      z.object({
        name: z.string().max(256),
        version: z.string().max(256),
        verdict: z.enum(['pass', 'fail', 'error']),
        score: decimal.optional(),
        threshold: decimal.optional(),
      }),
    )
    .max(64)
    .default([]),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** A passage of retrieved or agent text that reads like an instruction; offsets are UTF-16 units into that text. */
export const markedPassage = z.object({ from: z.number().int(), to: z.number().int(), why: z.string() });

export const pastEscalation = z.object({
  id: z.string(),
  createdAt: instant,
  sentence: sentenceSchema,
  state: escalationState,
  outcome: z.string().nullable(),
});

export const verdictSchema = z.enum(['approve', 'deny']);
export type Verdict = z.infer<typeof verdictSchema>;

/** One person's measured reading, on the server's clock (formats.md §9). */
export const reviewSession = z.object({
  openedAt: instant,
  reviewDwellMs: z.number().int(),
  activeMs: z.number().int(),
  seenMs: z.partialRecord(evidenceSection, z.number().int()),
  covered: z.array(evidenceSection),
});
export type ReviewSessionView = z.infer<typeof reviewSession>;

export const escalationDetail = z.object({
  row: escalationRow,
  /** The canonical bytes that are signed (RFC 8785), to be drawn as a tree by the page itself. */
  actionJson: z.string(),
  actionDigest: actionDigestText,
  /** Digest of everything below that is drawn (not of history, which moves); goes into the reviewer's statement. */
  displayDigest: digest,
  instance: z.string(),
  gateway: z.string(),
  traceId: z.string().nullable(),
  decisionId: z.string().nullable(),
  subjects: z.array(z.object({ type: z.string(), token: z.string() })),
  policy: z.object({ id: z.string(), version: z.number().int(), digest: z.string() }),
  quorum: quorumSchema,
  measured: z.array(measuredSchema),
  budgets: z.array(budgetStateSchema),
  evidence: evidenceSchema.nullable(),
  evidenceGone: z.boolean(),
  /** Index into `evidence.retrieved`, or -1 for what the agent said. */
  marked: z.array(z.object({ item: z.number().int(), passages: z.array(markedPassage) })),
  unusual: z.array(z.object({ finding: z.string(), detail: z.string(), path: z.string().optional() })),
  /** Amounts of this agent's last actions of this tool, newest last, in `currency`. */
  recentAmounts: z.object({ currency, amounts: z.array(decimal) }).nullable(),
  history: z.object({
    counterparty: z.object({ settled: z.number().int(), firstSeenAt: instant.nullable() }).nullable(),
    principal: z.object({ actions: z.number().int(), escalated: z.number().int() }),
    agent: z.object({ decisions: z.number().int(), escalated: z.number().int() }),
    similar: z.array(pastEscalation),
  }),
  requiredSections: z.array(evidenceSection),
  /** Null until this viewer's page has rendered the evidence and said so (POST …/open). */
  session: reviewSession.nullable(),
  /** Least active reading before an approval, and what it is made of. */
  minimumActiveMs: z.number().int(),
  minimumActive: z.object({
    tierMs: z.number().int(),
    byEvidenceMs: z.number().int(),
    characters: z.number().int(),
    items: z.number().int(),
  }),
  /** Parts that cannot be shown, in words, and whether they stop an approval. */
  notInspectable: z.object({ parts: z.array(z.string()), blocks: z.boolean() }),
  /** This viewer's load, when the policy limits it and they may decide. */
  load: loadView.nullable(),
  /** What the policy asks of this tier, whether this viewer has a passkey, and whether this address can use one. */
  passkey: z.object({ rule: passkeyRule, registered: z.boolean(), available: z.boolean() }),
  /** Whether this viewer may decide, and if not the closed code that says why. */
  may: z.object({
    decide: z.boolean(),
    code: z.string().nullable(),
    role: role.nullable(),
    /** What of their own authority stands against it, and that authority. */
    limit: z.object({ code: z.enum(AUTHORITY_CODES), authority: authoritySchema.nullable() }).optional(),
    /** Whose lent authority they would use. */
    onBehalfOf: z.object({ delegation: z.string(), name: z.string() }).optional(),
    /** The open break-glass without which they might not. */
    breakGlass: z.string().optional(),
  }),
  ownVerdict: verdictSchema.nullable(),
  /** Questions, comments, recommendations, and what was narrowed. */
  flow: flowView,
  /** Present once the escalation has ended. */
  result: z
    .object({
      reviews: z.array(
        z.object({
          name: z.string(),
          role,
          /** Whose lent authority was used, and the break-glass without which it would not have counted. */
          onBehalfOf: z.string().nullable().optional(),
          breakGlass: z.string().nullable().optional(),
          verdict: verdictSchema,
          reasonCode: z.string(),
          reasonText: z.string(),
          decidedAt: instant,
          reviewDwellMs: z.number().int(),
          activeMs: z.number().int(),
        }),
      ),
      approval: z
        .object({
          id: z.string(),
          token: z.string(),
          expiresAt: instant,
          redeemedAt: instant.nullable(),
          outcome: z.string().nullable(),
        })
        .nullable(),
      /** Set when it was a practice. */
      drill: drillView.nullable(),
    })
    .nullable(),
  now: instant,
});
export type EscalationDetail = z.infer<typeof escalationDetail>;

/** POST /api/v1/escalations/{id}/heartbeat: what was visible since the last beat; the server bounds what it is worth. */
export const heartbeatRequest = z.object({
  visible: z.boolean(),
  focused: z.boolean(),
  idle: z.boolean(),
  sections: z.array(evidenceSection).max(4),
});
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;

/** POST /api/v1/escalations/{id}/decide */
export const decideRequest = z.object({
  verdict: verdictSchema,
  reasonCode: z.string().max(64),
  reasonText: z.string().max(2000),
  /** What the page showed: the server refuses when it is not what it would sign. */
  actionDigest: actionDigestText,
  displayDigest: digest,
  instance: z.string().max(64),
  version: z.number().int(),
  /** What the reviewer's passkey answered to a prepared challenge; absent for a verdict in a session. */
  passkey: assertionResponse.optional(),
});
export type DecideRequest = z.infer<typeof decideRequest>;

/** POST /api/v1/escalations/{id}/prepare: a verdict that is to be signed. */
export const prepareRequest = decideRequest.omit({ passkey: true });

/** What the passkey is to sign: its challenge is SHA-256 over `countersign/review/v1\n` and the statement's JCS bytes. */
export const preparedVerdict = z.object({
  /** The statement's JCS bytes, as text. */
  statement: z.string().max(16_384),
  /** PublicKeyCredentialRequestOptionsJSON (WebAuthn Level 3 §5.1). */
  options: z.record(z.string(), z.unknown()),
  expiresAt: instant,
});
export type PreparedVerdict = z.infer<typeof preparedVerdict>;

/** GET /api/v1/escalations: every filter is optional and they are AND-ed. `state=ended` is every state but pending. */
export const queueQuery = z.strictObject({
  state: z.enum(['pending', 'ended']).default('pending'),
  filter: z.enum(['all', 'mine', 'unclaimed', 'expiring', 'deferred']).default('all'),
  tier: tier.optional(),
  control: control.optional(),
  agent: z.string().max(128).optional(),
  /** Exactly these (comma-separated), whatever their state: how a page refreshes rows that an event named. */
  ids: z
    .string()
    .regex(/^esc_[0-9a-f-]{36}(,esc_[0-9a-f-]{36}){0,49}$/)
    .optional(),
  /** From a page's `next`; pending pages go by expiry ascending, ended pages by end descending. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type QueueQuery = z.infer<typeof queueQuery>;

/**
 * POST /api/v1/escalations/{id}/open, /claim, /release, /heartbeat: all answer this. `open` (empty body `{}`) says that
 * the full evidence has been rendered; sending it again keeps the first `openedAt`.
 */
export const reviewProgress = z.object({
  state: escalationState,
  version: z.number().int(),
  session: reviewSession.nullable(),
  lease: leaseView.nullable(),
  load: loadView.nullable(),
  now: instant,
});
export type ReviewProgress = z.infer<typeof reviewProgress>;

/** POST …/decide: the same verdict sent twice by one person is answered twice alike. */
export const decideResponse = z.object({
  reviewId: z.string(),
  verdict: verdictSchema,
  state: escalationState,
  version: z.number().int(),
  approvals: z.number().int(),
  needed: z.number().int(),
  approval: z.object({ id: z.string(), token: z.string(), expiresAt: instant }).nullable(),
  /** Set when it was a practice, told now that the verdict is given. */
  drill: drillView.nullable(),
  now: instant,
});
export type DecideResponse = z.infer<typeof decideResponse>;

/** GET /api/v1/frame: what the rail and the integrity pill show on every page. */
export const frameView = z.object({
  queueCount: z.number().int(),
  /** Open alerts; absent for whoever may not see insights. */
  alerts: z.number().int().optional(),
  /** Until when a break-glass is open, and how many wait for their review afterwards. */
  breakGlass: z.object({ id: z.string(), until: instant }).nullable(),
  breakGlassReviews: z.number().int(),
  integrity: z.object({
    treeSize: z.number().int(),
    witnessedAt: instant.nullable(),
    witnessesOk: z.number().int(),
    witnessesTotal: z.number().int(),
    /** Publication of the first checkpoint that too few outside authorities have seen; null when they saw all. */
    unwitnessedSince: instant.nullable(),
    state: z.enum(['valid', 'invalid', 'unwitnessed', 'unknown']),
    finding: z.string().optional(),
  }),
});
export type FrameView = z.infer<typeof frameView>;

/** One server-sent event of GET /api/v1/events: `event` is the type, `data` this. It says what to fetch again, no more. */
export const consoleEvent = z.object({ type: z.enum(CONSOLE_EVENTS), id: z.string() });
export type ConsoleEvent = z.infer<typeof consoleEvent>;
