import { randomBytes } from 'node:crypto';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatInstant } from '@/lib/core/instant';
import { RECORD_PAYLOAD_TYPE } from '@/lib/integrity/dsse';
import { registerProducer } from '@/lib/server/producers/register-producer';
import { newId, newSubjectToken } from '@/lib/server/random';
import { createSigner } from './create-signer';

export const BENCH_TENANT = 'bench';

/** A registered producer that signs decision records of its own stream, one after the other. */
export interface BenchProducer {
  stream: string;
  nextRecord(): Buffer;
}

const TOOLS = ['transfer_money', 'refund_order', 'update_limit', 'read_statement', 'notify_customer'];
const VERDICTS = ['allow', 'allow', 'allow', 'allow', 'refuse', 'escalate', 'defer', 'allow'];

/** Registers producer number `n` through the verb that the console itself uses. */
export async function createBenchProducer(n: number): Promise<BenchProducer> {
  const seed = new Uint8Array(randomBytes(32));
  const stream = `spiffe://bench.example/agent/${n}`;
  const { keyid } = await registerProducer({
    tenant: BENCH_TENANT,
    id: stream,
    name: `Bench agent ${n}`,
    kind: 'agent',
    publicKey: publicKeyOf(seed),
    by: 'bench',
  });
  return { stream, nextRecord: createRecordMaker(stream, keyid, seed) };
}

/** Signs a stream's decision records, one after the other. */
export function createRecordMaker(stream: string, keyid: string, seed: Uint8Array): () => Buffer {
  const sign = createSigner(seed);
  let seq = 0;
  return () => {
    seq += 1;
    const payload = utf8(JSON.stringify(decisionPayload(stream, seq)));
    const signature = sign(payload).toString('base64');
    return Buffer.from(
      `{"payloadType":"${RECORD_PAYLOAD_TYPE}","payload":"${Buffer.from(payload).toString('base64')}","signatures":[{"keyid":"${keyid}","sig":"${signature}"}]}`,
    );
  };
}

/** A payload of about 1.2 KB with every kind of projection: subjects, lineage, versions, rollups. */
function decisionPayload(stream: string, seq: number): Record<string, unknown> {
  const now = Date.now();
  const verdict = VERDICTS[seq % VERDICTS.length];
  return {
    kind: 'decision',
    id: newId('dec', now),
    producer: stream,
    stream,
    seq,
    occurred_at: formatInstant(now),
    body: {
      identity: {
        agent: { id: 'payments-agent', name: 'Payments', version: '4.2.0' },
        principal: { type: 'customer', token: newSubjectToken() },
        trace_id: randomBytes(16).toString('hex'),
        subjects: [{ type: 'account', token: newSubjectToken() }],
      },
      input: {
        digest: `sha3-512:${randomBytes(64).toString('hex')}`,
        media_type: 'application/json',
        byte_count: 812,
      },
      model: { provider: 'anthropic', name: 'claude', version: '2026-10-01' },
      context: {
        prompt: { template: 'transfer', version: '7', digest: `sha-256:${'a1'.repeat(32)}` },
        policy: { id: 'payments', version: '3', digest: `sha-256:${'b2'.repeat(32)}` },
      },
      output: {
        action: {
          name: TOOLS[seq % TOOLS.length],
          resource: { type: 'account', id: `acc-${seq % 997}` },
          tier: 'bounded',
          value: { amount: '18500.00', currency: 'INR' },
        },
        outcome: {
          verdict,
          source: 'gateway',
          control: 'budget',
          rule: 'daily-limit',
          reason_code: 'within-limit',
        },
      },
    },
  };
}
