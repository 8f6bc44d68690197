/**
 * A policy document: the five perimeter primitives over one tenant's agents. It is stored as the exact text that was
 * published; its digest is SHA-256 over that text. Amounts are decimal strings; windows are ISO 8601 durations
 * (PT1H, P1D, P30D).
 */
import * as z from 'zod';
import { currency, decimal as signedDecimal, tier } from '@/lib/decisions/record-payload';
import { passkeyRule, quorumSchema } from '@/lib/escalations/escalation-view';
import { attentionRules, notInspectableRules } from './attention-rules';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
/** A limit: no sign. */
const decimal = signedDecimal.refine((text) => !text.startsWith('-'), 'not_negative');
/** A tool name, or a prefix ending in `*`; the asterisk stands nowhere else. */
const toolPattern = z
  .string()
  .max(128)
  .regex(/^[^*]*\*?$/)
  .min(1);
/** An agent's id, or a prefix ending in `*`. */
const agentPattern = toolPattern;
/** JSON Pointer (RFC 6901) into `{subject, resource, action, context}`. */
const pointer = z
  .string()
  .max(256)
  .regex(/^(\/([^~/]|~[01])*)+$/);
export const windowSchema = z.enum(['PT1H', 'P1D', 'P7D', 'P30D', 'P90D']);

/** Who may use what at all. No matching grant: refused, and nobody can lift it by approving. */
const grant = z.object({
  name,
  agents: z.array(agentPattern).min(1),
  tools: z.array(toolPattern).min(1),
  runtimes: z.array(z.string().max(128)).optional(),
});

/** How a tool is read: its tier, its amount, its counterparty, its category, and the words of its sentence. */
const tool = z.object({
  name: toolPattern,
  tier,
  category: name,
  verb: z.string().max(80),
  preposition: z.string().max(16).optional(),
  /** Where the action says how much: a decimal string or an integer. Not readable there: refused. */
  amount: pointer.optional(),
  /** Set for tools whose amount is optional: without it the action counts as moving no money. */
  amountMayBeAbsent: z.boolean().default(false),
  currency: pointer.optional(),
  /** Used where the action names no currency; else the policy's currency is. */
  defaultCurrency: currency.optional(),
  /** Whom the action concerns: an account, a merchant, a customer. Not readable there: refused. */
  counterparty: pointer.optional(),
  /** Set for tools whose counterparty is optional: without it no counterparty rule applies. */
  counterpartyMayBeAbsent: z.boolean().default(false),
  counterpartyName: pointer.optional(),
  /** Where a reviewer may narrow a request beside its amount: smaller numbers, earlier ends, fewer items. */
  narrow: z
    .object({
      lower: z.array(pointer).max(16).default([]),
      earlier: z.array(pointer).max(16).default([]),
      fewer: z.array(pointer).max(16).default([]),
    })
    .optional(),
});

/** A limit over a rolling window: `value` is money, `volume` and `velocity` count actions (long and short windows). */
const budget = z.object({
  name,
  measure: z.enum(['value', 'volume', 'velocity']),
  per: z.enum(['principal', 'agent', 'tenant']),
  tools: z.array(toolPattern).min(1),
  window: windowSchema,
  limit: decimal,
  currency: currency.optional(),
  /** What happens when the action would pass the limit. */
  over: z.enum(['refuse', 'escalate', 'defer']),
  quorum: quorumSchema.optional(),
});

/** What each tier needs before any other rule speaks. */
const tierRule = z.object({ tier, needs: z.enum(['nothing', 'review']), quorum: quorumSchema.optional() });

const threshold = z.object({
  name,
  tools: z.array(toolPattern).min(1),
  on: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('per-action'), above: decimal, currency }),
    z.object({
      kind: z.literal('cumulative'),
      per: z.enum(['principal', 'agent']),
      window: windowSchema,
      above: decimal,
      currency,
    }),
    z.object({ kind: z.literal('per-counterparty'), window: windowSchema, above: decimal, currency }),
    /** No allowed action to this counterparty within the window. */
    z.object({
      kind: z.literal('new-beneficiary'),
      window: windowSchema,
      above: decimal.optional(),
      currency: currency.optional(),
    }),
    z.object({
      kind: z.literal('cross-category-burst'),
      window: windowSchema,
      categories: z.number().int().min(2).max(32),
    }),
    z.object({ kind: z.literal('unknown-runtime'), known: z.array(z.string().max(128)).min(1) }),
    /** A number at a JSON Pointer under or over a bound, for scores such as a model's confidence. */
    z.object({ kind: z.literal('value-below'), pointer, below: decimal }),
    z.object({ kind: z.literal('value-above'), pointer, above: decimal }),
    z.object({
      kind: z.literal('value-not-in'),
      pointer,
      values: z.array(z.string().max(256)).max(512),
    }),
    z.object({ kind: z.literal('always') }),
  ]),
  then: z.enum(['escalate', 'refuse', 'defer']),
  quorum: quorumSchema.optional(),
});

/** What to do when the state that a decision needs cannot be had: never allow. */
const containment = z.object({
  stateUnavailable: z.enum(['refuse', 'defer']),
  /** `withhold` is `witnesses: {required: 1, withholdTokens: true}` in short. */
  unwitnessed: z.enum(['issue', 'withhold']).default('issue'),
});

/** Who outside must have seen the log before an approval counts. */
const witnesses = z.object({
  /** How many distinct authorities; two receipts under one key or root count once. */
  required: z.number().int().min(0).max(16).default(0),
  /** A checkpoint older than this must have been seen by all of them. */
  withinSeconds: z.number().int().min(10).max(2_592_000).default(3_600),
  /** Without them no token is issued and none redeemed; otherwise it is only said. */
  withholdTokens: z.boolean().default(false),
});

/** Whom an action concerns, in classes that limits of authority name: the first that fits; else `known` or `new`. */
const counterparties = z.object({
  /** Known: an action to it was allowed or approved within this time before. */
  knownWithin: windowSchema.default('P90D'),
  classes: z
    .array(
      z.object({
        name: name.refine((text) => text !== 'new' && text !== 'known', 'reserved'),
        /** What the action names, exactly or by a prefix ending in `*`. */
        patterns: z.array(toolPattern).max(512).default([]),
        /** Opaque keys (`cp_…`), for counterparties that a policy should not spell out. */
        digests: z
          .array(z.string().regex(/^cp_[0-9a-f]{32}$/))
          .max(4096)
          .default([]),
      }),
    )
    .max(64)
    .default([]),
});

/** What two people may lift together for a short time; absent or not enabled: nothing. */
const breakGlass = z.object({
  enabled: z.boolean(),
  /** How long the window is open. */
  minutes: z.number().int().min(1).max(60),
  tiers: z.array(tier).min(1).max(3),
  /**
   * `limits`: amount, tool, tier and counterparty of one's own authority; `hours`; `senior`: a reviewer may fill a senior
   * reviewer's place. Distinct people, the requester's exclusion, record and digest are never relaxed.
   */
  relaxes: z
    .array(z.enum(['limits', 'hours', 'senior']))
    .min(1)
    .max(3),
  /** Who may ask and confirm. */
  roles: z
    .array(z.enum(['reviewer', 'senior_reviewer', 'compliance']))
    .min(1)
    .max(3)
    .default(['senior_reviewer', 'compliance']),
  /** How soon compliance must have looked into it. */
  reviewWithinHours: z.number().int().min(1).max(720).default(72),
});

export const policyDocument = z.object({
  id: name,
  title: z.string().max(200),
  currency,
  grants: z.array(grant).max(256),
  tools: z.array(tool).max(512),
  budgets: z.array(budget).max(128),
  tiers: z.array(tierRule).max(3),
  thresholds: z.array(threshold).max(256),
  containment,
  witnesses: witnesses.optional(),
  counterparties: counterparties.optional(),
  review: z.object({
    quorum: quorumSchema,
    /** How long an escalation waits before it expires. */
    waitMinutes: z.number().int().min(1).max(10_080),
    /** How long an approval token lives. */
    tokenMinutes: z.number().int().min(1).max(60),
    /** Sections that must be covered before a verdict, by tier. */
    requiredSections: z
      .partialRecord(tier, z.array(z.enum(['action', 'why', 'seen', 'history'])))
      .default({}),
    /** Least active time before an approval, in milliseconds, by tier. */
    minimumActiveMs: z.partialRecord(tier, z.number().int().min(0).max(600_000)).default({}),
    /** After so long without anybody at work on it, an escalation goes to the next higher authority. */
    escalateAfterMinutes: z.number().int().min(1).max(10_080).optional(),
    breakGlass: breakGlass.optional(),
    /** Whether who narrowed a request may approve what came of it: they see the bytes like everybody else. */
    editorMayApprove: z.boolean().default(true),
    /** Tiers that may be approved several at once; every gate holds for each one all the same. */
    bulkApproveTiers: z.array(tier).max(3).default(['reversible']),
    /** When to remind of an undecided escalation, in per cent of its wait. */
    remindAtPercent: z.array(z.number().int().min(1).max(99)).max(5).default([75]),
    attention: attentionRules.optional(),
    /** Unsaid: `block` for the tiers that cannot be undone. */
    notInspectable: notInspectableRules.optional(),
    /** Which verdicts need the reviewer's passkey, by tier. A denial is the safe side: `approval` leaves it free. */
    passkey: z.partialRecord(tier, passkeyRule).default({}),
  }),
});
export type PolicyDocument = z.infer<typeof policyDocument>;
export type PolicyWindow = z.infer<typeof windowSchema>;
export type PolicyTool = PolicyDocument['tools'][number];
export type PolicyGrant = PolicyDocument['grants'][number];
export type PolicyBudget = PolicyDocument['budgets'][number];
export type PolicyBreakGlass = z.infer<typeof breakGlass>;
export type PolicyThreshold = PolicyDocument['thresholds'][number];
