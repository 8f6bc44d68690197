import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseBase64 } from '@/lib/core/encoding';
import { signRequest } from '@/lib/core/http-signature';
import { formatInstant } from '@/lib/core/instant';
import { checkParents } from '@/lib/evidence/check-parents';
import { checkpointKeyOf, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { stampOf } from '@/lib/integrity/witness/witness-report';
import { c2spAdapter } from '@/lib/server/adapters/c2sp';
import { listConditions } from '@/lib/server/conditions/list-conditions';
import { sweepConditions } from '@/lib/server/conditions/sweep-conditions';
import { getPool } from '@/lib/server/database/pool';
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
} from '@/lib/server/escalations/testing/escalation-fixture';
import { getSigningKey } from '@/lib/server/keys/key-directory';
import { getLineage } from '@/lib/server/lineage/get-lineage';
import { getCheckpoint } from '@/lib/server/log/get-checkpoint';
import { logSigner } from '@/lib/server/log/log-head';
import { openLog } from '@/lib/server/log/open-log';
import { sequence } from '@/lib/server/log/sequence';
import { addPeer } from '@/lib/server/mesh/add-peer';
import { fetchMissingParents } from '@/lib/server/mesh/fetch-missing-parents';
import { fetchParent } from '@/lib/server/mesh/fetch-parent';
import { getForeignParents } from '@/lib/server/mesh/get-foreign-parents';
import { listPeers } from '@/lib/server/mesh/list-peers';
import { getOwnIdentity } from '@/lib/server/mesh/own-identity';
import { shareWithPeer } from '@/lib/server/mesh/share-with-peer';
import { witnessCheckpoint } from '@/lib/server/mesh/witness-checkpoint';
import { newId } from '@/lib/server/random';
import { ingestRecords } from '@/lib/server/records/ingest';
import { decideEscalation } from '@/lib/server/reviews/decide';
import { startTestConsole } from '@/lib/server/testing/test-console';
import { createTestProducer, type TestProducer, testDecisionBody } from '@/lib/server/testing/test-producer';
import type { Action } from '@/lib/tokens/action';
import { proveConsistency } from './consistency-between';
import { PEER_TENANT } from './peer-orders';
import { type PeerConsole, startPeer } from './start-peer';

const { owner } = await startTestConsole();
const PEER = 'Ward 7';
let peer: PeerConsole;
let bank: TestOrganisation;
let agent: TestProducer;

beforeAll(async () => {
  peer = await startPeer({
    ownerUrl: inject('ownerUrl'),
    appPassword: inject('appPassword'),
    vaultPassword: inject('vaultPassword'),
    template: 'countersign',
  });
  await openLog();
  bank = await createOrganisation();
  agent = await createTestProducer(bank.tenant);
  const theirs = await peer.ask('identity', null);
  await addPeer({
    tenant: bank.tenant,
    by: 'test',
    name: PEER,
    url: theirs.url,
    logVkey: theirs.logVkey,
    publicKey: theirs.publicKey,
  });
  const { url, logVkey, publicKey } = getOwnIdentity();
  await peer.ask('pin', { tenant: PEER_TENANT, by: 'test', name: 'Head office', url, logVkey, publicKey });
});
afterAll(() => peer.stop());

const give = (gives: boolean) =>
  peer.ask('share', { tenant: PEER_TENANT, by: 'test', peer: 'Head office', gives, takes: false });
const take = (takes: boolean) =>
  shareWithPeer({ tenant: bank.tenant, by: 'test', peer: PEER, gives: false, takes });
const now = () => Date.now();
/** Asks as if every pause had passed. */
const fetchNow = async (id: string) => {
  await getPool().query('DELETE FROM foreign_attempts');
  return fetchParent(bank.tenant, id);
};
const incidents = async (id: string) =>
  (await recordsOf(bank.tenant, 'incident')).filter(
    ({ body }) => body.code === 'foreign_record_invalid' && body.decision_id === id,
  );

async function childOf(
  parent: string,
  action: Action = largePayment(),
): Promise<{ id: string; action: Action }> {
  const id = newId('dec');
  const body = testDecisionBody() as Record<'identity' | 'output', Record<string, unknown>>;
  body.identity.parents = [parent];
  body.identity.principal = action.context.principal;
  body.output.action = { name: action.action.name, tier: 'bounded' };
  body.output.outcome = { verdict: 'escalate', source: 'gateway', reason_code: 'amount_above' };
  const [result] = await ingestRecords(null, [
    agent.record({ id, occurred_at: formatInstant(T0 - 500), body }),
  ]);
  expect(result?.status).toBe('accepted');
  return { id, action };
}

/** The lines that a browser tells of a decision's parents, from the bytes that the server hands over. */
async function linesOf(childId: string, parent: string) {
  const foreign = await getForeignParents(bank.tenant, childId);
  return checkParents([parent], [], foreign);
}

describe('witnessing each other', () => {
  const submit = async (oldSize: number) => {
    const body = parseBase64(await peer.ask('submission', { oldSize }));
    if (!body.ok) throw new Error(body.code);
    return witnessCheckpoint(body.value);
  };

  it('cosigns the peer’s checkpoint once it is remembered, and what grows from there', async () => {
    await peer.ask('decide', { ids: ['dec_w1'], checkpoint: true });
    const answer = await submit(0);
    expect(answer.status).toBe(200);
    const { witnessVkey } = getOwnIdentity();
    const key = parseNoteKey(witnessVkey);
    const logKey = parseNoteKey((await peer.ask('identity', null)).logVkey);
    const kept = await getPool().query<{ note: Buffer; size: number }>(
      'SELECT note, size FROM peer_checkpoints',
    );
    if (!key.ok || !logKey.ok || !kept.rows[0]) throw new Error('keys');
    const verified = verifyCheckpoint(Buffer.concat([kept.rows[0].note, Buffer.from(answer.body)]), {
      origin: logKey.value.name,
      logKey: logKey.value,
      witnessKeys: [key.value],
    });
    expect(verified.ok && verified.value.cosigners.map(({ name }) => name)).toEqual([key.value.name]);
    await peer.ask('decide', { ids: ['dec_w2', 'dec_w3'], checkpoint: true });
    expect(await submit(0)).toMatchObject({ status: 409, body: `${kept.rows[0].size}\n` });
    expect((await submit(kept.rows[0].size)).status).toBe(200);
    expect((await listPeers(bank.tenant))[0]?.cosigned).toMatchObject({ size: kept.rows[0].size + 2 });
  });

  it('asked by many at once it remembers one head, and an unknown log is told so', async () => {
    const size = (await listPeers(bank.tenant))[0]?.cosigned?.size as number;
    await peer.ask('decide', { ids: ['dec_w4'], checkpoint: true });
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit(size)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
    const unknown = await witnessCheckpoint(
      new TextEncoder().encode('old 0\n\nsomebody.example/log\n0\nAAAA\n\n— x AAAAAAAA\n'),
    );
    expect(unknown.status).toBe(404);
  });
});

describe('being witnessed by the other console, over HTTP', () => {
  it('the adapter for witnesses gets its cosignature, which verifies under the pinned witness key', async () => {
    const { witnessUrl, witnessVkey } = await peer.ask('identity', null);
    for (const lastSize of [0, 0]) {
      await ingestRecords(null, [agent.record()]);
      await sequence({ force: true });
      const checkpoint = await getCheckpoint();
      if (!checkpoint) throw new Error('no checkpoint');
      const { size, note } = checkpoint;
      const stamp = stampOf(note);
      const answer = await c2spAdapter.stamp(
        {
          size,
          note,
          stamp,
          lastSize,
          consistency: (oldSize) => proveConsistency(oldSize, size),
          nonce: (bytes) => new Uint8Array(randomBytes(bytes)),
          nowMs: now(),
          signal: AbortSignal.timeout(10_000),
        },
        { address: witnessUrl, vkey: witnessVkey },
      );
      const key = parseNoteKey(witnessVkey);
      if (!key.ok) throw new Error(key.code);
      const verified = verifyCheckpoint(Buffer.concat([note, answer.receipt]), {
        origin: logSigner().name,
        logKey: checkpointKeyOf(logSigner()),
        witnessKeys: [key.value],
      });
      expect(verified.ok && verified.value.cosigners).toMatchObject([{ name: key.value.name }]);
      const kept = await peer.owner.query('SELECT 1 FROM peer_checkpoints WHERE size = $1', [size]);
      expect(kept.rowCount).toBe(1);
    }
  });
});

describe('a parent in the other console’s log', () => {
  it('is not had until both sides say so, and the child’s lines say what is missing', async () => {
    await peer.ask('decide', { ids: ['dec_p1'], checkpoint: true });
    const child = await childOf('dec_p1');
    expect(await fetchNow('dec_p1')).toBe(false);
    await take(true);
    expect(await fetchNow('dec_p1')).toBe(false);
    expect(await linesOf(child.id, 'dec_p1')).toMatchObject([
      { id: 'parent.missing', verdict: 'not-checked' },
    ]);
    expect((await getLineage(bank.tenant, child.id)).nodes.find(({ id }) => id === 'dec_p1')).toMatchObject({
      kind: 'missing',
    });
    await give(true);
    expect(await fetchNow('dec_p1')).toBe(true);
    const lines = await linesOf(child.id, 'dec_p1');
    expect(lines.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['parent.signature', 'valid'],
      ['parent.place', 'valid'],
      ['parent.inclusion', 'valid'],
      ['parent.consistency', 'valid'],
    ]);
    expect(lines.every(({ title }) => title.endsWith(`at ${PEER}`))).toBe(true);
    expect(lines[2]?.root?.fingerprint).toMatch(/^sha-256:[0-9a-f]{64}$/);
    expect(lines[2]?.root?.name).toBe(`log of ${PEER}`);
    expect((await getLineage(bank.tenant, child.id)).nodes.find(({ id }) => id === 'dec_p1')).toMatchObject({
      kind: 'foreign',
      label: 'transfer_money, allow',
      note: `at ${PEER}, payments-agent`,
    });
    const shown = await peer.owner.query(
      `SELECT 1 FROM records WHERE tenant = $1 AND kind = 'verification'`,
      [PEER_TENANT],
    );
    expect(shown.rowCount).toBe(1);
  });

  it('that its log has not taken up yet is had after the next checkpoint', async () => {
    await peer.ask('decide', { ids: ['dec_p2'], checkpoint: false });
    expect(await fetchNow('dec_p2')).toBe(false);
    await peer.ask('decide', { ids: ['dec_p3'], checkpoint: true });
    expect(await fetchNow('dec_p2')).toBe(true);
  });

  it('fills the hole that stopped an action: fetched without anybody asking, and the condition closes', async () => {
    await give(false);
    await peer.ask('decide', { ids: ['dec_p4'], checkpoint: true });
    const { id, action } = await childOf('dec_p4');
    const task = await submitPayment(bank, action, { decision_id: id });
    const reviewer = await bank.person(['reviewer']);
    const detail = await readEscalationPage(reviewer, task.id);
    await expect(
      decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20)),
    ).rejects.toMatchObject({ code: 'lineage_hole' });
    await give(true);
    await getPool().query('DELETE FROM foreign_attempts');
    expect(await fetchMissingParents()).toBe(1);
    expect(await sweepConditions()).toMatchObject({ closed: 1 });
    expect(await decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(25))).toMatchObject({
      state: 'approved',
    });
    expect((await listConditions(bank.tenant))[0]).toMatchObject({
      code: 'lineage_hole',
      resolution: 'cleared',
    });
  });

  it('that was changed here, in what is kept, stops the action again', async () => {
    const { id, action } = await childOf('dec_p4');
    const task = await submitPayment(bank, action, { decision_id: id });
    const reviewer = await bank.person(['reviewer']);
    const detail = await readEscalationPage(reviewer, task.id);
    const flip = () =>
      owner.query(
        `UPDATE foreign_records SET evidence = convert_to(translate(convert_from(evidence, 'UTF8'), 'Qq', 'qQ'), 'UTF8') WHERE id = 'dec_p4'`,
      );
    await flip();
    await expect(
      decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20)),
    ).rejects.toMatchObject({ code: 'lineage_hole', detail: expect.stringContaining('does not verify') });
    const lines = await linesOf(id, 'dec_p4');
    expect(lines.some(({ verdict }) => verdict === 'invalid')).toBe(true);
    await flip();
  });
});

describe('tampering at the peer is caught', () => {
  const attacks: [string, string, string, RegExp][] = [
    [
      'a byte of the record',
      `UPDATE records SET envelope = set_byte(envelope, 120, get_byte(envelope, 120) # 1) WHERE id = $1`,
      `UPDATE records SET envelope = set_byte(envelope, 120, get_byte(envelope, 120) # 1) WHERE id = $1`,
      /parent\.|foreign_syntax/,
    ],
    [
      'the link before it',
      `UPDATE records r SET link = set_byte(r.link, 0, get_byte(r.link, 0) # 1) FROM decisions d WHERE d.id = $1 AND r.stream = d.stream AND r.position = d.position - 1`,
      `UPDATE records r SET link = set_byte(r.link, 0, get_byte(r.link, 0) # 1) FROM decisions d WHERE d.id = $1 AND r.stream = d.stream AND r.position = d.position - 1`,
      /parent\.inclusion:root_mismatch/,
    ],
    [
      'another decision under this id in its search',
      `UPDATE decisions SET position = position - 1 WHERE id = $1`,
      `UPDATE decisions SET position = position + 1 WHERE id = $1`,
      /parent\.place:id_mismatch/,
    ],
    [
      'the producer’s key swapped for another’s',
      `UPDATE producer_keys SET public_key = set_byte(public_key, 3, get_byte(public_key, 3) # 1) WHERE $1 <> ''`,
      `UPDATE producer_keys SET public_key = set_byte(public_key, 3, get_byte(public_key, 3) # 1) WHERE $1 <> ''`,
      /parent\.signature/,
    ],
  ];
  it.each(attacks)('%s', async (name, tamper, undo, check) => {
    const id = `dec_t${name.length}${randomBytes(4).toString('hex')}`;
    await peer.ask('decide', { ids: [`${id}.before`, id], checkpoint: true });
    await peer.owner.query(tamper, [id]);
    expect(await fetchNow(id)).toBe(false);
    const [incident] = await incidents(id);
    expect(incident?.body).toMatchObject({ peer: PEER });
    expect(incident?.body.detail).toMatch(check);
    const held = await getPool().query('SELECT 1 FROM foreign_records WHERE id = $1', [id]);
    expect(held.rowCount).toBe(0);
    await peer.owner.query(undo, [id]);
    expect(await fetchNow(id)).toBe(true);
  });

  it('a log rewritten since it was cosigned here', async () => {
    const size = (await listPeers(bank.tenant))[0]?.cosigned?.size as number;
    await peer.ask('decide', { ids: ['dec_f1'], checkpoint: true });
    // As if this console had cosigned another history of that size, as it is when the peer rewrote its log.
    const note = parseBase64(await peer.ask('fork', { size: size + 1 }));
    if (!note.ok) throw new Error(note.code);
    await owner.query(
      `INSERT INTO peer_checkpoints SELECT origin, $1, decode(repeat('07', 32), 'hex'), $2, now()
         FROM peer_checkpoints WHERE size = $3`,
      [size + 1, Buffer.from(note.value), size],
    );
    expect(await fetchNow('dec_f1')).toBe(false);
    expect((await incidents('dec_f1'))[0]?.body.detail).toContain('parent.consistency:root_mismatch');
    await owner.query('DELETE FROM peer_checkpoints WHERE size = $1', [size + 1]);
    expect(await fetchNow('dec_f1')).toBe(true);
  });
});

describe('who may ask', () => {
  const url = (id: string) => `${peer.origin}/mesh/v1/decisions/${id}`;
  const signed = (id: string, key = getSigningKey('mesh'), overrides: Record<string, unknown> = {}) =>
    signRequest({
      method: 'GET',
      targetUri: url(id),
      keyid: key.keyid,
      seed: key.seed,
      createdS: Math.floor(now() / 1000),
      nonce: randomBytes(16).toString('hex'),
      ...overrides,
    });
  const codeOf = async (id: string, headers: Record<string, string>) => {
    const answer = await fetch(url(id), { headers });
    return ((await answer.json()) as { code?: string }).code ?? answer.status;
  };

  it('nobody without the pinned key, nothing twice, nothing late, nothing that is not shared', async () => {
    expect(await codeOf('dec_p1', {})).toBe('signature_missing');
    expect(await codeOf('dec_p1', signed('dec_p1', getSigningKey('journal')))).toBe('key_unknown');
    expect(await codeOf('dec_p1', signed('dec_p2'))).toBe('signature_invalid');
    expect(await codeOf('dec_p1', signed('dec_p1', undefined, { createdS: 1_000 }))).toBe(
      'signature_expired',
    );
    const once = signed('dec_p1');
    expect(await codeOf('dec_p1', once)).toBe(200);
    expect(await codeOf('dec_p1', once)).toBe('signature_replayed');
    expect(await codeOf('dec_nowhere', signed('dec_nowhere'))).toBe('not_found');
    await give(false);
    expect(await codeOf('dec_p1', signed('dec_p1'))).toBe('not_found');
    await give(true);
  });

  it('what was fetched is let go of when the organisation takes nothing from there any more', async () => {
    const { id } = await childOf('dec_p1');
    expect((await getForeignParents(bank.tenant, id)).length).toBe(1);
    await take(false);
    expect(await getForeignParents(bank.tenant, id)).toEqual([]);
    await take(true);
  });

  it('a peer that is away is asked again later, and holds up nothing', async () => {
    await getPool().query(`UPDATE mesh_peers SET url = 'http://127.0.0.1:9'`);
    expect(await fetchNow('dec_away')).toBe(false);
    const attempt = await getPool().query<{ last_error: string; attempts: number }>(
      `SELECT last_error, attempts FROM foreign_attempts WHERE id = 'dec_away'`,
    );
    expect(attempt.rows).toEqual([{ last_error: 'peer_unreachable', attempts: 1 }]);
    expect(await fetchParent(bank.tenant, 'dec_away')).toBe(false);
    const again = await getPool().query(
      `SELECT 1 FROM foreign_attempts WHERE id = 'dec_away' AND attempts = 1`,
    );
    expect(again.rowCount).toBe(1);
  });
});

describe('pinning another console', () => {
  it.each([
    ['an address with a path', { url: 'https://peer.example/console' }],
    ['an address with a user', { url: 'https://me@peer.example' }],
    ['no address', { url: 'javascript:alert(1)' }],
    ['a key that is none', { publicKey: 'A'.repeat(43) }],
    ['a log key that is none', { logVkey: 'peer.example/log+00000000+AAAA' }],
    ['this very console', { logVkey: 'own' }],
  ])('refuses %s', async (_name, wrong) => {
    const theirs = await peer.ask('identity', null);
    const request = {
      tenant: bank.tenant,
      by: 'test',
      name: 'Other',
      url: 'https://peer.example',
      logVkey: theirs.logVkey,
      publicKey: theirs.publicKey,
      ...wrong,
    };
    if (request.logVkey === 'own') request.logVkey = getOwnIdentity().logVkey;
    await expect(addPeer(request)).rejects.toMatchObject({ code: 'peer_invalid' });
  });

  it('refuses a second name for the same log, and a share with nobody', async () => {
    const theirs = await peer.ask('identity', null);
    const { url, logVkey, publicKey } = theirs;
    await expect(
      addPeer({ tenant: bank.tenant, by: 'test', name: 'Alias', url, logVkey, publicKey }),
    ).rejects.toMatchObject({ code: 'peer_exists' });
    await expect(
      shareWithPeer({ tenant: bank.tenant, by: 'test', peer: 'Nobody', gives: true, takes: true }),
    ).rejects.toMatchObject({ code: 'peer_unknown' });
  });
});
