import type { OutcomeSource, OutcomeVerdict } from '@/lib/decisions/record-payload';
import { parsePolicyDocument } from '@/lib/policy/parse-policy-document';
import type { PolicyDocument } from '@/lib/policy/policy-document';
import { type PastDecision, replayDecision } from '@/lib/policy/replay-decision';
import { SimulationCounter, type SimulationLine } from '@/lib/policy/simulation-report';
import { UseLedger } from '@/lib/policy/use-ledger';
import { nowMs as clockNowMs } from '../clock';
import { getPool } from '../database/pool';
import { ServiceError } from '../errors';
import { readPastUses } from './read-past-uses';

const DAY_MS = 86_400_000;
const PAGE_ROWS = 1_000;

/**
 * Plays a policy over the decisions of the last `days` days, in order of time, and tells how far it has come after every
 * page. What was executed then counts as used, whatever this policy would have said: nobody knows what people would have
 * decided. Ends early, without a result, when `signal` aborts.
 * @throws ServiceError `policy_invalid`
 */
export async function* simulatePolicy(
  tenant: string,
  asked: { text: string; days: number; examples: boolean; signal: AbortSignal },
  { nowMs = clockNowMs() } = {},
): AsyncGenerator<SimulationLine> {
  const parsed = parsePolicyDocument(asked.text);
  if (!parsed.ok) throw new ServiceError('policy_invalid', parsed.detail);
  const fromMs = nowMs - asked.days * DAY_MS;
  const versions = await listDocuments(tenant);
  const documents = [parsed.value, ...versions.values()];
  const ledgers = new Map(documents.map((document) => [document, new UseLedger(document)]));
  const reachMs = Math.max(...[...ledgers.values()].map((ledger) => ledger.reachMs));
  const uses = readPastUses(tenant, { fromMs: fromMs - reachMs, toMs: nowMs });
  const total = await countDecisions(tenant, fromMs);
  if (asked.signal.aborted) return;
  yield { type: 'progress', done: 0, total };
  const counter = new SimulationCounter();
  let next = await uses.next();
  for await (const page of readDecisions(tenant, fromMs, nowMs)) {
    if (asked.signal.aborted) return;
    for (const { past, version, state } of page) {
      for (; !next.done && next.value.atMs < past.atMs; next = await uses.next()) {
        for (const ledger of ledgers.values()) ledger.add(next.value);
      }
      const then = version === null ? null : (versions.get(version) ?? null);
      const replay = (document: PolicyDocument) =>
        replayDecision(document, past, ledgers.get(document) as UseLedger, then);
      counter.add(past, replay(parsed.value), then && replay(then), state);
    }
    yield { type: 'progress', done: counter.decisions, total: Math.max(total, counter.decisions) };
  }
  const window = { from: new Date(fromMs).toISOString(), to: new Date(nowMs).toISOString() };
  yield { type: 'result', report: counter.report(window, { examples: asked.examples }) };
}

/** Every version that was published here, by `id@version`. */
async function listDocuments(tenant: string): Promise<Map<string, PolicyDocument>> {
  const found = await getPool().query<{ id: string; version: number; document: string }>(
    'SELECT id, version, document FROM policies WHERE tenant = $1 ORDER BY version DESC LIMIT 64',
    [tenant],
  );
  const documents = new Map<string, PolicyDocument>();
  for (const { id, version, document } of found.rows) {
    const parsed = parsePolicyDocument(document);
    if (parsed.ok) documents.set(`${id}@${version}`, parsed.value);
  }
  return documents;
}

/** From rollups, so that it costs the same however many there are; whole hours, hence only how far about it has come. */
async function countDecisions(tenant: string, fromMs: number): Promise<number> {
  const found = await getPool().query<{ n: number }>(
    'SELECT coalesce(sum(n), 0)::bigint AS n FROM rollups WHERE tenant = $1 AND hour >= $2',
    [tenant, new Date(fromMs)],
  );
  return found.rows[0]?.n ?? 0;
}

interface Row {
  id: string;
  occurred_at: Date;
  agent: string;
  runtime: string | null;
  principal: string | null;
  tool: string;
  resource: string | null;
  amount: string | null;
  currency: string | null;
  verdict: OutcomeVerdict;
  source: OutcomeSource;
  rule: string | null;
  policy: string | null;
  evaluation: string | null;
  measured: { name: string; measured: string }[] | null;
  state: string | null;
}

interface Played {
  past: PastDecision;
  /** `id@version` of the policy that decided. */
  version: string | null;
  state: string | null;
}

async function* readDecisions(tenant: string, fromMs: number, toMs: number): AsyncGenerator<Played[]> {
  let after: { at: Date; id: string } = { at: new Date(fromMs), id: '' };
  for (;;) {
    const found = await getPool().query<Row>({
      name: 'simulate-page',
      text: `SELECT d.id, d.occurred_at, d.agent, d.runtime, d.principal, d.tool, d.resource, d.amount::text AS amount,
          d.currency, d.verdict, d.source, d.rule, d.policy_id || '@' || d.policy_version AS policy, e.id AS evaluation,
          e.measured, x.state
        FROM decisions d
        LEFT JOIN evaluations e ON e.id = d.evaluation AND e.tenant = d.tenant
        LEFT JOIN LATERAL (SELECT state FROM escalations WHERE tenant = d.tenant AND decision = d.id
          ORDER BY created_at DESC LIMIT 1) x ON d.verdict = 'escalate'
        WHERE d.tenant = $1 AND (d.occurred_at, d.id) > ($2, $3) AND d.occurred_at < $4
        ORDER BY d.occurred_at, d.id LIMIT ${PAGE_ROWS}`,
      values: [tenant, after.at, after.id, new Date(toMs)],
    });
    const last = found.rows.at(-1);
    if (!last) return;
    after = { at: last.occurred_at, id: last.id };
    yield found.rows.map(toPlayed);
  }
}

/** `numeric(24,4)` prints four digits, as no record does. */
const trimmed = (amount: string | null) => amount?.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') ?? null;

function toPlayed(row: Row): Played {
  const { occurred_at, policy, measured, state, evaluation, amount, ...rest } = row;
  return {
    past: {
      ...rest,
      amount: trimmed(amount),
      atMs: occurred_at.getTime(),
      evaluation:
        evaluation === null || measured === null
          ? null
          : {
              id: evaluation,
              fired: measured.map((each) => ({
                name: each.name,
                unreadable: each.measured === 'unreadable',
              })),
            },
    },
    version: policy,
    state,
  };
}
