import { describe, expect, test } from 'vitest';
import { GET as getJwks } from '@/app/.well-known/jwks.json/route';
import { GET as getHealthRoute } from '@/app/api/v1/health/route';
import { GET as getProofRoute } from '@/app/api/v1/proof/route';
import { GET as getCheckpointRoute } from '@/app/log/checkpoint/route';
import { GET as getTileRoute } from '@/app/log/tile/[...path]/route';
import { GET as getProblem } from '@/app/problems/[code]/route';
import { utf8 } from '@/lib/core/bytes';
import type { JsonValue } from '@/lib/core/json';
import { verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { parseJwks } from '@/lib/tokens/jwks';
import { getSigningKey } from '../keys/key-directory';
import { openLog } from '../log/open-log';
import { sequence } from '../log/sequence';
import { ingestRecords } from '../records/ingest';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import type { Health } from './get-health';
import type { Proof } from './get-proof';
import { publishConsoleKeys } from './publish-console-keys';

await startTestConsole();
const tenant = await createTestTenant('bank');

const tileAt = (path: string) =>
  getTileRoute(new Request(`http://console.test/log/tile/${path}`), {
    params: Promise.resolve({ path: path.split('/') }),
  });

describe('before and after the log is opened', () => {
  test('not ready, then ready, in totals without anything of a tenant', async () => {
    expect((await getHealthRoute()).status).toBe(503);
    await openLog();
    const producer = await createTestProducer(tenant, { path: 'agent/secret-name' });
    await ingestRecords(null, [producer.record(), producer.record({ seq: 5 })]);
    await sequence({ force: true });
    const answer = await getHealthRoute();
    expect(answer.status).toBe(200);
    const text = await answer.text();
    const health = JSON.parse(text) as Health;
    // The registration, two records, and the incident of the gap from 2 to 4.
    expect(health).toMatchObject({
      live: true,
      ready: true,
      chain: { streams: 2, records: 4, missing: 3 },
      log: { size: 4, checkpointSize: 4, halted: null },
      witnesses: { ok: 0, total: 0, lastAt: null },
      backlog: { records: 0, pendingEscalations: 0 },
    });
    expect(health.witnesses.unwitnessedSince).not.toBeNull();
    expect(text).not.toContain('secret-name');
    expect(text).not.toContain(tenant);
  });

  test('proof verifies with nothing but what it says, against a key kept from before', async () => {
    await publishConsoleKeys();
    await publishConsoleKeys();
    const proof = (await (await getProofRoute()).json()) as Proof;
    const logKey = parseNoteKey(proof.log.vkey);
    if (!logKey.ok) throw new Error(logKey.code);
    const note = await (await getCheckpointRoute()).text();
    expect(proof.checkpoint).toBe(note);
    expect(verifyCheckpoint(utf8(note), { origin: proof.log.origin, logKey: logKey.value })).toMatchObject({
      ok: true,
      value: { size: 4 },
    });
    expect(proof.keys.map(({ purpose }) => purpose).sort()).toEqual([
      'approval',
      'drill',
      'journal',
      'log',
      'mesh',
      'witness',
    ]);
    expect(proof.receipts).toEqual([]);
  });

  test('the key set holds the approval key and no other', async () => {
    const keys = parseJwks((await (await getJwks()).json()) as JsonValue);
    if (!keys.ok) throw new Error(keys.code);
    expect(keys.value.map(({ kid }) => kid)).toEqual([getSigningKey('approval').keyid]);
  });
});

describe('tiles over HTTP', () => {
  test('what is published is immutable, what is not is not there', async () => {
    const tile = await tileAt('0/000.p/4');
    expect(tile.status).toBe(200);
    expect(tile.headers.get('cache-control')).toContain('immutable');
    expect((await tile.arrayBuffer()).byteLength).toBe(4 * 32);
    expect((await tileAt('entries/000.p/4')).status).toBe(200);
    for (const path of [
      '0/000',
      '0/000.p/5',
      '0/000.p/0',
      '0/0',
      '0/001.p/1',
      '1/000.p/1',
      '-1/000',
      '64/000',
      '0/../000',
      'x',
    ])
      expect((await tileAt(path)).status, path).toBe(404);
  });
});

describe('problems', () => {
  test('every code is explained to programs and to people; anything else is not found', async () => {
    const at = (code: string, accept: string) =>
      getProblem(new Request(`http://console.test/problems/${code}`, { headers: { accept } }), {
        params: Promise.resolve({ code }),
      });
    expect(await (await at('sequence_reused', 'application/json')).json()).toMatchObject({
      code: 'sequence_reused',
      status: 409,
    });
    const page = await at('already_redeemed', 'text/html,*/*');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<h1');
    for (const code of ['nothing', 'toString', '__proto__', '<script>'])
      expect((await at(code, 'text/html')).status, code).toBe(404);
  });
});
