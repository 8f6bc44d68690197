/**
 * Where a gateway remembers the calls that wait for people, so that a restart neither forgets nor repeats one. An entry
 * holds ids and digests, never the arguments:
 *
 *   {"v":1,"key":"…","session":"run-7","actionDigest":"…","evaluationId":"evl_…","decisionId":"dec_…",
 *    "idempotencyKey":"…","askedAtMs":1795163760000,"stage":{"name":"waiting","taskId":"esc_…"}}
 *
 * A stage is written before the step that it names is taken.
 */
import { z } from 'zod';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';

const text = z.string().min(1).max(512);
const instantMs = z.int().nonnegative();
const outcome = z.strictObject({
  state: z.enum(['forwarded', 'upstream_error', 'not_forwarded']),
  downstream: z.array(z.strictObject({ system: text, type: text, id: text })).max(64),
});

const stage = z.discriminatedUnion('name', [
  /** The request is on its way; the same key and body give the same task. */
  z.strictObject({ name: z.literal('asking') }),
  /** People have it. `approvedAtMs`: an approval was seen while no caller was there. */
  z.strictObject({ name: z.literal('waiting'), taskId: text, approvedAtMs: instantMs.optional() }),
  /** The approval may be spent; nothing was executed. */
  z.strictObject({ name: z.literal('spending'), taskId: text, approvalId: text }),
  /** The action may be executed. */
  z.strictObject({ name: z.literal('forwarding'), taskId: text, approvalId: text }),
  /** The outcome is known here, the console has not answered for it yet. */
  z.strictObject({ name: z.literal('reporting'), approvalId: text, outcome }),
  /** An earlier process died while the action was under way; whoever asks again is told so, once. */
  z.strictObject({ name: z.literal('unknown'), sinceMs: instantMs }),
  /** People or time ended it, and its caller was not told yet. */
  z.strictObject({
    name: z.literal('ended'),
    status: z.enum(['denied', 'expired', 'cancelled', 'failed_request']),
    reasonCode: text.nullable(),
    sinceMs: instantMs,
  }),
]);

export const pendingCallSchema = z.strictObject({
  v: z.literal(1),
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  session: text,
  actionDigest: text,
  evaluationId: text,
  decisionId: text,
  idempotencyKey: text,
  askedAtMs: instantMs,
  /** Under which terms people were asked: the token is held to them, also after a restart. */
  terms: z.strictObject({
    quorum: z
      .array(z.strictObject({ role: text, count: z.int().min(1).max(16) }))
      .min(1)
      .max(8),
    breakGlass: z.boolean(),
    policyDigest: text,
  }),
  stage,
});
export type PendingCall = z.infer<typeof pendingCallSchema>;
export type CallStage = PendingCall['stage'];

/** Every write is durable when its promise resolves. */
export interface CallJournal {
  get(key: string): Promise<PendingCall | undefined>;
  put(call: PendingCall): Promise<void>;
  remove(key: string): Promise<void>;
  list(): Promise<PendingCall[]>;
}

/** One action of one session: base64url(SHA-256("countersign/call/v1\n" ‖ session ‖ "\n" ‖ action digest)). */
export function callKey(session: string, actionDigest: string): string {
  return formatBase64url(sha256(utf8(`countersign/call/v1\n${session}\n${actionDigest}`)));
}

/** A journal for one process's lifetime. */
export function createMemoryJournal(): CallJournal {
  const calls = new Map<string, PendingCall>();
  return {
    get: async (key) => calls.get(key),
    put: async (call) => void calls.set(call.key, structuredClone(call)),
    remove: async (key) => void calls.delete(key),
    list: async () => [...calls.values()],
  };
}
