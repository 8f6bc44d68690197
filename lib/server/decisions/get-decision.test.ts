import { beforeAll, describe, expect, test } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import type { DecisionDetail } from '@/lib/decisions/decision-detail';
import { endingOf, tellStory } from '@/lib/evidence/decision-story';
import type { EvidenceSource } from '@/lib/evidence/evidence-source';
import { type VerificationMemory, verifyDecision } from '@/lib/evidence/verify-decision';
import type { Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { actionDigest } from '@/lib/tokens/action';
import { redeemApproval } from '../approvals/redeem';
import { reportOutcome } from '../approvals/report-outcome';
import { nowMs } from '../clock';
import { getPool } from '../database/pool';
import { cancelEscalation } from '../escalations/cancel';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  submitPayment,
  T0,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { publishConsoleKeys } from '../health/publish-console-keys';
import { getLineage } from '../lineage/get-lineage';
import { getInclusion } from '../log/get-inclusion';
import { readTile } from '../log/get-tile';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, type TestProducer, testDecisionBody } from '../testing/test-producer';
import { getDecision } from './get-decision';
import { getVerificationMaterial } from './get-verification-material';

const console = await startTestConsole();
const NOTHING: VerificationMemory = { points: new Map(), checkpoint: null };

let bank: TestOrganisation;
let other: TestOrganisation;
let agent: TestProducer;
let decisionId: string;
let auditor: Viewer;

function viewerOf(organisation: TestOrganisation, roles: Role[], personId = 'per_auditor'): Viewer {
  const tenant = { id: organisation.tenant, name: organisation.tenant, demo: false };
  return {
    person: { id: personId, name: 'A', email: 'a@example.org' },
    tenant,
    tenants: [tenant],
    roles,
    demo: false,
  };
}

/** The evidence as the routes give it, without HTTP between. */
const source: EvidenceSource = {
  async *records(stream, from, to) {
    const found = await getPool().query<{ position: number; envelope: Buffer; link: Buffer }>(
      'SELECT position, envelope, link FROM records WHERE stream = $1 AND position BETWEEN $2 AND $3 ORDER BY position',
      [stream, from, to],
    );
    for (const { position, envelope, link } of found.rows)
      yield { position, bytes: new Uint8Array(envelope), link: new Uint8Array(link) };
  },
  inclusion: getInclusion,
  tile: readTile,
  witnesses: async () => [],
};

async function verify(detail: DecisionDetail) {
  const material = await getVerificationMaterial(bank.tenant, detail.row.id);
  const { checks } = await verifyDecision(detail, material, source, {
    clock: () => performance.now(),
    nowMs: nowMs(),
    memory: NOTHING,
  });
  const by = (verdict: string) => checks.filter((check) => check.verdict === verdict).map(({ id }) => id);
  return { checks, invalid: by('invalid'), notChecked: by('not-checked') };
}

/** An escalated payment with its decision record, up to `until`. */
async function payment(
  until: 'submitted' | 'approved' | 'redeemed',
): Promise<{ decision: string; escalation: string }> {
  const action = largePayment();
  const decision = newId('dec');
  const body = testDecisionBody() as Record<'identity' | 'output', Record<string, Record<string, unknown>>>;
  body.identity.principal = action.context.principal as Record<string, unknown>;
  body.output.action = {
    ...body.output.action,
    name: action.action.name,
    action_digest: actionDigest(action),
  };
  body.output.outcome = {
    verdict: 'escalate',
    source: 'gateway',
    control: 'threshold',
    rule: 'large',
    reason_code: 'amount_above',
  };
  const [result] = await ingestRecords(null, [
    agent.record({ id: decision, occurred_at: formatInstant(T0 - 500), body }),
  ]);
  expect(result?.status).toBe('accepted');
  const task = await submitPayment(bank, action, { decision_id: decision });
  if (until === 'submitted') return { decision, escalation: task.id };
  const reviewer = await bank.person(['reviewer']);
  const detail = await readEscalationPage(reviewer, task.id);
  const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
  const approval = answer.approval;
  if (!approval) throw new Error('not approved');
  if (until === 'approved') return { decision, escalation: task.id };
  await redeemApproval(bank.gateway, approval.id, { token: approval.token, action }, at(25));
  await reportOutcome(
    bank.gateway,
    approval.id,
    { state: 'forwarded', downstream: [{ system: 'core-bank', type: 'transfer', id: 'TRF-1' }] },
    at(26),
  );
  return { decision, escalation: task.id };
}

beforeAll(async () => {
  await publishConsoleKeys();
  await openLog();
  bank = await createOrganisation();
  other = await createOrganisation();
  agent = await createTestProducer(bank.tenant);
  await ingestRecords(null, [agent.record(), agent.record()]);
  decisionId = (await payment('redeemed')).decision;
  auditor = viewerOf(bank, ['auditor']);
  await sequence({ force: true });
});

describe('a decision that a person approved and a gateway carried out', () => {
  test('is handed over with every record that joined it, told to its end', async () => {
    const detail = await getDecision(auditor, decisionId);
    expect(detail.related.map(({ kind }) => kind).sort()).toEqual([
      'action.outcome',
      'approval.issued',
      'approval.redeemed',
      'escalation',
      'review',
    ]);
    expect(endingOf('escalate', tellStory(detail.related))).toBe('executed');
    expect(detail.people).toHaveLength(1);
    expect(detail.reviewsWithheld).toBe(false);
  });

  test('verifies: nothing is INVALID, and only what cannot be checked here is NOT CHECKED', async () => {
    const { checks, invalid, notChecked } = await verify(await getDecision(auditor, decisionId));
    expect(checks.filter(({ id }) => invalid.includes(id))).toEqual([]);
    expect(notChecked).toEqual(['log.consistency', 'review.passkey', 'witnesses']);
  });

  test('has its escalation, its effect and its causes one hop away', async () => {
    const hop = await getLineage(bank.tenant, decisionId);
    const kinds = new Map(hop.nodes.map(({ id, kind }) => [id, kind]));
    expect([...kinds.values()]).toEqual(
      expect.arrayContaining([
        'decision',
        'escalation',
        'outcome',
        'external',
        'prompt',
        'policy',
        'model',
        'index',
        'retrieved',
      ]),
    );
    expect(kinds.get('ext:core-bank:transfer:TRF-1')).toBe('external');
    expect(hop.nodes.find(({ kind }) => kind === 'retrieved')).toMatchObject({
      label: 'payee-1',
      note: 'score 0.91',
    });
  });
});

describe('one byte changed by a superuser', () => {
  async function tampered(sql: string, values: unknown[]): Promise<Awaited<ReturnType<typeof verify>>> {
    await console.owner.query('BEGIN');
    try {
      await console.owner.query(sql, values);
      await console.owner.query('COMMIT');
      return await verify(await getDecision(auditor, decisionId));
    } finally {
      await console.owner.query('ROLLBACK');
    }
  }
  const flip = (column: string, where: string, byte: string) =>
    `UPDATE records SET ${column} = set_byte(${column}, ${byte}, get_byte(${column}, ${byte}) # 1) WHERE ${where}`;
  const places: [string, string, unknown[], string][] = [
    ['in the decision', flip('envelope', 'id = $1', '400'), [], 'record.signature'],
    [
      'in the record before it',
      flip('envelope', "stream = $2 AND position = 2 AND $1 <> ''", '300'),
      [],
      'chain.link',
    ],
  ];
  test.each(places)('%s is named, and undone verifies again', async (_, sql, __, caught) => {
    const values = sql.includes('$2') ? [decisionId, agent.id] : [decisionId];
    const broken = await tampered(sql, values);
    expect(broken.invalid).toContain(caught);
    const chain = broken.checks.find(({ id }) => id === 'chain.link');
    expect(chain).toMatchObject({ verdict: 'invalid', where: { stream: agent.id } });
    await console.owner.query(sql, values);
    expect((await verify(await getDecision(auditor, decisionId))).invalid).toEqual([]);
  });

  test('in the review is named as the review, in the row of the search as the search', async () => {
    const review = flip('envelope', "kind = 'review' AND tenant = $1", '350');
    await console.owner.query(review, [bank.tenant]);
    const broken = await verify(await getDecision(auditor, decisionId));
    expect(broken.invalid).toEqual(expect.arrayContaining(['review.chain.signature', 'review.chain.link']));
    await console.owner.query(review, [bank.tenant]);
    await console.owner.query("UPDATE decisions SET agent = 'somebody-else' WHERE id = $1", [decisionId]);
    expect((await verify(await getDecision(auditor, decisionId))).invalid).toEqual(['record.projection']);
    await console.owner.query("UPDATE decisions SET agent = 'payments-agent' WHERE id = $1", [decisionId]);
    expect((await verify(await getDecision(auditor, decisionId))).invalid).toEqual([]);
  });
});

test('an escalation that nobody decided tells its end', async () => {
  const { decision, escalation } = await payment('submitted');
  await cancelEscalation(bank.gateway, escalation, at(30));
  const { related } = await getDecision(auditor, decision);
  expect(related.map(({ kind }) => kind)).toEqual(['escalation', 'escalation']);
  expect(endingOf('escalate', tellStory(related))).toBe('cancelled');
});

test('a token that can still be redeemed is shown to nobody, and the line says so', async () => {
  const { decision } = await payment('approved');
  const live = await getVerificationMaterial(bank.tenant, decision, at(30));
  expect(live.approvals).toMatchObject([{ token: null }]);
  const expired = await getVerificationMaterial(bank.tenant, decision, at(3_600));
  expect(expired.approvals[0]?.token).toMatch(/^eyJ/);
});

test('before their own verdict a reviewer does not see those of others; an auditor does', async () => {
  const { decision, escalation } = await payment('submitted');
  const pending = await getDecision(viewerOf(bank, ['reviewer'], 'per_second'), decision);
  expect(pending.reviewsWithheld).toBe(true);
  expect((await getDecision(auditor, decision)).reviewsWithheld).toBe(false);
  await getPool().query("UPDATE escalations SET state = 'denied' WHERE id = $1", [escalation]);
  expect((await getDecision(viewerOf(bank, ['reviewer'], 'per_second'), decision)).reviewsWithheld).toBe(
    false,
  );
});

describe("another tenant's decision", () => {
  test('answers exactly like one that does not exist, everywhere', async () => {
    const foreign = viewerOf(other, ['auditor']);
    for (const id of [decisionId, newId('dec')]) {
      await expect(getDecision(foreign, id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(getVerificationMaterial(other.tenant, id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(getLineage(other.tenant, id)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test("a producer's record under the console's ids joins nothing", async () => {
    const { decision } = await payment('submitted');
    const forged = agent.record({
      kind: 'action.outcome',
      id: newId('rec'),
      body: { decision_id: newId('dec'), state: 'forwarded', downstream: [] },
    });
    await ingestRecords(null, [forged]);
    expect(
      (await getDecision(auditor, decision)).related.every(({ stream }) => stream.startsWith('console/')),
    ).toBe(true);
  });
});
