import { randomBytes } from 'node:crypto';
import { publicKeyOf } from '@/lib/core/ed25519';
import type { Verdict } from '@/lib/escalations/escalation-view';
import type { Authority } from '@/lib/identity/authority';
import type { Role } from '@/lib/identity/role';
import { paymentPolicyInput, payment as policyPayment } from '@/lib/policy/testing/payment-policy';
import { evaluate } from '@/lib/server/access/evaluate';
import { listChanges } from '@/lib/server/changes/list-changes';
import { importReconciliation } from '@/lib/server/completeness/import-reconciliation';
import { listConditions } from '@/lib/server/conditions/list-conditions';
import { openConditions } from '@/lib/server/conditions/open-conditions';
import { getPool } from '@/lib/server/database/pool';
import { delegateAuthority } from '@/lib/server/delegations/delegate';
import { getDetail } from '@/lib/server/escalations/get-detail';
import { submitEscalation } from '@/lib/server/escalations/submit';
import { createPerson } from '@/lib/server/identity/create-person';
import { openLog } from '@/lib/server/log/open-log';
import { sequence } from '@/lib/server/log/sequence';
import type { ProducerCaller } from '@/lib/server/machine-auth/require-producer';
import { publishPolicy } from '@/lib/server/policies/publish-policy';
import { newId } from '@/lib/server/random';
import { ingestRecords } from '@/lib/server/records/ingest';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { openReview } from '@/lib/server/reviews/open';
import { createTestProducer, createTestTenant, type TestProducer } from '@/lib/server/testing/test-producer';
import { testViewer } from '@/lib/server/testing/test-vault';
import { makeRequest } from '@/lib/server/vault/make-request';
import { tokenise } from '@/lib/server/vault/tokenise';
import type { Action } from '@/lib/tokens/action';

export const ROLE_NAMES = [
  'reviewer',
  'senior_reviewer',
  'compliance',
  'data_protection',
  'auditor',
  'admin',
] as const satisfies Role[];

export interface Member {
  id: string;
  name: string;
  email: string;
  roles: Role[];
}

/** One organisation with everything in it that a request could name. */
export interface Organisation {
  tenant: string;
  members: Record<(typeof ROLE_NAMES)[number], Member>;
  gateway: TestProducer;
  otherGateway: TestProducer;
  pipeline: TestProducer;
  decision: string;
  /** A parent that is missing. */
  condition: string;
  /** Its policy being put in force. */
  change: string;
  /** From the reviewer to the senior reviewer. */
  delegation: string;
  /** One that nobody confirmed in time. */
  breakGlass: string;
  /** A subject token behind which the vault holds an identifier. */
  token: string;
  /** Asked by somebody else, waits for a second person. */
  request: string;
  reconciliation: string;
  /** Waits for a verdict. */
  pending: string;
  approval: { id: string; token: string; action: Action; escalation: string };
  /** Marks text that only this organisation's people may ever be shown. */
  marker: string;
}

const MINUTES_AGO_MS = 3 * 60_000;

/** The escalated payment: above the threshold of `policyOf`. */
export function largePayment(marker: string, amount = '18500.00'): Action {
  return policyPayment({ amount, to: `acct-${marker}` });
}

function policyText(title: string): string {
  return JSON.stringify(
    paymentPolicyInput({
      title,
      thresholds: [
        {
          name: 'large',
          tools: ['pay'],
          on: { kind: 'per-action', above: '500', currency: 'INR' },
          // biome-ignore lint/suspicious/noThenProperty: the policy language says `then`; nothing awaits a rule.
          then: 'escalate',
        },
      ],
      review: { quorum: [{ role: 'reviewer', count: 1 }], waitMinutes: 30, tokenMinutes: 5 },
    }),
  );
}

export function callerOf(producer: TestProducer, kind = 'gateway'): ProducerCaller {
  const { id, tenant, keyid, seed } = producer;
  return { producerId: id, tenant, kind, keyid, publicKey: publicKeyOf(seed) };
}

async function createMember(tenant: string, role: Role, marker: string): Promise<Member> {
  const name = `${role} ${marker}`;
  const email = `${role}.${marker}@example.org`;
  const authority: Authority = {
    maxTier: 'unbounded',
    limits: [],
    tools: [],
    counterparties: [],
    hours: null,
  };
  const { id } = await createPerson({
    tenant,
    email,
    name,
    roles: [role],
    authority,
  });
  return { id, name, email, roles: [role] };
}

export async function submitPayment(gateway: TestProducer, action: Action, nowMs: number): Promise<string> {
  const caller = callerOf(gateway);
  const answer = await evaluate(caller, action, {}, { nowMs });
  const { task } = await submitEscalation(
    caller,
    {
      idempotencyKey: `key-${randomBytes(8).toString('hex')}`,
      request: {
        subject: action.subject,
        resource: action.resource,
        action: action.action,
        context: action.context,
        evaluation_id: answer.context.evaluation_id as string,
      },
    },
    { nowMs },
  );
  return task.id;
}

/** Reads and decides as the page does. */
export async function decide(
  organisation: Pick<Organisation, 'tenant'>,
  member: Member,
  id: string,
  verdict: Verdict,
  nowMs: number,
) {
  const tenant = { id: organisation.tenant, name: organisation.tenant, demo: false };
  const viewer = { person: member, tenant, roles: member.roles };
  await openReview(viewer, id, { nowMs });
  const detail = await getDetail(viewer, id, { nowMs });
  return decideEscalation(
    viewer,
    id,
    {
      verdict,
      reasonCode: verdict === 'approve' ? 'matches-evidence' : 'looks-manipulated',
      reasonText: 'Invoice 4471 was compared with the order.',
      actionDigest: detail.actionDigest,
      displayDigest: detail.displayDigest,
      instance: detail.instance,
      version: detail.row.version,
    },
    { nowMs: nowMs + 1000 },
  );
}

/** Opens a condition about a decision that does not exist. @returns its id */
export async function openTestCondition(tenant: string): Promise<string> {
  const scope = `decision:${newId('dec')}`;
  await openConditions({ tenant }, [{ code: 'lineage_hole', scope, detail: 'A parent is missing.' }]);
  const opened = (await listConditions(tenant)).find((condition) => condition.scope === scope);
  if (!opened) throw new Error('The condition was not opened.');
  return opened.id;
}

/** A request to read a decision's contents, by somebody who is none of the members. @returns its id */
export async function openTestRequest(tenant: string, decision: string): Promise<string> {
  const { id } = await makeRequest(testViewer(tenant, ['auditor']), {
    kind: 'payload',
    target: decision,
    purpose: 'complaint',
    caseRef: 'CASE-1',
  });
  return id;
}

/** Imports a list of one action that no decision accounts for. @returns the reconciliation's id */
async function importTestList(tenant: string, by: string): Promise<string> {
  const request = {
    system: 'core-banking',
    type: 'transfer',
    tools: ['transfer_money'],
    mapping: {
      id: 'id',
      amount: null,
      currency: null,
      fixedCurrency: null,
      at: 'at',
      decimals: 'point' as const,
    },
    toleranceMinutes: 60,
    content: 'id,at\ntr-unknown,2026-11-01\n',
  };
  return (await importReconciliation({ tenant, by, request })).id;
}

export async function createOrganisation(name: string): Promise<Organisation> {
  const marker = `${name}-${randomBytes(6).toString('hex')}`;
  const tenant = await createTestTenant(`${name}-${randomBytes(4).toString('hex')}`);
  const nowMs = Date.now() - MINUTES_AGO_MS;
  await publishPolicy(
    { tenant, text: policyText(`Payments ${marker}`), publishedBy: 'test' },
    { nowMs: nowMs - 1000 },
  );
  const members = {} as Organisation['members'];
  for (const role of ROLE_NAMES) members[role] = await createMember(tenant, role, marker);
  const gateway = await createTestProducer(tenant, { kind: 'gateway' });
  const otherGateway = await createTestProducer(tenant, { kind: 'gateway' });
  const pipeline = await createTestProducer(tenant, { kind: 'pipeline' });
  const payload = gateway.payload();
  const [stored] = await ingestRecords(null, [gateway.sign(payload)]);
  if (stored?.status !== 'accepted') throw new Error(`decision: ${JSON.stringify(stored)}`);
  const action = largePayment(marker);
  const approved = await submitPayment(gateway, action, nowMs);
  const answer = await decide({ tenant }, members.reviewer, approved, 'approve', nowMs + 1000);
  if (!answer.approval) throw new Error('not approved');
  const pending = await submitPayment(gateway, action, nowMs);
  const { tokens } = await tokenise(callerOf(pipeline, 'pipeline'), {
    items: [{ type: 'customer_number', identifier: marker.replaceAll(/[^a-z0-9]/gi, '') }],
  });
  const [token = ''] = tokens;
  return {
    tenant,
    members,
    gateway,
    otherGateway,
    pipeline,
    decision: payload.id as string,
    condition: await openTestCondition(tenant),
    token,
    request: await openTestRequest(tenant, payload.id as string),
    reconciliation: await importTestList(tenant, members.auditor.id),
    change: (await listChanges(tenant)).changes[0]?.id ?? '',
    delegation: await createTestDelegation(tenant, members),
    breakGlass: await createTestBreakGlass(tenant, members.compliance.id),
    pending,
    approval: { id: answer.approval.id, token: answer.approval.token, action, escalation: approved },
    marker,
  };
}

export interface World {
  bank: Organisation;
  clinic: Organisation;
}

/** The reviewer lends the senior reviewer their authority for a day. */
export async function createTestDelegation(
  tenant: string,
  { reviewer, senior_reviewer }: Organisation['members'],
): Promise<string> {
  const { id } = await delegateAuthority(
    { person: reviewer, tenant: { id: tenant, name: tenant, demo: false }, roles: reviewer.roles },
    {
      to: senior_reviewer.id,
      authority: null,
      from: new Date().toISOString(),
      until: new Date(Date.now() + 86_400_000).toISOString(),
      reasonCode: 'leave',
      reasonText: 'Away for the whole day.',
    },
  );
  return id;
}

async function createTestBreakGlass(tenant: string, askedBy: string): Promise<string> {
  const id = newId('bgl');
  await getPool().query(
    `INSERT INTO break_glasses (id, tenant, asked_by, asked_at, confirm_by, reason_code, reason_ref, tiers, relaxes)
     VALUES ($1, $2, $3, now() - interval '1 hour', now() - interval '45 minutes', 'outage', 'none', '{bounded}', '{hours}')`,
    [id, tenant, askedBy],
  );
  return id;
}

/** Two organisations on one console, with one log over both. */
export async function createWorld(): Promise<World> {
  await openLog();
  const bank = await createOrganisation('bank');
  const clinic = await createOrganisation('clinic');
  await sequence({ force: true });
  return { bank, clinic };
}
