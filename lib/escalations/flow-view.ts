/** What the console shows of an escalation beside its evidence: questions, comments, machines' words, what it came from. */
import * as z from 'zod';
import { decimal, instant } from '@/lib/decisions/record-payload';
import { HAND_UP_REASONS } from './escalation-lists';

export const IMPRESSIONS = ['approve', 'deny', 'unsure'] as const;
export const impressionSchema = z.enum(IMPRESSIONS);
export type Impression = z.infer<typeof impressionSchema>;

/** What a producer may attach: a machine's opinion, shown to nobody before their own. Attacker-controlled. */
export const recommendationSchema = z.strictObject({
  model: z.strictObject({
    provider: z.string().max(256),
    name: z.string().max(256),
    version: z.string().max(256),
  }),
  verdict: impressionSchema,
  rationale: z.string().max(4000),
  score: decimal.optional(),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

/** A question to the agent's owner. `answer` is attacker-controlled like all evidence. */
export const informationView = z.object({
  id: z.string(),
  question: z.string(),
  askedAt: instant,
  mine: z.boolean(),
  answer: z.string().nullable(),
  answeredBy: z.enum(['gateway', 'owner']).nullable(),
  answeredAt: instant.nullable(),
});
export type InformationView = z.infer<typeof informationView>;

export const commentView = z.object({
  id: z.string(),
  name: z.string(),
  mine: z.boolean(),
  text: z.string(),
  at: instant,
});

export const narrowKinds = z.enum(['lower', 'earlier', 'fewer']);

/** One place where an edit made the action narrower. */
export const narrowingView = z.object({
  pointer: z.string(),
  kind: narrowKinds,
  from: z.unknown(),
  to: z.unknown(),
});

export const deferralView = z.object({ until: instant.nullable(), onInformation: z.boolean() });
export type DeferralView = z.infer<typeof deferralView>;

export const flowView = z.object({
  information: z.array(informationView),
  /** The viewer answers for this agent and may answer its questions. */
  mayAnswer: z.boolean(),
  comments: z.array(commentView),
  /** Comments that may carry a verdict and are shown after one's own. */
  heldComments: z.number().int(),
  /** `hidden`: there is one, and the viewer has recorded no first impression. */
  recommendation: z.discriminatedUnion('state', [
    z.object({ state: z.literal('none') }),
    z.object({ state: z.literal('hidden') }),
    z.object({
      state: z.literal('shown'),
      words: recommendationSchema.nullable(),
      impression: impressionSchema,
    }),
  ]),
  supersedes: z.string().nullable(),
  supersededBy: z.string().nullable(),
  /** What was narrowed in the request that this one came from. */
  narrowed: z.array(narrowingView),
  /** Whether the viewer may narrow it now, and where. */
  narrow: z.object({
    may: z.boolean(),
    places: z.array(z.object({ pointer: z.string(), kind: narrowKinds })),
  }),
});
export type FlowView = z.infer<typeof flowView>;

const words = z.string().min(1).max(2000);

/** POST /api/v1/escalations/{id}/impression */
export const impressionRequest = z.strictObject({ impression: impressionSchema });
/** POST /api/v1/escalations/{id}/information */
export const askRequest = z.strictObject({ question: words });
/** POST /api/v1/escalations/{id}/information/answer, and POST /access/v1/requests/{id}/information by the gateway. */
export const answerRequest = z.strictObject({
  information_id: z.string().max(64),
  answer: z.string().min(1).max(8000),
});
export type AnswerRequest = z.infer<typeof answerRequest>;
/** POST /api/v1/escalations/{id}/comments */
export const commentRequest = z.strictObject({ text: words, carriesVerdict: z.boolean() });
/** POST /api/v1/escalations/{id}/defer: neither condition takes it up again. */
export const deferRequest = z.strictObject({ until: instant.nullable(), onInformation: z.boolean() });
/** POST /api/v1/escalations/{id}/raise */
export const handUpRequest = z.strictObject({ reasonCode: z.enum(HAND_UP_REASONS) });
export const handUpResponse = z.object({ to: z.enum(['senior_reviewer', 'compliance']) });
/** POST /api/v1/escalations/{id}/narrow: the whole action as it shall be, and what the page showed. */
export const narrowRequest = z.strictObject({
  action: z.record(z.string(), z.unknown()),
  actionDigest: z.string().max(64),
  version: z.number().int(),
});
export type NarrowRequest = z.infer<typeof narrowRequest>;
export const narrowResponse = z.object({ successor: z.string(), narrowed: z.array(narrowingView) });
