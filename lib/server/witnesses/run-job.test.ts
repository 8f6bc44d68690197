import { describe, expect, it } from 'vitest';
import { publicKeyOf } from '@/lib/core/ed25519';
import { checkpointKeyOf, verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { signCosignature } from '@/lib/integrity/cosignature';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash, verifyInclusion } from '@/lib/integrity/merkle';
import { formatSignatureLine } from '@/lib/integrity/note';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf, parseNoteKey } from '@/lib/integrity/note-key';
import { verifyWitnessCosignature } from '@/lib/integrity/witness/c2sp/verify-witness-cosignature';
import { getPool } from '../database/pool';
import { publishConsoleKeys } from '../health/publish-console-keys';
import { getSigningKey } from '../keys/key-directory';
import { getCheckpoint } from '../log/get-checkpoint';
import { getCosignedCheckpoint } from '../log/get-cosigned-checkpoint';
import { logSigner } from '../log/log-head';
import { startTestConsole } from '../testing/test-console';
import { claimJob, LEASE_MS } from './claim-job';
import { getCoverage, sizeSeenBy } from './get-coverage';
import { listWitnessEvidence } from './list-witness-evidence';
import { listWitnessHealth } from './list-witnesses';
import { pinTrustRoots, unpinTrustRoot } from './pin-trust-roots';
import { runJob } from './run-job';
import { scheduleStamps } from './schedule-stamps';
import {
  listJobs,
  listReceipts,
  openTestLog,
  pinKey,
  registerWitness,
  runDue,
  startLocalWitness,
  startServer,
} from './testing/witness-fixture';
import { changeWitness } from './write-witness';

const { owner } = await startTestConsole();
const log = await openTestLog('bank');
const ONE = await startLocalWitness('one.example', 1);
const NOBODY = 'http://127.0.0.1:9';
const healthOf = async (name: string, nowMs?: number) =>
  (await listWitnessHealth(nowMs === undefined ? {} : { nowMs })).find((one) => one.name === name);
const disable = (name: string) => changeWitness({ name, enabled: false, by: 'test' });

async function incidents(): Promise<string[]> {
  const rows = await getPool().query<{ id: string }>(
    "SELECT id FROM records WHERE kind = 'incident' AND id LIKE 'incident:receipt%' ORDER BY id",
  );
  return rows.rows.map(({ id }) => id);
}

describe('a witness that answers', () => {
  it('is asked for the newest checkpoint, and its receipt is kept once it verifies under a pinned key', async () => {
    await pinKey(ONE.vkey);
    await registerWitness('one', { vkey: ONE.vkey, address: ONE.url });
    const size = await log.publish();
    expect(await runDue()).toEqual(['complete']);
    expect(await listReceipts('one')).toEqual([{ size, n: 1, state: 'complete' }]);
    expect(await listJobs('one')).toEqual([]);
    expect(await runDue()).toEqual([]);
    const health = await healthOf('one');
    expect(health).toMatchObject({ state: 'ok', lastSize: size, backlog: 0, lastError: null, pending: 0 });
    expect(health?.latest).toMatchObject({ size, verdict: 'valid', state: 'complete' });
    expect(health?.latest?.checks.map(({ id }) => id)).toEqual(['c2sp.form', 'c2sp.signature']);
  });

  it('cosigns what the log serves; what was first published stays as it was', async () => {
    const key = parseNoteKey(ONE.vkey);
    if (!key.ok) throw new Error(key.code);
    const [published, cosigned] = [await getCheckpoint(), await getCosignedCheckpoint()];
    if (!published || !cosigned) throw new Error('no checkpoint');
    const signer = logSigner();
    const trust = { origin: signer.name, logKey: checkpointKeyOf(signer), witnessKeys: [key.value] };
    const verified = verifyCheckpoint(cosigned.note, trust);
    expect(verified.ok && verified.value.cosigners.map(({ name }) => name)).toEqual(['one.example']);
    expect(verifyCheckpoint(published.note, trust)).toMatchObject({ value: { cosigners: [] } });
    expect(cosigned.note.slice(0, published.note.length)).toEqual(published.note);
  });

  it('tells of a record the earliest checkpoint that covers it, with the inclusion at that very size', async () => {
    const first = (await getCheckpoint())?.size ?? 0;
    for (const count of [2, 5]) {
      await log.publish(count);
      expect(await runDue()).toEqual(['complete']);
    }
    const stream = log.producer.id;
    const [early] = await listWitnessEvidence(stream, 1);
    const [late] = await listWitnessEvidence(stream, 4);
    expect([early?.inclusion.size, (late?.inclusion.size ?? 0) > first]).toEqual([first, true]);
    const key = parseNoteKey(ONE.vkey);
    for (const [position, evidence] of [
      [1, early],
      [4, late],
    ] as const) {
      if (!evidence || !key.ok) throw new Error('no evidence');
      const { inclusion, receipt } = evidence;
      const record = await getPool().query<{ link: Buffer }>(
        'SELECT link FROM records WHERE stream = $1 AND position = $2',
        [stream, position],
      );
      const link = new Uint8Array(record.rows[0]?.link ?? []);
      const checkpoint = verifyCheckpoint(inclusion.checkpoint, {
        origin: logSigner().name,
        logKey: checkpointKeyOf(logSigner()),
      });
      if (!checkpoint.ok) throw new Error(checkpoint.code);
      expect(
        verifyInclusion({
          index: inclusion.index,
          size: checkpoint.value.size,
          leaf: leafHash(formatEntry({ stream, position, link })),
          proof: inclusion.hashes,
          root: checkpoint.value.root,
        }).ok,
      ).toBe(true);
      const stamped = { kind: 'bytes', bytes: inclusion.checkpoint } as const;
      expect(verifyWitnessCosignature(receipt, stamped, { witnessKeys: [key.value] }).verdict).toBe('valid');
    }
    expect(await listWitnessEvidence(stream, 9_999)).toEqual([]);
  });

  it('is not asked again before its interval is over', async () => {
    await changeWitness({ name: 'one', everySeconds: 600, by: 'test' });
    const nowMs = Date.now();
    await log.publish();
    expect(await runDue({ nowMs: nowMs + 500_000 })).toEqual([]);
    expect(await runDue({ nowMs: nowMs + 700_000 })).toEqual(['complete']);
    await changeWitness({ name: 'one', everySeconds: 0, by: 'test' });
  });

  it('is not asked while it is disabled, and keeps what it gave', async () => {
    const before = await listReceipts('one');
    await disable('one');
    await log.publish();
    expect(await runDue()).toEqual([]);
    expect(await healthOf('one')).toMatchObject({ state: 'disabled', backlog: 1 });
    expect(await listReceipts('one')).toEqual(before);
    await changeWitness({ name: 'one', enabled: true, by: 'test' });
    expect(await runDue()).toEqual(['complete']);
    await disable('one');
  });
});

describe('trust', () => {
  it('comes before counting: a receipt without its root waits, and counts when it is pinned', async () => {
    const two = await startLocalWitness('two.example', 2);
    await registerWitness('two', { vkey: two.vkey, address: two.url });
    const size = await log.publish();
    expect(await runDue()).toEqual(['pending']);
    expect(sizeSeenBy(await getCoverage(), 2)).toBe(0);
    expect((await healthOf('two'))?.latest).toMatchObject({ verdict: 'not-checked', state: 'pending' });
    const [waiting] = await listWitnessEvidence(log.producer.id, 1);
    expect(waiting?.witness).toBe('one');
    await pinKey(two.vkey);
    expect(await runDue()).toEqual(['complete']);
    expect(await listReceipts('two')).toEqual([
      { size, n: 1, state: 'pending' },
      { size, n: 2, state: 'complete' },
    ]);
    expect(await listJobs('two')).toEqual([]);
    expect(sizeSeenBy(await getCoverage(), 2)).toBeGreaterThan(0);
  });

  it('can be taken away, and given back', async () => {
    const roots = await pinTrustRoots({
      file: 'again.vkey',
      bytes: new TextEncoder().encode(`${ONE.vkey}\n`),
      by: 'test',
    });
    const [root] = roots;
    if (root?.kind !== 'witness') throw new Error('no root');
    expect((await getCoverage()).sizes).toHaveLength(2);
    await unpinTrustRoot({ kind: 'witness', fingerprint: root.fingerprint, by: 'test' });
    expect((await getCoverage()).sizes).toHaveLength(1);
    await expect(
      unpinTrustRoot({ kind: 'witness', fingerprint: root.fingerprint, by: 'test' }),
    ).rejects.toMatchObject({ code: 'trust_root_unknown' });
    await pinKey(ONE.vkey);
    expect((await getCoverage()).sizes).toHaveLength(2);
    await disable('two');
  });

  it('counts one key once, however many witnesses are registered under it', async () => {
    const before = (await getCoverage()).sizes.length;
    await registerWitness('one-again', { vkey: ONE.vkey, address: ONE.url });
    await log.publish();
    expect(await runDue()).toEqual(['complete']);
    expect((await getCoverage()).sizes).toHaveLength(before);
    await disable('one-again');
  });

  it('never counts this console as its own witness', async () => {
    await publishConsoleKeys();
    const { seed, publicKey } = getSigningKey('witness');
    const name = 'console.test/witness';
    const vkey = formatNoteKey(noteKeyOf(name, NOTE_KEY_TYPE.cosignatureV1, publicKey));
    const address = await startServer(async (request, response) => {
      const parts: Uint8Array[] = [];
      for await (const part of request) parts.push(part);
      const body = Buffer.concat(parts).toString('utf8');
      const text = body.slice(body.indexOf('\n\n') + 2, body.lastIndexOf('\n\n') + 1);
      response.end(formatSignatureLine(signCosignature(text, { name, seed }, 1_795_000_000)));
    });
    await pinKey(vkey);
    await registerWitness('self', { vkey, address });
    await log.publish();
    expect(await runDue()).toEqual(['failed']);
    expect(await listReceipts('self')).toEqual([]);
    expect(await healthOf('self')).toMatchObject({ lastError: 'receipt_invalid:witness_is_self' });
    await disable('self');
  });
});

describe('a witness that fails', () => {
  const other = { name: 'three.example', seed: new Uint8Array(32).fill(3) };
  const vkey = formatNoteKey(noteKeyOf(other.name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(other.seed)));
  /** When the last of those below was tried. */
  let triedMs: number[] = [];

  it.each([
    ['is away', () => Promise.resolve(NOBODY), 'witness_unreachable'],
    ['answers prose', () => startServer((_q, r) => r.end('hello\n')), 'witness_answer_invalid'],
    ['refuses', () => startServer((_q, r) => r.writeHead(403).end()), 'witness_refused'],
    [
      'says another size for ever',
      () => startServer((_q, r) => r.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('1\n')),
      'witness_refused',
    ],
    [
      'cosigns another checkpoint',
      () =>
        startServer((_q, r) => {
          r.end(formatSignatureLine(signCosignature('console.test/log\n1\nAAAA\n', other, 1_795_000_000)));
        }),
      'receipt_invalid:signature_invalid',
    ],
  ])('because it %s leaves no receipt, an error, and another try', async (fault, serve, code) => {
    await pinKey(vkey);
    const name = `fails-${fault.replaceAll(' ', '-')}`;
    await registerWitness(name, { vkey, address: await serve() });
    const size = await log.publish();
    const nowMs = Date.now();
    expect(await runDue({ nowMs })).toEqual(['failed']);
    expect(await listReceipts(name)).toEqual([]);
    const [job] = await listJobs(name);
    expect(job).toMatchObject({ kind: 'stamp', size, attempts: 1, last_error: code });
    expect(job?.next_at.getTime()).toBeGreaterThan(nowMs);
    expect(await runDue({ nowMs })).toEqual([]);
    expect(await runDue({ nowMs: nowMs + 3_600_000 })).toEqual(['failed']);
    expect(await listJobs(name)).toMatchObject([{ attempts: 2 }]);
    await disable(name);
    triedMs = [nowMs, nowMs + 3_600_000];
  });

  it('is recorded once a day for one reason, when its receipt is INVALID', async () => {
    const found = await incidents();
    // Two tries, an hour apart: of one day, or of two when midnight lies between them.
    const days = new Set(triedMs.map((ms) => new Date(ms).toISOString().slice(0, 10)));
    expect(found.filter((id) => id.includes('cosigns-another'))).toEqual(
      [...days].map(
        (day) => `incident:receipt_invalid:fails-cosigns-another-checkpoint:${day}:signature_invalid`,
      ),
    );
    const detail = await getPool().query<{ envelope: Buffer }>('SELECT envelope FROM records WHERE id = $1', [
      found[0],
    ]);
    expect(Buffer.from(JSON.parse(String(detail.rows[0]?.envelope)).payload, 'base64').toString()).toContain(
      'c2sp.signature failed (signature_invalid)',
    );
  });

  it('is waited for as long as it asks', async () => {
    const address = await startServer((_q, r) => r.writeHead(503, { 'retry-after': '1800' }).end());
    await registerWitness('busy', { vkey, address });
    await log.publish();
    const nowMs = Date.now();
    await runDue({ nowMs });
    const [job] = await listJobs('busy');
    expect(job).toMatchObject({ last_error: 'witness_busy' });
    expect(job?.next_at.getTime()).toBe(nowMs + 1_800_000);
    await disable('busy');
  });

  it('is not looked for inside this network, unless somebody said that it may be there', async () => {
    await registerWitness('private', { vkey: ONE.vkey, address: ONE.url, allowPrivate: false });
    await log.publish();
    expect(await runDue()).toEqual(['failed']);
    expect(await listJobs('private')).toMatchObject([{ last_error: 'witness_misconfigured' }]);
    await changeWitness({ name: 'private', allowPrivate: true, by: 'test' });
    expect(await runDue()).toEqual(['complete']);
    await disable('private');
  });

  it('catches up after a day away with the newest checkpoint alone, and its failures are not forgotten meanwhile', async () => {
    await registerWitness('away', { vkey: ONE.vkey, address: NOBODY });
    let nowMs = Date.now();
    const sizes: number[] = [];
    for (let hour = 0; hour < 24; hour++) {
      sizes.push(await log.publish(1));
      nowMs += 3_600_000;
      expect(await runDue({ nowMs })).toEqual(['failed']);
    }
    expect(await listJobs('away')).toMatchObject([{ kind: 'stamp', size: sizes.at(-1), attempts: 24 }]);
    expect(await healthOf('away', nowMs)).toMatchObject({ state: 'failing', lastSize: null });
    // A newer checkpoint does not cut the wait short.
    const newest = await log.publish(1);
    expect(await runDue({ nowMs })).toEqual([]);
    await owner.query(
      "UPDATE witnesses SET settings = jsonb_set(settings, '{address}', to_jsonb($1::text)) WHERE name = 'away'",
      [ONE.url],
    );
    expect(await runDue({ nowMs: nowMs + 600_001 })).toEqual(['complete']);
    expect(await listReceipts('away')).toEqual([{ size: newest, n: 1, state: 'complete' }]);
    expect(await healthOf('away')).toMatchObject({ state: 'ok', backlog: 0, lastError: null });
    await disable('away');
  });

  it('is left when the process ends, and taken up at once by the next', async () => {
    const ending = new AbortController();
    const address = await startServer(() => ending.abort());
    await registerWitness('slow', { vkey, address });
    await log.publish();
    const nowMs = Date.now();
    expect(await runDue({ nowMs, signal: ending.signal })).toContain('released');
    expect(await listJobs('slow')).toMatchObject([{ attempts: 0, last_error: null }]);
    const [job] = await listJobs('slow');
    expect(job?.next_at.getTime()).toBe(nowMs);
    await disable('slow');
  });
});

describe('several processes', () => {
  it('never do one job twice, and finish what a dead one left', async () => {
    await registerWitness('shared', { vkey: ONE.vkey, address: ONE.url });
    const size = await log.publish();
    const nowMs = Date.now();
    await Promise.all(Array.from({ length: 6 }, () => scheduleStamps(nowMs)));
    expect(await listJobs('shared')).toHaveLength(1);
    const claims = await Promise.all(Array.from({ length: 6 }, () => claimJob(nowMs)));
    expect(claims.filter((job) => job !== null)).toMatchObject([{ witness: 'shared', size }]);
    // The one that claimed it is killed: nobody hears from it again.
    expect(await claimJob(nowMs + LEASE_MS - 1)).toBeNull();
    const again = await claimJob(nowMs + LEASE_MS);
    expect(again).toMatchObject({ witness: 'shared', size, attempts: 0 });
    if (again) expect(await runJob(again, { signal: new AbortController().signal })).toBe('complete');
    expect(await listReceipts('shared')).toHaveLength(1);
  });

  it('never aim two stamps at one witness, however they and the log race', async () => {
    const nowMs = Date.now();
    await changeWitness({ name: 'shared', settings: { address: NOBODY, vkey: ONE.vkey }, by: 'test' });
    for (let round = 0; round < 15; round++) {
      await owner.query("DELETE FROM witness_jobs WHERE witness = 'shared'");
      await Promise.all([
        scheduleStamps(nowMs),
        // Two sequencers at once: one of them finds the other at work.
        log.publish(1).catch(() => 0),
        scheduleStamps(nowMs),
        scheduleStamps(nowMs + 1),
        log.publish(1).catch(() => 0),
        scheduleStamps(nowMs + 2),
      ]);
      await scheduleStamps(nowMs + 3);
      const newest = (await getCheckpoint())?.size;
      expect(await listJobs('shared')).toMatchObject([{ kind: 'stamp', size: newest }]);
    }
    await changeWitness({ name: 'shared', settings: { address: ONE.url, vkey: ONE.vkey }, by: 'test' });
    expect(await runDue({ nowMs: Date.now() })).toEqual(['complete']);
  });

  it('keep both receipts, numbered, when a lease ran out under a slow one', async () => {
    const size = await log.publish();
    const job = { witness: 'shared', size, kind: 'stamp' as const, attempts: 0 };
    const options = { signal: new AbortController().signal };
    expect(await Promise.all([runJob(job, options), runJob(job, options)])).toEqual(['complete', 'complete']);
    expect((await listReceipts('shared')).slice(-2)).toEqual([
      { size, n: 1, state: 'complete' },
      { size, n: 2, state: 'complete' },
    ]);
  });

  it('can neither change nor take back a receipt', async () => {
    await expect(getPool().query("UPDATE receipts SET state = 'complete'")).rejects.toMatchObject({
      code: '42501',
    });
    await expect(getPool().query('DELETE FROM receipts')).rejects.toMatchObject({ code: '42501' });
  });
});
