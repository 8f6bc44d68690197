import { describe, expect, it } from 'vitest';
import { jwkThumbprint } from '@/lib/core/ed25519';
import { formatDigest, parseDigest, sha256 } from '@/lib/core/hash';
import { reviewBody } from '@/lib/escalations/record-bodies';
import { formatStatement, statementDigest } from '@/lib/escalations/statement';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { verifyToken } from '@/lib/tokens/token';
import { getPool } from '../database/pool';
import { expireEscalation } from '../escalations/expire';
import { getDetail } from '../escalations/get-detail';
import { getTask } from '../escalations/get-task';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { getSigningKey } from '../keys/key-directory';
import { startTestConsole } from '../testing/test-console';
import { decideEscalation } from './decide';
import { openReview } from './open';

await startTestConsole();
const bank = await createOrganisation();

const TWO_OF = [
  { role: 'reviewer' as const, count: 1 },
  { role: 'senior_reviewer' as const, count: 1 },
];
const strict = (overrides = {}) =>
  reviewPolicy({ review: { ...reviewPolicy().review, quorum: TWO_OF, ...overrides } });

async function chainHolds(tenant: string): Promise<boolean> {
  const found = await getPool().query<{
    stream: string;
    position: number;
    envelope: Uint8Array;
    link: Uint8Array;
  }>('SELECT stream, position, envelope, link FROM records WHERE stream = $1 ORDER BY position', [
    `console/${tenant}`,
  ]);
  let link = genesisLink(`console/${tenant}`);
  return found.rows.every((row, index) => {
    link = nextLink(link, index + 1, recordDigest(new Uint8Array(row.envelope)));
    return row.position === index + 1 && Buffer.compare(link, row.link) === 0;
  });
}

describe('decideEscalation: approval', () => {
  it('signs a token that verifies offline and names the committed review record', async () => {
    const reviewer = await bank.person(['reviewer']);
    const action = largePayment();
    const task = await submitPayment(bank, action);
    const detail = await readEscalationPage(reviewer, task.id);
    const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
    expect(answer).toMatchObject({ state: 'approved', approvals: 1, needed: 1, verdict: 'approve' });
    const key = getSigningKey('approval');
    const verified = verifyToken(answer.approval?.token ?? '', {
      keys: [{ kid: key.keyid, publicKey: key.publicKey }],
      audience: bank.gateway.producerId,
      thumbprint: jwkThumbprint(bank.gateway.publicKey),
      action,
      ...at(21),
    });
    if (!verified.ok) throw new Error(verified.code);
    const claims = verified.value;
    expect(claims.approvals).toMatchObject([
      { reviewer: reviewer.person.id, role: 'reviewer', review_dwell_ms: 19_000, active_ms: 10_000 },
    ]);
    const stored = await getPool().query<{ link: Uint8Array; kind: string }>(
      'SELECT link, kind FROM records WHERE stream = $1 AND position = $2',
      [claims.record.stream, claims.record.position],
    );
    expect(stored.rows[0]?.kind).toBe('review');
    const link = parseDigest(claims.record.link);
    expect(link.ok && Buffer.compare(link.value.bytes, stored.rows[0]?.link as Buffer)).toBe(0);
    expect(await chainHolds(bank.tenant)).toBe(true);
  });

  it('records a statement whose canonical bytes give the digest in the token', async () => {
    const reviewer = await bank.person(['senior_reviewer']);
    const task = await submitPayment(bank);
    const detail = await readEscalationPage(reviewer, task.id);
    const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
    const record = (await recordsOf(bank.tenant, 'review')).find(({ id }) => id === answer.reviewId);
    const body = reviewBody.parse(record?.body);
    expect(statementDigest(body.statement)).toBe(body.statement_digest);
    expect(body.statement).toMatchObject({
      escalation: task.id,
      instance: detail.instance,
      action_digest: detail.actionDigest,
      display_digest: detail.displayDigest,
      role: 'senior_reviewer',
      coverage: ['action', 'why', 'seen', 'history'],
    });
    const row = await getPool().query<{ statement: Uint8Array }>(
      'SELECT statement FROM reviews WHERE id = $1',
      [answer.reviewId],
    );
    expect(Buffer.compare(row.rows[0]?.statement as Buffer, formatStatement(body.statement))).toBe(0);
    const [, claims = ''] = (answer.approval?.token ?? '').split('.');
    const issued = (await recordsOf(bank.tenant, 'approval.issued')).find(
      ({ id }) => id === answer.approval?.id,
    );
    expect(issued?.body.claims_digest).toBe(
      formatDigest('sha-256', sha256(new Uint8Array(Buffer.from(claims, 'base64url')))),
    );
  });

  it('keeps names and reasons out of every record', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    const detail = await readEscalationPage(reviewer, task.id);
    const reasonText = 'Called the customer Priya at home.';
    await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve', { reasonText }), at(20));
    const all = await getPool().query<{ text: string }>(
      `SELECT convert_from(envelope, 'UTF8') AS text FROM records WHERE tenant = $1`,
      [bank.tenant],
    );
    const payloads = all.rows
      .map(({ text }) => Buffer.from(JSON.parse(text).payload, 'base64').toString('utf8'))
      .join('\n');
    for (const secret of ['Priya', reviewer.person.name, reviewer.person.email])
      expect(payloads).not.toContain(secret);
    expect((await getDetail(reviewer, task.id, at(30))).result?.reviews[0]?.reasonText).toBe(reasonText);
  });

  it('gives the same token to reviewer and gateway, again and again (an answer lost after the commit)', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    const verdict = verdictOn(await readEscalationPage(reviewer, task.id), 'approve');
    const first = await decideEscalation(reviewer, task.id, verdict, at(20));
    const again = await decideEscalation(reviewer, task.id, verdict, at(400));
    expect(again).toMatchObject({ reviewId: first.reviewId, approval: first.approval });
    const seen = await getTask(bank.gateway, task.id);
    expect(seen.result?.approval?.state).toBe(first.approval?.token);
    const records = await recordsOf(bank.tenant, 'review');
    expect(records.filter(({ body }) => body.escalation_id === task.id)).toHaveLength(1);
  });

  it('takes one verdict when a button is pressed ten times at once', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    const verdict = verdictOn(await readEscalationPage(reviewer, task.id), 'approve');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => decideEscalation(reviewer, task.id, verdict, at(20))),
    );
    expect(new Set(answers.map(({ approval }) => approval?.token)).size).toBe(1);
  });
});

describe('decideEscalation: denial', () => {
  it('ends it at once, without asking for reading time, and tells the gateway why', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    await getDetail(reviewer, task.id, at(1));
    await openReview(reviewer, task.id, at(1));
    const detail = await getDetail(reviewer, task.id, at(2));
    const answer = await decideEscalation(reviewer, task.id, verdictOn(detail, 'deny'), at(3));
    expect(answer).toMatchObject({ state: 'denied', approval: null });
    expect(await getTask(bank.gateway, task.id)).toMatchObject({
      status: 'denied',
      result: { denial: { reason_code: 'looks-manipulated' } },
    });
  });
});

describe('decideEscalation: quorum', () => {
  it('needs every role from different people; the second does not see the first verdict', async () => {
    const org = await createOrganisation(strict());
    const [senior, reviewer] = [await org.person(['senior_reviewer']), await org.person(['reviewer'])];
    const task = await submitPayment(org);
    const first = await decideEscalation(
      reviewer,
      task.id,
      verdictOn(await readEscalationPage(reviewer, task.id), 'approve'),
      at(20),
    );
    expect(first).toMatchObject({ state: 'pending', approvals: 1, needed: 2, approval: null });
    const seen = await readEscalationPage(senior, task.id, 30);
    expect(seen.result).toBeNull();
    expect(seen.row.decidedBy).toBeNull();
    expect(JSON.stringify(seen)).not.toContain(reviewer.person.name);
    expect(JSON.stringify(seen)).not.toContain(reviewer.person.id);
    const second = await decideEscalation(senior, task.id, verdictOn(seen, 'approve'), at(50));
    expect(second).toMatchObject({ state: 'approved', approvals: 2 });
    expect((await getDetail(senior, task.id, at(60))).result?.reviews).toHaveLength(2);
  });

  it('is not filled by one person twice, nor by two reviewers where a senior is needed', async () => {
    const org = await createOrganisation(strict());
    const [one, two] = [await org.person(['reviewer', 'senior_reviewer']), await org.person(['reviewer'])];
    const task = await submitPayment(org);
    const detail = await readEscalationPage(two, task.id);
    await decideEscalation(two, task.id, verdictOn(detail, 'approve'), at(20));
    const changed = verdictOn(await getDetail(two, task.id, at(21)), 'approve', {
      reasonText: 'Another reason altogether.',
    });
    await expect(decideEscalation(two, task.id, changed, at(22))).rejects.toMatchObject({
      code: 'already_decided',
    });
    const third = await org.person(['reviewer']);
    const page = await readEscalationPage(third, task.id, 30);
    expect(page.may).toMatchObject({ decide: false, code: 'role_required' });
    await expect(decideEscalation(third, task.id, verdictOn(page, 'approve'), at(50))).rejects.toMatchObject({
      code: 'role_required',
    });
    const last = await readEscalationPage(one, task.id, 60);
    expect(await decideEscalation(one, task.id, verdictOn(last, 'approve'), at(80))).toMatchObject({
      state: 'approved',
    });
  });

  it('ends with one denial, however many approved', async () => {
    const org = await createOrganisation(strict());
    const [reviewer, senior] = [await org.person(['reviewer']), await org.person(['senior_reviewer'])];
    const task = await submitPayment(org);
    await decideEscalation(
      reviewer,
      task.id,
      verdictOn(await readEscalationPage(reviewer, task.id), 'approve'),
      at(20),
    );
    const answer = await decideEscalation(
      senior,
      task.id,
      verdictOn(await readEscalationPage(senior, task.id, 30), 'deny'),
      at(50),
    );
    expect(answer).toMatchObject({ state: 'denied', approval: null });
  });
});

describe('decideEscalation in a race', () => {
  it('two reviewers at the same instant: one wins, the other is told', async () => {
    const [one, two] = [await bank.person(['reviewer']), await bank.person(['reviewer'])];
    const task = await submitPayment(bank);
    const pages = [await readEscalationPage(one, task.id), await readEscalationPage(two, task.id)] as const;
    const results = await Promise.allSettled([
      decideEscalation(one, task.id, verdictOn(pages[0], 'approve'), at(20)),
      decideEscalation(two, task.id, verdictOn(pages[1], 'deny'), at(20)),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'escalation_ended' },
    });
    const reviews = (await recordsOf(bank.tenant, 'review')).filter(
      ({ body }) => body.escalation_id === task.id,
    );
    expect(reviews).toHaveLength(1);
  });

  it('approval against expiry: exactly one end, and a token only for the approval', async () => {
    for (let round = 0; round < 6; round++) {
      const reviewer = await bank.person(['reviewer']);
      const task = await submitPayment(bank);
      const detail = await readEscalationPage(reviewer, task.id);
      const [approval] = await Promise.allSettled([
        decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(1799)),
        expireEscalation({ tenant: bank.tenant, id: task.id }, at(1800)),
      ]);
      const ended = await getTask(bank.gateway, task.id);
      const expired = (await recordsOf(bank.tenant, 'escalation')).filter(
        ({ body }) => body.escalation_id === task.id && body.state === 'expired',
      );
      if (approval?.status === 'fulfilled') {
        expect(ended).toMatchObject({ status: 'approved' });
        expect(expired).toHaveLength(0);
      } else {
        expect(approval).toMatchObject({ reason: { code: 'late_verdict' } });
        expect(ended.status).toBe('expired');
        expect(ended.result).toBeUndefined();
        expect(expired).toHaveLength(1);
      }
    }
  });
});
