import { formatHex } from '@/lib/core/encoding';

const hex = (byte: number, bytes: number) => formatHex(new Uint8Array(bytes).fill(byte));
export const PRODUCER = 'spiffe://example.org/agent/payments';

/** A decision that leaves nothing out, written out in full: what the console asks of a vendor. */
export function completeBody() {
  return {
    identity: {
      agent: {
        id: 'payments-agent',
        name: 'Payments agent',
        version: '4.2.0',
        runtime: 'payments-runtime-4',
      },
      principal: { type: 'customer', token: `tok_${hex(1, 16)}` },
      session_id: 'session-81',
      run_id: 'run-4411',
      trace_id: hex(2, 16),
      span_id: hex(3, 8),
      parents: ['dec-81'],
      subjects: [{ type: 'account', token: `tok_${hex(4, 16)}` }],
    },
    input: { digest: `sha3-512:${hex(5, 64)}`, media_type: 'application/json', byte_count: 812 },
    model: {
      provider: 'anthropic',
      name: 'claude',
      version: '2026-10-01',
      parameters: { temperature: '0.2' },
    },
    context: {
      prompt: { template: 'transfer', version: '7', digest: `sha-256:${hex(6, 32)}` },
      retrieval: {
        index: 'payees',
        version: '2026-10-12',
        items: [{ id: 'payee-1', digest: `sha-256:${hex(7, 32)}`, score: '0.91' }],
      },
      policy: { id: 'payments', version: '3', digest: `sha-256:${hex(8, 32)}` },
      routing: 'eu-1',
    },
    guardrails: [{ name: 'injection', version: '9.1', verdict: 'pass', score: '0.04', threshold: '0.50' }],
    output: {
      payload: { digest: `sha3-512:${hex(9, 64)}`, media_type: 'application/json', byte_count: 233 },
      action: {
        name: 'transfer_money',
        resource: { type: 'account', id: 'acc-1' },
        action_digest: 'A'.repeat(43),
        tier: 'bounded',
        value: { amount: '18500.00', currency: 'INR' },
      },
      outcome: {
        verdict: 'escalate',
        source: 'gateway',
        control: 'threshold',
        rule: 'large-payment',
        reason_code: 'above_threshold',
        evaluation_id: 'evl-1',
      },
      budgets: [{ name: 'daily', window: 'P1D', used: '100', limit: '50000', unit: 'INR' }],
    },
    review: {
      escalation_id: 'esc-1',
      verdict: 'approve',
      reviewers: ['per-1'],
      review_dwell_ms: 41_000,
      approval_id: 'apr-1',
    },
    downstream: [{ system: 'core-banking', type: 'transfer', id: 'tr-1' }],
  };
}

/** Its payload at place `seq` of its producer's stream. */
export function completePayload(seq = 1, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'decision',
    id: `dec-${seq}`,
    producer: PRODUCER,
    stream: PRODUCER,
    seq,
    occurred_at: `2026-11-30T10:00:00.${String(seq).padStart(3, '0')}Z`,
    body: completeBody(),
    ...overrides,
  };
}
