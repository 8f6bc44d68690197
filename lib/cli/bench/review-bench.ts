import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { publicKeyOf } from '@/lib/core/ed25519';
import type { DecideRequest, EscalationDetail } from '@/lib/escalations/escalation-view';
import { displayDigest } from '@/lib/escalations/statement';
import { type AccessClient, createAccessClient } from '@/lib/gateway/access-client';
import { createTransport } from '@/lib/gateway/transport';
import { createPerson } from '@/lib/server/identity/create-person';
import { formatSession, sessionCookieName } from '@/lib/server/identity/session-cookie';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { registerProducer } from '@/lib/server/producers/register-producer';
import type { Action } from '@/lib/tokens/action';
import { PersonClient } from '../person-client';
import type { BenchConsole } from './bench-console';
import { BENCH_TENANT } from './bench-producer';
import { createPoster } from './post-bytes';

/** A policy that escalates every payment above 500 to one reviewer, whose reading takes no least time. */
const POLICY = {
  id: 'payments',
  title: 'Bench',
  currency: 'INR',
  grants: [{ name: 'pay', agents: ['payments-agent'], tools: ['pay'] }],
  tools: [
    {
      name: 'pay',
      tier: 'bounded',
      category: 'payment',
      verb: 'pay',
      preposition: 'to',
      amount: '/action/properties/amount',
      currency: '/action/properties/currency',
      defaultCurrency: 'INR',
      counterparty: '/action/properties/to',
    },
  ],
  budgets: [],
  tiers: [{ tier: 'bounded', needs: 'nothing' }],
  thresholds: [
    {
      name: 'large',
      tools: ['pay'],
      on: { kind: 'per-action', above: '500', currency: 'INR' },
      // biome-ignore lint/suspicious/noThenProperty: the policy language says `then`; nothing awaits a rule.
      then: 'escalate',
    },
  ],
  containment: { stateUnavailable: 'defer' },
  review: { quorum: [{ role: 'reviewer', count: 1 }], waitMinutes: 600, tokenMinutes: 60 },
};

export interface ReviewBench {
  /** Reviewers with authority over everything, signed in. */
  reviewers: PersonClient[];
  gateway: AccessClient;
  /** An evaluated payment that waits to be submitted. */
  evaluate(): Promise<{ action: Action; evaluationId: string }>;
  /** Evaluated and submitted. @returns the escalation's id */
  submit(expiresAt?: string): Promise<{ id: string; action: Action }>;
  /** Opens and reads it as the page does, and gives what the verdict form would send. */
  read(reviewer: PersonClient, id: string): Promise<{ send: () => Promise<Approved> }>;
}

const approved = z.object({ approval: z.object({ id: z.string(), token: z.string() }) });
type Approved = z.infer<typeof approved>;

/** One organisation with a policy, a gateway and so many reviewers, over HTTP. */
export async function prepareReviews(console: BenchConsole, reviewerCount: number): Promise<ReviewBench> {
  const { origin } = console;
  await publishPolicy({ tenant: BENCH_TENANT, text: JSON.stringify(POLICY), publishedBy: 'bench' });
  const seed = new Uint8Array(randomBytes(32));
  const { keyid } = await registerProducer({
    tenant: BENCH_TENANT,
    id: 'spiffe://bench.example/gateway',
    name: 'Bench gateway',
    kind: 'gateway',
    publicKey: publicKeyOf(seed),
    by: 'bench',
  });
  const gateway = createAccessClient(createTransport({ origin, keyid, seed }));
  const reviewers = await Promise.all(Array.from({ length: reviewerCount }, (_, n) => signIn(origin, n)));
  const poster = createPoster(origin);
  let payments = 0;
  const evaluate: ReviewBench['evaluate'] = async () => {
    payments += 1;
    const action: Action = {
      subject: { type: 'agent', id: 'payments-agent' },
      resource: { type: 'account', id: `acct-${payments % 97}` },
      action: { name: 'pay', properties: { amount: `${600 + payments}.00`, to: `acct-${payments % 97}` } },
      context: { principal: { type: 'customer', token: `tok_${'a'.repeat(32)}` }, runtime: 'prod' },
    };
    const evaluation = await gateway.evaluate(action);
    if (!evaluation.ok) throw new Error(`The evaluation answered ${evaluation.code}.`);
    return { action, evaluationId: evaluation.value.evaluationId };
  };
  return {
    reviewers,
    gateway,
    evaluate,
    async submit(expiresAt) {
      const evaluated = await evaluate();
      const task = await gateway.escalate({ ...evaluated, ...(expiresAt ? { expiresAt } : {}) });
      if (!task.ok) throw new Error(`The submission answered ${task.code}.`);
      return { id: task.value.id, action: evaluated.action };
    },
    async read(reviewer, id) {
      await reviewer.getEscalation(id);
      await reviewer.open(id, z.unknown());
      const detail: EscalationDetail = await reviewer.getEscalation(id);
      const verdict: DecideRequest = {
        verdict: 'approve',
        reasonCode: 'matches-evidence',
        reasonText: 'The invoice was compared with the order.',
        actionDigest: detail.actionDigest,
        displayDigest: displayDigest(detail),
        instance: detail.instance,
        version: detail.row.version,
      };
      const body = Buffer.from(JSON.stringify(verdict));
      const to = {
        path: `/api/v1/escalations/${id}/decide`,
        headers: { origin, cookie: reviewer.cookie },
      };
      return {
        send: async () => {
          const { status, text } = await poster.post('application/json', body, to);
          if (status !== 200) throw new Error(`The verdict answered ${status}: ${text.slice(0, 300)}`);
          return approved.parse(JSON.parse(text));
        },
      };
    },
  };
}

async function signIn(origin: string, n: number): Promise<PersonClient> {
  const { id } = await createPerson({
    tenant: BENCH_TENANT,
    email: `reviewer.${n}@example.org`,
    name: `Reviewer ${n}`,
    roles: ['reviewer'],
    authority: { maxTier: 'unbounded', limits: [], tools: [], counterparties: [], hours: null },
  });
  return PersonClient.signedIn(
    origin,
    `${sessionCookieName()}=${encodeURIComponent(await formatSession(id))}`,
  );
}
