import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { verifyCommand } from '@/lib/cli/verify/verify-command';
import { concatBytes } from '@/lib/core/bytes';
import { formatInstant } from '@/lib/core/instant';
import { openEvidencePackage } from '@/lib/evidence/package/open-package';
import { verifyEvidencePackage } from '@/lib/evidence/package/verify-package';
import { formatTrustFile } from '@/lib/evidence/trust/format-trust-file';
import { actionDigest } from '@/lib/tokens/action';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  reviewPolicy,
  submitPayment,
  T0,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { publishConsoleKeys } from '../health/publish-console-keys';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { retirePasskey } from '../passkeys/retire-passkey';
import { PASSKEY_ORIGIN, registerDevice } from '../passkeys/testing/test-device';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { decideEscalation } from '../reviews/decide';
import { prepareVerdict } from '../reviews/prepare';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, testDecisionBody } from '../testing/test-producer';
import { exportEvidence } from './export-evidence';

await startTestConsole();
process.env.COUNTERSIGN_ORIGIN = PASSKEY_ORIGIN;
await publishConsoleKeys();
await openLog();
const directory = mkdtempSync(join(tmpdir(), 'export-passkey-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const QUORUM = [{ role: 'reviewer', count: 2 }] as const;
const bank = await createOrganisation(
  reviewPolicy({
    review: { ...reviewPolicy().review, quorum: [...QUORUM], passkey: { bounded: 'approval' } },
  }),
);

/** A payment that two people approved, each with a device; the first device was lost soon afterwards. */
async function signedByTwo(): Promise<string> {
  const agent = await createTestProducer(bank.tenant);
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
  await ingestRecords(null, [agent.record({ id: decision, occurred_at: formatInstant(T0 - 500), body })]);
  const task = await submitPayment(bank, action, { decision_id: decision });
  for (const seconds of [0, 40]) {
    const reviewer = await bank.person(['reviewer']);
    const { device, id } = await registerDevice(reviewer, {}, at(seconds));
    const request = verdictOn(await readEscalationPage(reviewer, task.id, seconds + 1), 'approve');
    const { options } = await prepareVerdict(reviewer, task.id, request, at(seconds + 20));
    await decideEscalation(
      reviewer,
      task.id,
      { ...request, passkey: device.sign(options) },
      at(seconds + 25),
    );
    const owner = { tenant: bank.tenant, person: reviewer.person.id };
    if (seconds === 0)
      await retirePasskey({ ...owner, passkey: id, reason: 'lost', by: owner.person }, at(30));
  }
  await sequence({ force: true });
  return decision;
}

it('hands out what a stranger needs to verify each passkey offline, also of a device that ended afterwards', async () => {
  const decision = await signedByTwo();
  const tenant = { id: bank.tenant, name: bank.tenant, demo: false };
  const viewer = {
    person: { id: 'per_auditor', name: 'Asha Rao', email: 'a@example.org' },
    tenant,
    tenants: [tenant],
    roles: ['auditor' as const],
    demo: false,
  };
  const { pieces } = await exportEvidence(
    viewer,
    {
      scope: { kind: 'decision', decision },
      purpose: 'regulator-request',
      caseReference: 'FI-2026-119',
      recipient: 'Financial supervisor',
      payloads: false,
    },
    at(400),
  );
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  const bytes = concatBytes(...all);
  const opened = await openEvidencePackage(bytes);
  if (!opened.ok) throw new Error(opened.code);
  const verified = await verifyEvidencePackage(opened.value, opened.value.offered.roots, {
    clock: () => 0,
    nowMs: at(500).nowMs,
  });
  const checks = verified.decisions[0]?.checks ?? [];
  expect(checks.filter(({ verdict }) => verdict === 'invalid')).toEqual([]);
  expect(checks.filter(({ id }) => id.startsWith('review.passkey'))).toMatchObject([
    { id: 'review.passkey', verdict: 'valid' },
    { id: 'review.passkey.2', verdict: 'valid' },
  ]);

  const [file, trust] = [join(directory, 'two.evidence.zip'), join(directory, 'trust.json')];
  writeFileSync(file, bytes);
  writeFileSync(trust, formatTrustFile(opened.value.offered.roots));
  const out: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => out.push(String(line)));
  await verifyCommand([file, '--trust', trust]);
  log.mockRestore();
  expect(out.join('\n')).toMatch(/VALID +Passkey 1 of 2[\s\S]*VALID +Passkey 2 of 2/);
  expect(out.join('\n')).not.toMatch(/\bINVALID +/);
});
