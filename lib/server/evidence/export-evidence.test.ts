import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, decodeUtf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatInstant } from '@/lib/core/instant';
import type { EvidenceSource } from '@/lib/evidence/evidence-source';
import type { ExportRequest } from '@/lib/evidence/package/export-request';
import { type EvidencePackage, openEvidencePackage } from '@/lib/evidence/package/open-package';
import { pathSlug } from '@/lib/evidence/package/package-places';
import { verifyEvidencePackage } from '@/lib/evidence/package/verify-package';
import { fingerprintOf } from '@/lib/evidence/trust/root-bytes';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';
import { verifyDecision } from '@/lib/evidence/verify-decision';
import type { Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { signCosignature } from '@/lib/integrity/cosignature';
import { formatSignatureLine, parseNote } from '@/lib/integrity/note';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { actionDigest } from '@/lib/tokens/action';
import { redeemApproval } from '../approvals/redeem';
import { reportOutcome } from '../approvals/report-outcome';
import { getPool } from '../database/pool';
import { getDecision } from '../decisions/get-decision';
import { getVerificationMaterial } from '../decisions/get-verification-material';
import {
  at,
  createOrganisation,
  largePayment,
  readEscalationPage,
  recordsOf,
  submitPayment,
  T0,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { publishConsoleKeys } from '../health/publish-console-keys';
import { getCheckpoint } from '../log/get-checkpoint';
import { getInclusion } from '../log/get-inclusion';
import { readTile } from '../log/get-tile';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { newId } from '../random';
import { ingestRecords } from '../records/ingest';
import { decideEscalation } from '../reviews/decide';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, type TestProducer, testDecisionBody } from '../testing/test-producer';
import { listWitnessEvidence } from '../witnesses/list-witness-evidence';
import { exportEvidence } from './export-evidence';
import { readRecords } from './read-records';

const testConsole = await startTestConsole();
let bank: TestOrganisation;
let other: TestOrganisation;
let agent: TestProducer;

function viewerOf(organisation: TestOrganisation, roles: Role[], id = 'per_auditor'): Viewer {
  const tenant = { id: organisation.tenant, name: organisation.tenant, demo: false };
  return {
    person: { id, name: 'Asha Rao', email: 'a@example.org' },
    tenant,
    tenants: [tenant],
    roles,
    demo: false,
  };
}

/** An escalated payment with its decision record, up to `until`. */
async function payment(until: 'submitted' | 'approved' | 'redeemed') {
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

const REQUEST: Omit<ExportRequest, 'scope'> = {
  purpose: 'regulator-request',
  caseReference: 'FI-2026-118',
  recipient: 'Financial supervisor',
  payloads: false,
};

async function exported(viewer: Viewer, request: ExportRequest, options = at(400)): Promise<Uint8Array> {
  const { pieces } = await exportEvidence(viewer, request, options);
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return concatBytes(...all);
}

async function open(bytes: Uint8Array): Promise<EvidencePackage> {
  const opened = await openEvidencePackage(bytes);
  if (!opened.ok) throw new Error(`${opened.code} ${opened.detail ?? ''}`);
  return opened.value;
}

let redeemed: { decision: string; escalation: string };
let waiting: { decision: string; escalation: string };
let auditor: Viewer;
let compliance: Viewer;

beforeAll(async () => {
  await publishConsoleKeys();
  await openLog();
  bank = await createOrganisation();
  other = await createOrganisation();
  agent = await createTestProducer(bank.tenant);
  await ingestRecords(null, [agent.record(), agent.record()]);
  redeemed = await payment('redeemed');
  await ingestRecords(null, [agent.record(), agent.record()]);
  waiting = await payment('approved');
  auditor = viewerOf(bank, ['auditor']);
  compliance = viewerOf(bank, ['compliance'], 'per_compliance');
  await sequence({ force: true });
});

describe('an export of one decision', () => {
  test('says offline what the console’s page says online, check by check', async () => {
    const detail = await getDecision(auditor, redeemed.decision);
    const material = await getVerificationMaterial(bank.tenant, redeemed.decision, at(400));
    const source: EvidenceSource = {
      records: readRecords,
      inclusion: getInclusion,
      tile: readTile,
      witnesses: async () => [],
    };
    const online = await verifyDecision(detail, material, source, {
      clock: () => 0,
      nowMs: at(400).nowMs,
      memory: { points: new Map(), checkpoint: null },
    });
    const bytes = await exported(auditor, {
      ...REQUEST,
      scope: { kind: 'decision', decision: redeemed.decision },
    });
    // From here on nothing of the console is asked: the package and its offered keys, pinned, are all there is.
    const pkg = await open(bytes);
    const offline = await verifyEvidencePackage(pkg, pkg.offered.roots, {
      clock: () => 0,
      nowMs: at(500).nowMs,
    });
    expect(offline.checks.filter(({ verdict }) => verdict !== 'valid')).toEqual([]);
    const [decision] = offline.decisions;
    const verdicts = new Map(decision?.checks.map((check) => [check.id, check.verdict]));
    const different = online.checks
      .filter(({ id, verdict }) => verdicts.get(id) !== verdict)
      .map(({ id }) => id);
    expect(online.checks.length).toBeGreaterThan(15);
    expect(different).toEqual(['chain.seq', 'review.chain.seq']);
    const added = [...verdicts.keys()].filter((id) => !online.checks.some((check) => check.id === id));
    expect(added).toEqual(['chain.start', 'review.chain.start', 'payload.absent', 'trust.keys']);
    expect(decision?.checks.filter(({ verdict }) => verdict === 'invalid')).toEqual([]);
    if (process.env.COUNTERSIGN_KEEP)
      writeFileSync(`${process.env.COUNTERSIGN_KEEP}/one.evidence.zip`, bytes);
  });

  test('holds the records byte for byte', async () => {
    const pkg = await open(
      await exported(auditor, { ...REQUEST, scope: { kind: 'decision', decision: redeemed.decision } }),
    );
    const files = [...pkg.files.keys()].filter((path) => path.startsWith('records/'));
    expect(files.length).toBeGreaterThanOrEqual(7);
    const stored = await getPool().query<{ envelope: Buffer }>(
      'SELECT envelope FROM records WHERE tenant = $1',
      [bank.tenant],
    );
    const originals = new Set(stored.rows.map(({ envelope }) => envelope.toString('hex')));
    for (const path of files) {
      const file = await pkg.read(path);
      expect(file.ok && originals.has(Buffer.from(file.value).toString('hex')), path).toBe(true);
    }
  });

  test('is a record of the console before a byte of it leaves, without names in it', async () => {
    const before = (await recordsOf(bank.tenant, 'verification')).length;
    const { id, pieces } = await exportEvidence(
      auditor,
      { ...REQUEST, scope: { kind: 'decision', decision: redeemed.decision } },
      at(400),
    );
    const records = await recordsOf(bank.tenant, 'verification');
    expect(records).toHaveLength(before + 1);
    const record = records.find((one) => one.id === id);
    expect(record?.body).toMatchObject({
      event: 'evidence.exported',
      person: 'per_auditor',
      purpose: 'regulator-request',
      case_reference: 'FI-2026-118',
    });
    expect(JSON.stringify(record)).not.toMatch(/Asha|supervisor/);
    await pieces.return(undefined);
  });

  test('holds no other person’s or organisation’s record', async () => {
    const pkg = await open(
      await exported(auditor, { ...REQUEST, scope: { kind: 'decision', decision: redeemed.decision } }),
    );
    const detail = await getDecision(auditor, redeemed.decision);
    // The decision, what joined it, the record of the export, and where a verifier was built the record of its digest.
    const verifier = pkg.files.has('verify.html') ? 1 : 0;
    expect([...pkg.files.keys()].filter((path) => path.startsWith('records/'))).toHaveLength(
      detail.related.length + 2 + verifier,
    );
  });

  test('has a report and a certification draft that tell it', async () => {
    const pkg = await open(
      await exported(auditor, { ...REQUEST, scope: { kind: 'decision', decision: redeemed.decision } }),
    );
    const report = await pkg.read('report.pdf');
    expect(report.ok && Buffer.from(report.value.subarray(0, 8)).toString()).toBe('%PDF-1.7');
    const draft = await pkg.read('certification-draft.md');
    const text = draft.ok ? decodeUtf8(draft.value) : draft;
    expect(text.ok && text.value).toContain('902(13)');
    expect(text.ok && text.value).toContain(bank.tenant);
  });
});

describe('outside witnesses', () => {
  test('go into the package with what they stamped, and count once the reader pins their roots', async () => {
    const checkpoint = await getCheckpoint();
    if (!checkpoint) throw new Error('no checkpoint');
    const note = parseNote(checkpoint.note);
    if (!note.ok) throw new Error(note.code);
    const witness = { name: 'witness.partner.example', seed: new Uint8Array(32).fill(11) };
    const receipt = formatSignatureLine(signCosignature(note.value.text, witness, T0 / 1_000 + 300));
    const key = noteKeyOf(witness.name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(witness.seed));
    const root = {
      kind: 'witness' as const,
      name: witness.name,
      fingerprint: fingerprintOf(key.publicKey),
      vkey: formatNoteKey(key),
    };
    await testConsole.owner.query(
      `INSERT INTO witnesses (name, type, settings, every_seconds, enabled, demo, allow_private, added_at)
       VALUES ('Partner', 'c2sp', '{}', 60, true, false, false, now())`,
    );
    await testConsole.owner.query(
      `INSERT INTO receipts (size, witness, n, type, receipt, state, verified_at, report, authority, roots)
       VALUES ($1, 'Partner', 1, 'c2sp', $2, 'complete', now(), '[]', 'partner', '{}')`,
      [checkpoint.size, Buffer.from(receipt, 'utf8')],
    );
    await testConsole.owner.query(
      `INSERT INTO trust_roots (fingerprint, kind, root, pinned_by, pinned_at) VALUES ($1, 'witness', $2, 'setup', now())`,
      [root.fingerprint, root],
    );
    const scope = { kind: 'decision' as const, decision: redeemed.decision };
    const pkg = await open(await exported(auditor, { ...REQUEST, scope }));
    expect([...pkg.files.keys()].filter((path) => path.startsWith('receipts/'))).toEqual([
      `receipts/${checkpoint.size}-${pathSlug('Partner')}.cosignature`,
      'receipts/index.json',
    ]);
    const stamped = await pkg.read(`checkpoints/${checkpoint.size}.checkpoint`);
    expect(stamped.ok && Buffer.from(stamped.value).equals(Buffer.from(checkpoint.note))).toBe(true);
    const lineOf = async (roots: readonly TrustRoot[]) => {
      const result = await verifyEvidencePackage(pkg, roots, { clock: () => 0, nowMs: at(500).nowMs });
      return result.decisions[0]?.checks.find(({ id }) => id.startsWith('witness.'));
    };
    // What the package offers is not believed by itself.
    expect(await lineOf([])).toMatchObject({ verdict: 'not-checked' });
    expect(pkg.offered.roots.some(({ fingerprint }) => fingerprint === root.fingerprint)).toBe(true);
    const pinned = await lineOf(pkg.offered.roots);
    expect(pinned).toMatchObject({ verdict: 'valid', root: { fingerprint: root.fingerprint } });
    expect(pinned?.compared).toContain('2026-11-20T09:05:00.000Z');
    // The console's own page says the same of it.
    const online = await verifyDecision(
      await getDecision(auditor, redeemed.decision),
      await getVerificationMaterial(bank.tenant, redeemed.decision, at(400)),
      { records: readRecords, inclusion: getInclusion, tile: readTile, witnesses: listWitnessEvidence },
      { clock: () => 0, nowMs: at(500).nowMs, memory: { points: new Map(), checkpoint: null } },
    );
    expect(online.checks.find(({ id }) => id === pinned?.id)).toMatchObject({ verdict: 'valid' });
  });
});

describe('payloads', () => {
  const scope = () => ({ kind: 'decision' as const, decision: redeemed.decision });

  test('come with their salts, re-hash to the signed digests, and their disclosure is a record', async () => {
    const before = (await recordsOf(bank.tenant, 'payload.read')).length;
    const pkg = await open(await exported(compliance, { ...REQUEST, payloads: true, scope: scope() }));
    const reads = (await recordsOf(bank.tenant, 'payload.read')).slice(before);
    expect(reads).toHaveLength(1);
    expect(reads[0]?.body).toMatchObject({ purpose: 'export', person: 'per_compliance' });
    const { decisions } = await verifyEvidencePackage(pkg, [], { clock: () => 0, nowMs: at(500).nowMs });
    const lines = decisions[0]?.checks.filter(({ id }) => id.startsWith('payload.')) ?? [];
    expect(lines.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['payload.action', 'valid'],
      ['payload.reason', 'valid'],
      ['payload.absent', 'not-checked'],
    ]);
  });

  test('are not for an auditor', async () => {
    await expect(
      exportEvidence(auditor, { ...REQUEST, payloads: true, scope: scope() }, at(400)),
    ).rejects.toMatchObject({ code: 'role_required' });
  });

  test('are not in a package that was asked for without them', async () => {
    const pkg = await open(await exported(compliance, { ...REQUEST, scope: scope() }));
    expect([...pkg.files.keys()].filter((path) => path.startsWith('payloads/'))).toEqual([]);
  });
});

describe('what may not leave', () => {
  test('another organisation’s decision', async () => {
    const stranger = viewerOf(other, ['auditor']);
    const scope = { kind: 'decision' as const, decision: redeemed.decision };
    await expect(exportEvidence(stranger, { ...REQUEST, scope }, at(400))).rejects.toMatchObject({
      code: 'not_found',
    });
    const mixed = { kind: 'case' as const, decisions: [redeemed.decision] };
    await expect(exportEvidence(stranger, { ...REQUEST, scope: mixed }, at(400))).rejects.toMatchObject({
      code: 'not_found',
    });
    const search = { kind: 'search' as const, query: '' };
    const pkg = await open(await exported(stranger, { ...REQUEST, scope: search }));
    expect(pkg.manifest.decisions).toEqual([]);
  });

  test('a token that could still be redeemed', async () => {
    const scope = { kind: 'decision' as const, decision: waiting.decision };
    const fresh = await open(await exported(auditor, { ...REQUEST, scope }, at(30)));
    expect([...fresh.files.keys()].filter((path) => path.startsWith('tokens/'))).toEqual([]);
    const later = await open(await exported(auditor, { ...REQUEST, scope }, at(3_600)));
    expect([...later.files.keys()].filter((path) => path.startsWith('tokens/'))).toHaveLength(1);
  });

  test('a verdict that a reviewer of the same escalation must not see yet', async () => {
    const scope = { kind: 'decision' as const, decision: redeemed.decision };
    const alsoReviewer = viewerOf(bank, ['compliance', 'reviewer'], 'per_both');
    await testConsole.owner.query(`UPDATE escalations SET state = 'pending' WHERE id = $1`, [
      redeemed.escalation,
    ]);
    try {
      const pkg = await open(await exported(alsoReviewer, { ...REQUEST, payloads: true, scope }));
      expect(pkg.manifest.decisions[0]?.reviewsWithheld).toBe(true);
      const kinds = await Promise.all(
        [...pkg.files.keys()]
          .filter((path) => path.startsWith('records/'))
          .map(async (path) => {
            const file = await pkg.read(path);
            return file.ok ? Buffer.from(file.value).toString() : '';
          }),
      );
      const payloads = kinds.map((text) => Buffer.from(JSON.parse(text).payload, 'base64').toString());
      expect(payloads.some((text) => text.includes('"kind":"review"'))).toBe(false);
      expect(pkg.manifest.decisions[0]?.payloads.some(({ role }) => role === 'reason')).toBe(false);
    } finally {
      await testConsole.owner.query(`UPDATE escalations SET state = 'approved' WHERE id = $1`, [
        redeemed.escalation,
      ]);
    }
  });
});

describe('a case and a search', () => {
  test('a case holds the decisions that it lists', async () => {
    const scope = { kind: 'case' as const, decisions: [redeemed.decision, waiting.decision] };
    const pkg = await open(await exported(auditor, { ...REQUEST, scope }, at(3_600)));
    expect(pkg.manifest.decisions.map(({ row }) => row.id)).toEqual(scope.decisions);
    const result = await verifyEvidencePackage(pkg, [], { clock: () => 0, nowMs: at(4_000).nowMs });
    expect(
      result.decisions.flatMap(({ checks }) => checks).filter(({ verdict }) => verdict === 'invalid'),
    ).toEqual([]);
  });

  test('one that names an unknown decision is refused, and nothing is recorded of it', async () => {
    const before = (await recordsOf(bank.tenant, 'verification')).length;
    const scope = { kind: 'case' as const, decisions: [redeemed.decision, 'dec_none'] };
    await expect(exportEvidence(auditor, { ...REQUEST, scope }, at(400))).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await recordsOf(bank.tenant, 'verification')).toHaveLength(before);
  });

  test('a search of 600 decisions streams: what is held stays a fraction of what is written', async () => {
    const many = await createOrganisation();
    const busy = await createTestProducer(many.tenant);
    for (let batch = 0; batch < 4; batch++)
      await ingestRecords(
        null,
        Array.from({ length: 150 }, () => busy.record()),
      );
    for (let round = 0; round < 5; round++) await sequence({ force: true });
    const { pieces } = await exportEvidence(
      viewerOf(many, ['auditor']),
      { ...REQUEST, scope: { kind: 'search', query: 'outcome:allow' } },
      at(400),
    );
    globalThis.gc?.();
    const all: Uint8Array[] = [];
    let largest = 0;
    let count = 0;
    for await (const piece of pieces) {
      largest = Math.max(largest, piece.length);
      count++;
      all.push(piece);
    }
    const bytes = concatBytes(...all);
    // Piece by piece: no piece holds more than the directory, the manifest or the lineage of the whole.
    expect(count).toBeGreaterThan(1_200);
    expect(largest).toBeLessThan(bytes.length / 3);
    const pkg = await open(bytes);
    expect(pkg.manifest.decisions).toHaveLength(600);
    expect(pkg.manifest.more).toBeNull();
    const result = await verifyEvidencePackage(pkg, [], { clock: () => 0, nowMs: at(500).nowMs });
    const lines = result.decisions.flatMap(({ checks }) => checks);
    expect(lines.filter(({ verdict }) => verdict === 'invalid')).toEqual([]);
    expect(lines.filter(({ id, verdict }) => id === 'log.inclusion' && verdict === 'valid')).toHaveLength(
      600,
    );
    if (process.env.COUNTERSIGN_KEEP)
      writeFileSync(`${process.env.COUNTERSIGN_KEEP}/many.evidence.zip`, bytes);
  }, 180_000);
});
