import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redeemApproval } from '../approvals/redeem';
import { getPool } from '../database/pool';
import { APP_ROLE } from '../database/privileges';
import { getDetail } from '../escalations/get-detail';
import { submitEscalation } from '../escalations/submit';
import {
  at,
  createOrganisation,
  evaluatedRequest,
  largePayment,
  newKey,
  readEscalationPage,
  submitPayment,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { startTestConsole } from '../testing/test-console';
import { decideEscalation } from './decide';

const testConsole = await startTestConsole();
const bank = await createOrganisation();
const reviewer = await bank.person(['reviewer']);

const stopRecords = () => testConsole.owner.query(`REVOKE INSERT ON records FROM ${APP_ROLE}`);
const resumeRecords = () => testConsole.owner.query(`GRANT INSERT ON records TO ${APP_ROLE}`);
const rows = async (table: string, column: string, value: string) =>
  (await getPool().query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [value])).rowCount;

/** No durable record → no token, no redemption, no disclosure (product.md, rule 1). */
describe('while records cannot be written', () => {
  let action: ReturnType<typeof largePayment>;
  let taskId: string;
  let detail: Awaited<ReturnType<typeof getDetail>>;

  beforeEach(async () => {
    action = largePayment();
    taskId = (await submitPayment(bank, action)).id;
    detail = await readEscalationPage(reviewer, taskId);
  });
  afterEach(resumeRecords);

  it('nothing is submitted', async () => {
    const request = await evaluatedRequest(bank.gateway, largePayment());
    await stopRecords();
    const idempotencyKey = newKey();
    await expect(submitEscalation(bank.gateway, { idempotencyKey, request }, at(0))).rejects.toThrow();
    expect(await rows('escalations', 'idempotency_key', idempotencyKey)).toBe(0);
    await resumeRecords();
    expect((await submitEscalation(bank.gateway, { idempotencyKey, request }, at(1))).created).toBe(true);
  });

  it('nobody’s verdict counts and no token exists; afterwards the same verdict does', async () => {
    await stopRecords();
    await expect(decideEscalation(reviewer, taskId, verdictOn(detail, 'approve'), at(20))).rejects.toThrow();
    expect(await rows('reviews', 'escalation', taskId)).toBe(0);
    expect(await rows('approvals', 'escalation', taskId)).toBe(0);
    await resumeRecords();
    expect(await decideEscalation(reviewer, taskId, verdictOn(detail, 'approve'), at(21))).toMatchObject({
      state: 'approved',
    });
  });

  it('nothing is disclosed to somebody new', async () => {
    const newcomer = await bank.person(['reviewer']);
    await stopRecords();
    await expect(getDetail(newcomer, taskId, at(20))).rejects.toThrow();
    expect(await rows('review_sessions', 'person', newcomer.person.id)).toBe(0);
  });

  it('nothing is redeemed, and the approval is not lost', async () => {
    const { approval } = await decideEscalation(reviewer, taskId, verdictOn(detail, 'approve'), at(20));
    if (!approval) throw new Error('not approved');
    const redeem = () => redeemApproval(bank.gateway, approval.id, { token: approval.token, action }, at(25));
    await stopRecords();
    await expect(redeem()).rejects.toThrow();
    expect(await rows('redemptions', 'approval', approval.id)).toBe(0);
    await resumeRecords();
    expect(await redeem()).toMatchObject({ approval_id: approval.id });
  });
});
