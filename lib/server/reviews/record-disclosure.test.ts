import { describe, expect, it } from 'vitest';
import { getDetail } from '../escalations/get-detail';
import {
  at,
  createOrganisation,
  largePayment,
  recordsOf,
  submitPayment,
} from '../escalations/testing/escalation-fixture';
import { startTestConsole } from '../testing/test-console';
import { recordHeartbeat } from './heartbeat';
import { openReview } from './open';

await startTestConsole();
const bank = await createOrganisation();

describe('the disclosure of an escalation', () => {
  it('is recorded once per person, before its content leaves', async () => {
    const [reviewer, auditor] = [await bank.person(['reviewer']), await bank.person(['auditor'])];
    const task = await submitPayment(bank, largePayment(), {
      evidence: { agentSaid: 'paying', retrieved: [], guardrails: [] },
    });
    await Promise.all([getDetail(reviewer, task.id, at(1)), getDetail(reviewer, task.id, at(1))]);
    await getDetail(auditor, task.id, at(2));
    const reads = (await recordsOf(bank.tenant, 'payload.read')).filter(
      ({ body }) => body.escalation_id === task.id,
    );
    expect(reads.map(({ body }) => [body.person, body.purpose])).toEqual([
      [reviewer.person.id, 'review'],
      [auditor.person.id, 'oversight'],
    ]);
    expect(reads[0]?.body.payloads).toHaveLength(2);
  });

  it('counts no time before the page was rendered, and keeps the first rendering on reload', async () => {
    const reviewer = await bank.person(['reviewer']);
    const task = await submitPayment(bank);
    expect((await getDetail(reviewer, task.id, at(1))).session).toBeNull();
    await openReview(reviewer, task.id, at(10));
    await openReview(reviewer, task.id, at(60));
    const beat = { visible: true, focused: true, idle: false, sections: [] };
    const progress = await recordHeartbeat(reviewer, task.id, beat, at(62));
    expect(progress.session).toMatchObject({ reviewDwellMs: 52_000, activeMs: 2_000 });
  });
});
