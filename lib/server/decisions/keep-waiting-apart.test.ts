import { describe, expect, it } from 'vitest';
import { formatInstant } from '@/lib/core/instant';
import { parseSearchQuery } from '@/lib/decisions/search-query';
import type { Role } from '@/lib/identity/role';
import { actionDigest } from '@/lib/tokens/action';
import { injectDrill, LATER, settledBank } from '../drills/testing/drill-fixture';
import { getDetail } from '../escalations/get-detail';
import {
  at,
  largePayment,
  readEscalationPage,
  submitPayment,
  T0,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, testDecisionBody } from '../testing/test-producer';
import { exportDecisions } from './export-decisions';
import { isKeptApart, requireNotWaiting, requireSearchable } from './keep-waiting-apart';
import { searchDecisions } from './search-decisions';
import { summariseSearch } from './summarise-search';

await startTestConsole();

const searchOf = (text: string) => {
  const parsed = parseSearchQuery(text);
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.value;
};
const asRole = (tenant: string, role: Role) => ({
  tenant: { id: tenant, name: tenant, demo: false },
  roles: [role],
});

/** A drill and a real case that wait side by side, the latter with its decision record. */
async function sideBySide() {
  const bank = await settledBank();
  const agent = await createTestProducer(bank.tenant);
  const action = largePayment();
  const decision = newId('dec');
  const body = testDecisionBody() as Record<'identity' | 'output', Record<string, Record<string, unknown>>>;
  const principal = action.context.principal as { token: string };
  body.identity.principal = { type: 'customer', ...principal };
  body.output.action = {
    ...body.output.action,
    name: action.action.name,
    action_digest: actionDigest(action),
  };
  const [result] = await ingestRecords(null, [
    agent.record({ id: decision, occurred_at: formatInstant(T0 - 500), body }),
  ]);
  expect(result?.status).toBe('accepted');
  const task = await submitPayment(bank, action, { decision_id: decision });
  return { bank, real: task.id, decision, customer: principal.token };
}

describe('to whoever may decide, a waiting case opens nowhere else', () => {
  it('a drill and a real case are refused alike by every name, until the verdict', async () => {
    const { bank, real, customer } = await sideBySide();
    const detail = await readEscalationPage(bank.reviewer, real);
    const drill = await injectDrill(bank);
    const shown = await getDetail(bank.reviewer, drill, at(LATER + 63));
    const drawn = shown.actionJson.match(/tok_[0-9a-f]{32}/)?.[0] ?? '';
    const reviewer = asRole(bank.tenant, 'reviewer');
    const names = [`escalation:${real}`, `subject:${customer}`, `escalation:${drill}`, `subject:${drawn}`];
    for (const name of names) {
      await expect(requireSearchable(reviewer, searchOf(name))).rejects.toMatchObject({ code: 'case_waits' });
      await expect(requireNotWaiting(reviewer, [name.split(':')[1] ?? ''])).rejects.toMatchObject({
        code: 'case_waits',
      });
      await requireSearchable(asRole(bank.tenant, 'compliance'), searchOf(name));
      await requireSearchable(asRole('another', 'reviewer'), searchOf(name));
    }
    await decideEscalation(bank.reviewer, real, verdictOn(detail, 'deny'), at(20));
    await requireSearchable(reviewer, searchOf(`escalation:${real} subject:${customer}`));
  });

  it('its decision is in no list, no count that reads and no export of theirs, and in everybody else’s', async () => {
    const { bank, real, decision } = await sideBySide();
    const detail = await readEscalationPage(bank.reviewer, real);
    const query = searchOf(`decision:${decision}`);
    const listed = async (role: Role) => {
      const withoutWaiting = isKeptApart({ roles: [role] });
      const all = await searchDecisions(bank.tenant, [], { limit: 50, withoutWaiting });
      const one = await searchDecisions(bank.tenant, query, { limit: 50, withoutWaiting });
      const { total } = await summariseSearch(bank.tenant, query, { withoutWaiting });
      const file = await new Response(
        exportDecisions(bank.tenant, query, 'ndjson', { withoutWaiting }),
      ).text();
      return [all.rows.length, one.rows.length, total.n, file.includes(decision)];
    };
    expect(await listed('senior_reviewer')).toEqual([0, 0, 0, false]);
    expect(await listed('auditor')).toEqual([1, 1, 1, true]);
    await decideEscalation(bank.reviewer, real, verdictOn(detail, 'deny'), at(20));
    expect(await listed('reviewer')).toEqual([1, 1, 1, true]);
  });
});
