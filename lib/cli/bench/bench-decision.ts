/**
 * Decision number `i` of `total`, the same each time: a quarter of a year of twelve producers, evenly over time. However
 * many there are, a subject has about forty and the mix of everything else is the same, so that a search finds as much at
 * every size.
 */
import { createHash } from 'node:crypto';
import { formatInstant } from '@/lib/core/instant';
import type { DecisionBody } from '@/lib/decisions/record-payload';

export const BENCH_STREAMS = 12;
export const BENCH_DAYS = 90;
const DAY_MS = 86_400_000;
/** A fixed quarter, so that a loaded database can be used again. */
export const BENCH_END_MS = Date.UTC(2026, 10, 29);
export const BENCH_START_MS = BENCH_END_MS - BENCH_DAYS * DAY_MS;
const PER_SUBJECT = 40;

const AGENTS = [
  'shopping-agent',
  'payments-agent',
  'sepsis-triage',
  'claims-agent',
  'support-agent',
  'ledger-agent',
];
const TOOLS = [
  'transfer_money',
  'refund_order',
  'update_limit',
  'read_statement',
  'notify_customer',
  'order.create',
];
const MODELS = ['claude', 'gpt', 'gemini'];
const RULES = [
  'daily-limit',
  'first-time-payee',
  'large-value',
  'night-hours',
  'velocity',
  'dose-range',
  'kyc-open',
];
const CONTROLS = ['budget', 'threshold', 'grant', 'reversibility', 'containment'] as const;
const VERDICTS = ['refuse', 'refuse', 'refuse', 'escalate', 'escalate', 'defer'] as const;
const TIERS = ['reversible', 'reversible', 'bounded', 'bounded', 'bounded', 'bounded', 'unbounded'] as const;

const pick = <T>(values: readonly T[], n: number): T => values[n % values.length] as T;

/** 32 well-mixed bits (the finaliser of MurmurHash3) of a number and a purpose. */
function mix(n: number, purpose: number): number {
  let h = Math.imul(n ^ Math.imul(purpose, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}

const hex8 = (n: number) => n.toString(16).padStart(8, '0');
const hex32 = (n: number, purpose: number) =>
  hex8(mix(n, purpose)) + hex8(mix(n, purpose + 1)) + hex8(mix(n, purpose + 2)) + hex8(mix(n, purpose + 3));

export const benchStream = (n: number) => `spiffe://bench.example/agent/${n}`;
/** Token of subject number `n`. */
export const benchSubject = (n: number) => `tok_${hex32(n, 100)}`;
export const benchSubjects = (total: number) => Math.max(1, Math.floor(total / PER_SUBJECT));

const versionDigest = (name: string) => `sha-256:${createHash('sha256').update(name).digest('hex')}`;
const digests = new Map<string, string>();
function digestOf(name: string): string {
  const known = digests.get(name) ?? versionDigest(name);
  digests.set(name, known);
  return known;
}

export interface BenchDecision {
  id: string;
  occurredAt: string;
  body: DecisionBody;
}

/** Decision `i` (from 0); it belongs to stream `i % BENCH_STREAMS`. */
export function benchDecision(i: number, total: number): BenchDecision {
  const atMs = BENCH_START_MS + Math.floor((i * BENCH_DAYS * DAY_MS) / total);
  const r = (purpose: number) => mix(i, purpose);
  const time = Math.floor(atMs).toString(16).padStart(12, '0');
  const id = `dec_${time.slice(0, 8)}-${time.slice(8)}-7${hex8(r(1)).slice(0, 3)}-8${hex8(r(2)).slice(0, 3)}-${hex8(i)}${hex8(r(3)).slice(0, 4)}`;
  const agent = pick(AGENTS, i % BENCH_STREAMS);
  const month = Math.min(2, Math.floor(((atMs - BENCH_START_MS) * 3) / (BENCH_DAYS * DAY_MS)));
  const model = pick(MODELS, i % BENCH_STREAMS);
  const stopped = r(4) % 100 < 8;
  const tool = pick(TOOLS, r(5));
  const rare = r(6) % 10_000 === 0;
  const customer = benchSubject(r(7) % benchSubjects(total));
  const account = benchSubject(r(8) % benchSubjects(total));
  const screened = r(9) % 1_000;
  return {
    id,
    occurredAt: formatInstant(atMs),
    body: {
      identity: {
        agent: { id: agent, name: agent, version: `4.${month}.0`, runtime: 'prod' },
        principal: { type: 'customer', token: customer },
        run_id: `run-${hex8(r(10))}`,
        trace_id: hex32(i, 11),
        parents: [],
        subjects: [{ type: 'account', token: account }],
      },
      input: {
        digest: `sha3-512:${hex8(r(20)).padEnd(128, '5c')}`,
        media_type: 'application/json',
        byte_count: 812,
      },
      model: {
        provider: 'vendor',
        name: model,
        version: `2026-0${7 + month}-01`,
        parameters: { temperature: '0.2' },
      },
      context: {
        prompt: {
          template: `${agent}-main`,
          version: String(7 + month),
          digest: digestOf(`${agent} ${month}`),
        },
        policy: { id: 'house', version: String(3 + month), digest: digestOf(`policy ${month}`) },
      },
      guardrails: [
        { name: 'pii-screen', version: '2', verdict: 'pass', score: '0.02', threshold: '0.80' },
        {
          name: 'injection',
          version: '5',
          verdict: screened < 8 ? 'fail' : screened < 10 ? 'error' : 'pass',
          score: screened < 8 ? '0.91' : '0.11',
          threshold: '0.70',
        },
      ],
      output: {
        action: {
          name: tool,
          resource: { type: 'account', id: `acc-${r(12) % 9_973}` },
          tier: pick(TIERS, r(13)),
          value: { amount: `${100 + (r(14) % 90_000)}.00`, currency: 'INR' },
        },
        outcome: {
          verdict: stopped ? pick(VERDICTS, r(15)) : 'allow',
          source: r(16) % 20 === 0 ? 'framework' : 'gateway',
          ...(stopped ? { control: pick(CONTROLS, r(17)), rule: rare ? 'embargo' : pick(RULES, r(17)) } : {}),
          reason_code: stopped ? 'over-limit' : 'within-limit',
        },
        budgets: [],
      },
      ...(stopped && r(18) % 4 === 0
        ? {
            review: {
              escalation_id: `esc_${hex32(i, 40)}`,
              verdict: 'approve',
              reviewers: [`per_${r(19) % 12}`],
            },
          }
        : {}),
      downstream: r(21) % 3 === 0 ? [{ system: 'core', type: 'transfer', id: `tr-${hex8(i)}` }] : [],
    },
  };
}
