import { randomBytes } from 'node:crypto';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatInstant } from '@/lib/core/instant';
import { signEnvelope } from '@/lib/integrity/dsse';
import type { ProducerKind } from '@/lib/producers/producer';
import { getPool } from '../database/pool';
import { registerProducer } from '../producers/register-producer';
import { newId, newSubjectToken } from '../random';

export interface TestProducer {
  id: string;
  tenant: string;
  keyid: string;
  seed: Uint8Array;
  /** The next payload of this producer's own stream: a decision unless told otherwise. */
  payload(overrides?: Record<string, unknown>): Record<string, unknown>;
  /** The next record, signed. */
  record(overrides?: Record<string, unknown>): Uint8Array;
  /** Signs any payload, well-formed or not. */
  sign(payload: unknown): Uint8Array;
}

/** Creates a tenant row. */
export async function createTestTenant(id: string): Promise<string> {
  await getPool().query('INSERT INTO tenants (id, name, created_at) VALUES ($1, $1, now())', [id]);
  return id;
}

/** Registers a producer with a fresh key through the verb, and signs records as it. */
export async function createTestProducer(
  tenant: string,
  options: { path?: string; kind?: ProducerKind } = {},
): Promise<TestProducer> {
  const seed = new Uint8Array(randomBytes(32));
  const id = `spiffe://example.org/${options.path ?? `agent/${randomBytes(6).toString('hex')}`}`;
  const { keyid } = await registerProducer({
    tenant,
    id,
    name: 'Test agent',
    kind: options.kind ?? 'agent',
    publicKey: publicKeyOf(seed),
    by: 'test',
  });
  let seq = 0;
  const payload = (overrides: Record<string, unknown> = {}) => {
    seq += 1;
    return {
      kind: 'decision',
      id: newId('dec'),
      producer: id,
      stream: id,
      seq,
      occurred_at: formatInstant(Date.now()),
      body: testDecisionBody(),
      ...overrides,
    };
  };
  const sign = (value: unknown) =>
    signEnvelope(utf8(typeof value === 'string' ? value : JSON.stringify(value)), keyid, seed);
  return { id, tenant, keyid, seed, payload, sign, record: (overrides) => sign(payload(overrides)) };
}

/** A decision with all the groups that are projected. */
export function testDecisionBody(): Record<string, unknown> {
  const digest = () => `sha3-512:${randomBytes(64).toString('hex')}`;
  const version = (name: string) => `sha-256:${Buffer.from(name.padEnd(32, '.')).toString('hex')}`;
  return {
    identity: {
      agent: { id: 'payments-agent', name: 'Payments agent', version: '4.2.0', runtime: 'prod' },
      principal: { type: 'customer', token: newSubjectToken() },
      session_id: newId('lnk'),
      run_id: newId('lnk'),
      trace_id: randomBytes(16).toString('hex'),
      parents: [],
      subjects: [{ type: 'account', token: newSubjectToken() }],
    },
    input: { digest: digest(), media_type: 'application/json', byte_count: 812 },
    model: {
      provider: 'anthropic',
      name: 'claude',
      version: '2026-10-01',
      parameters: { temperature: '0.2' },
    },
    context: {
      prompt: { template: 'transfer', version: '7', digest: version('prompt') },
      retrieval: {
        index: 'payees',
        version: '12',
        items: [{ id: 'payee-1', digest: version('payee'), score: '0.91' }],
      },
      policy: { id: 'payments', version: '3', digest: version('policy') },
    },
    guardrails: [
      { name: 'prompt-injection', version: '9', verdict: 'pass', score: '0.04', threshold: '0.50' },
      { name: 'sanctions', version: '2026-11', verdict: 'pass' },
    ],
    output: {
      payload: { digest: digest(), media_type: 'application/json', byte_count: 233 },
      action: {
        name: 'transfer_money',
        resource: { type: 'account', id: 'acc-1' },
        tier: 'bounded',
        value: { amount: '18500.00', currency: 'INR' },
      },
      outcome: {
        verdict: 'allow',
        source: 'gateway',
        control: 'budget',
        rule: 'daily',
        reason_code: 'within',
      },
    },
    downstream: [{ system: 'core-banking', type: 'transfer', id: 'tr-1' }],
  };
}
