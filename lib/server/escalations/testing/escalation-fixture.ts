import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { publicKeyOf } from '@/lib/core/ed25519';
import { recordPayload } from '@/lib/decisions/record-payload';
import type { AccessTask, SubmitRequest } from '@/lib/escalations/access-request';
import type { DecideRequest, EscalationDetail, Verdict } from '@/lib/escalations/escalation-view';
import type { Authority } from '@/lib/identity/authority';
import type { Role } from '@/lib/identity/role';
import { parseEnvelope } from '@/lib/integrity/dsse';
import type { policyDocument } from '@/lib/policy/policy-document';
import { paymentPolicyInput, payment as policyPayment } from '@/lib/policy/testing/payment-policy';
import type { Action } from '@/lib/tokens/action';
import { evaluate } from '../../access/evaluate';
import { getPool } from '../../database/pool';
import { createPerson } from '../../identity/create-person';
import type { ProducerCaller } from '../../machine-auth/require-producer';
import { publishPolicy } from '../../policies/publish-policy';
import { recordHeartbeat } from '../../reviews/heartbeat';
import { openReview } from '../../reviews/open';
import type { Reviewer } from '../../reviews/reviewer';
import { createTestProducer, createTestTenant } from '../../testing/test-producer';
import { getDetail } from '../get-detail';
import { submitEscalation } from '../submit';

type PolicyInput = z.input<typeof policyDocument>;

/** Times of one test: seconds after its escalation was submitted. */
export const T0 = Date.UTC(2026, 10, 20, 9, 0, 0);
export const at = (seconds: number) => ({ nowMs: T0 + seconds * 1000 });

/** Payments above 500 need a reviewer who read `action` and `why` for 8 s. */
export function reviewPolicy(overrides: Partial<PolicyInput> = {}): PolicyInput {
  return paymentPolicyInput({
    thresholds: [
      {
        name: 'large',
        tools: ['pay'],
        on: { kind: 'per-action', above: '500', currency: 'INR' },
        // biome-ignore lint/suspicious/noThenProperty: the policy language says `then`; nothing awaits a rule.
        then: 'escalate',
      },
    ],
    review: {
      quorum: [{ role: 'reviewer', count: 1 }],
      waitMinutes: 30,
      tokenMinutes: 5,
      requiredSections: { bounded: ['action', 'why'] },
      minimumActiveMs: { bounded: 8_000 },
    },
    ...overrides,
  });
}

export interface TestOrganisation {
  tenant: string;
  gateway: ProducerCaller;
  /** Another gateway of the same organisation. */
  otherGateway: ProducerCaller;
  person: (roles: Role[], authority?: Authority | null) => Promise<Reviewer>;
}

export const ANY: Authority = {
  maxTier: 'unbounded',
  limits: [],
  tools: [],
  counterparties: [],
  hours: null,
};

/** A tenant with a policy in force, two gateways, and a way to make people. */
export async function createOrganisation(policy: PolicyInput = reviewPolicy()): Promise<TestOrganisation> {
  const tenant = await createTestTenant(`org-${randomBytes(6).toString('hex')}`);
  await publishPolicy({ tenant, text: JSON.stringify(policy), publishedBy: 'test' }, { nowMs: T0 - 1000 });
  return {
    tenant,
    gateway: await createCaller(tenant),
    otherGateway: await createCaller(tenant),
    person: async (roles, authority = ANY) => {
      const name = `Person ${randomBytes(4).toString('hex')}`;
      const email = `${name.replace(' ', '.').toLowerCase()}@example.org`;
      const { id } = await createPerson({ tenant, email, name, roles, authority });
      return { person: { id, name, email }, tenant: { id: tenant, name: tenant, demo: false }, roles };
    },
  };
}

async function createCaller(tenant: string): Promise<ProducerCaller> {
  const producer = await createTestProducer(tenant, { kind: 'gateway' });
  const { id, keyid, seed } = producer;
  return { producerId: id, tenant, kind: 'gateway', keyid, publicKey: publicKeyOf(seed) };
}

/** A payment that the policy escalates. */
export function largePayment(amount = '18500.00', to = `acct-${randomBytes(4).toString('hex')}`): Action {
  return policyPayment({ amount, to });
}

/** Evaluates an action and submits what was escalated. */
export async function submitPayment(
  organisation: TestOrganisation,
  action: Action = largePayment(),
  extra: Partial<SubmitRequest> = {},
): Promise<AccessTask> {
  const request = await evaluatedRequest(organisation.gateway, action, extra);
  const { task } = await submitEscalation(organisation.gateway, { idempotencyKey: newKey(), request }, at(0));
  return task;
}

/** The body of a submission whose evaluation was made just now. */
export async function evaluatedRequest(
  caller: ProducerCaller,
  action: Action,
  extra: Partial<SubmitRequest> = {},
): Promise<SubmitRequest> {
  const answer = await evaluate(caller, action, {}, at(0));
  const { subject, resource, action: name, context } = action;
  return {
    subject,
    resource,
    action: name,
    context,
    evaluation_id: answer.context.evaluation_id as string,
    ...extra,
  } as SubmitRequest;
}

export function newKey(): string {
  return `key-${randomBytes(8).toString('hex')}`;
}

/** Reads an escalation as its page does for 10 s: renders everything, then beats with every section on screen. */
export async function readEscalationPage(viewer: Reviewer, id: string, from = 1): Promise<EscalationDetail> {
  // A test's times start again for each escalation; one person's clock would not.
  await getPool().query('DELETE FROM reviewer_clocks WHERE person = $1', [viewer.person.id]);
  await getDetail(viewer, id, at(from));
  await openReview(viewer, id, at(from));
  const beat = {
    visible: true,
    focused: true,
    idle: false,
    sections: ['action', 'why', 'seen', 'history'] as const,
  };
  for (const seconds of [5, 10]) {
    await recordHeartbeat(viewer, id, { ...beat, sections: [...beat.sections] }, at(from + seconds));
  }
  return getDetail(viewer, id, at(from + 10));
}

/** The verdict form as the page would send it for what it shows. */
export function verdictOn(
  detail: EscalationDetail,
  verdict: Verdict,
  overrides: Partial<DecideRequest> = {},
): DecideRequest {
  return {
    verdict,
    reasonCode: verdict === 'approve' ? 'matches-evidence' : 'looks-manipulated',
    reasonText:
      verdict === 'approve' ? 'Invoice 4471 matches the order.' : 'The payee was never used before.',
    actionDigest: detail.actionDigest,
    displayDigest: detail.displayDigest,
    instance: detail.instance,
    version: detail.row.version,
    ...overrides,
  };
}

/** Payloads of the console's records of one kind, in order. */
export async function recordsOf(tenant: string, kind: string): Promise<z.infer<typeof recordPayload>[]> {
  const found = await getPool().query<{ envelope: Uint8Array }>(
    'SELECT envelope FROM records WHERE tenant = $1 AND kind = $2 ORDER BY position',
    [tenant, kind],
  );
  return found.rows.map(({ envelope }) => {
    const parsed = parseEnvelope(new Uint8Array(envelope));
    if (!parsed.ok) throw new Error(parsed.code);
    return recordPayload.parse(JSON.parse(Buffer.from(parsed.value.payload).toString('utf8')));
  });
}
