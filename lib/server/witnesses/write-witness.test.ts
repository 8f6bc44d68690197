import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatTrustFile } from '@/lib/evidence/trust/format-trust-file';
import { parseTrustFile } from '@/lib/evidence/trust/parse-trust-file';
import { parseEnvelope } from '@/lib/integrity/dsse';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { getPool } from '../database/pool';
import { publishConsoleKeys } from '../health/publish-console-keys';
import { startTestConsole } from '../testing/test-console';
import { createTestProducer, createTestTenant } from '../testing/test-producer';
import { getTrust } from './get-trust';
import { listTrustRoots } from './list-trust-roots';
import { listWitnesses } from './list-witnesses';
import { pinTrustRoots, unpinTrustRoot } from './pin-trust-roots';
import { configure, findWitness } from './witness-row';
import { openSecrets, sealSecrets } from './witness-secrets';
import { addWitness, changeWitness } from './write-witness';

await startTestConsole();
const [bank, clinic] = [await createTestTenant('bank'), await createTestTenant('clinic')];
await createTestProducer(bank);
await publishConsoleKeys();
const SECRET = 'hunter2-and-a-half';
const vkey = formatNoteKey(
  noteKeyOf('w.example', NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(new Uint8Array(32).fill(7))),
);
const authority = { url: 'https://tsa.example/tsr', username: 'bank', password: SECRET };
const add = (
  name: string,
  settings: Record<string, unknown>,
  type: 'rfc3161' | 'c2sp' | 'worm' = 'rfc3161',
) => addWitness({ name, type, everySeconds: 600, settings, allowPrivate: false, by: 'per_admin' });

async function bodiesOf(tenant: string, kind: string): Promise<Record<string, unknown>[]> {
  const rows = await getPool().query<{ envelope: Buffer }>(
    'SELECT envelope FROM records WHERE tenant = $1 AND kind = $2 ORDER BY position',
    [tenant, kind],
  );
  return rows.rows.map(({ envelope }) => {
    const parsed = parseEnvelope(new Uint8Array(envelope));
    if (!parsed.ok) throw new Error(parsed.code);
    return JSON.parse(Buffer.from(parsed.value.payload).toString('utf8')).body;
  });
}

describe('the settings of a witness', () => {
  it('keep secrets sealed, and tell nobody but the adapter', async () => {
    await add('tsa', authority);
    const row = await findWitness('tsa');
    if (!row?.secrets) throw new Error('no secrets');
    expect(JSON.stringify(row.settings)).not.toContain(SECRET);
    expect(row.secrets.toString('utf8')).not.toContain(SECRET);
    expect(configure(row).settings).toEqual(authority);
    const [shown] = await listWitnesses();
    expect(shown).toMatchObject({ name: 'tsa', secrets: ['password'], settings: { username: 'bank' } });
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    const everything = await getPool().query("SELECT convert_from(envelope, 'UTF8') AS text FROM records");
    expect(JSON.stringify(everything.rows)).not.toContain(
      Buffer.from(SECRET).toString('base64').slice(0, 12),
    );
  });

  it('are bound to their witness: moved to another they do not open', async () => {
    const sealed = sealSecrets('tsa', { password: SECRET });
    expect(openSecrets('tsa', sealed)).toEqual({ password: SECRET });
    expect(openSecrets('other', sealed)).toBeNull();
    sealed[20] = (sealed[20] as number) ^ 1;
    expect(openSecrets('tsa', sealed)).toBeNull();
    const row = await findWitness('tsa');
    if (!row) throw new Error('no witness');
    expect(() => configure({ ...row, name: 'moved' })).toThrow(/do not open/);
  });

  it('change without the secrets being entered again, and are forgotten when told', async () => {
    await changeWitness({
      name: 'tsa',
      settings: { url: 'https://other.example/tsr', username: 'bank' },
      everySeconds: 60,
      by: 'per_admin',
    });
    const row = await findWitness('tsa');
    expect(row && configure(row).settings).toMatchObject({
      url: 'https://other.example/tsr',
      password: SECRET,
    });
    await changeWitness({
      name: 'tsa',
      settings: { url: 'https://other.example/tsr' },
      forgetSecrets: true,
      by: 'per_admin',
    });
    expect((await findWitness('tsa'))?.secrets).toBeNull();
  });

  it.each([
    ['no address', {}, 'rfc3161', 'Setting "url"'],
    ['another scheme', { url: 'gopher://tsa.example' }, 'rfc3161', 'Setting "url"'],
    ['a password in clear', { url: 'http://tsa.example', username: 'a', password: 'b' }, 'rfc3161', 'https'],
    [
      'a member that nobody reads',
      { url: 'https://tsa.example', proxy: 'http://x' },
      'rfc3161',
      'Setting ""',
    ],
    ['a store that nobody knows', { provider: '__proto__' }, 'worm', 'no such kind'],
    ['a log’s key', { address: 'https://w.example', vkey: 'a+b+c' }, 'c2sp', 'Setting "vkey"'],
  ] as const)('are refused with %s', async (_name, settings, type, detail) => {
    const refused = add('refused', settings, type);
    await expect(refused).rejects.toMatchObject({
      code: 'witness_invalid',
      detail: expect.stringContaining(detail),
    });
    expect(await findWitness('refused')).toBeNull();
  });

  it('cannot be registered twice, nor changed where there are none', async () => {
    await expect(add('tsa', authority)).rejects.toMatchObject({ code: 'witness_exists' });
    await expect(changeWitness({ name: 'none', by: 'x' })).rejects.toMatchObject({ code: 'witness_unknown' });
  });

  it('are recorded for every organisation each time, by digest', async () => {
    for (const tenant of [bank, clinic]) {
      const bodies = await bodiesOf(tenant, 'witness.changed');
      expect(bodies.map(({ witness, change, every_seconds }) => [witness, change, every_seconds])).toEqual([
        ['tsa', 'added', 600],
        ['tsa', 'changed', 60],
        ['tsa', 'changed', 60],
      ]);
      expect(new Set(bodies.map(({ settings_digest }) => settings_digest)).size).toBe(3);
      expect(JSON.stringify(bodies)).not.toContain('other.example');
    }
  });
});

describe('pinned roots', () => {
  const file = utf8(`# a partner's witness\n${vkey}\n`);

  it('are what a file holds, with who pinned them, and recorded', async () => {
    const [root] = await pinTrustRoots({ file: 'partner.vkey', bytes: file, by: 'per_admin' });
    expect(root).toMatchObject({ kind: 'witness', name: 'w.example' });
    expect(await listTrustRoots(bank)).toMatchObject([
      { root, pinnedBy: 'an administrator of another organisation', unpinnedAt: null },
    ]);
    for (const tenant of [bank, clinic]) {
      expect(await bodiesOf(tenant, 'trust.changed')).toMatchObject([
        { change: 'pinned', count: 1, roots: [{ kind: 'witness', fingerprint: root?.fingerprint }] },
      ]);
    }
  });

  it('go into the trust file, which reads back', async () => {
    const roots = await getTrust(bank);
    const kinds = roots.map(({ kind }) => kind);
    expect([...new Set(kinds)].sort()).toEqual([
      'anchor-key',
      'approval-key',
      'log',
      'stream-key',
      'witness',
    ]);
    expect(roots.find(({ kind }) => kind === 'witness')?.pinned?.by).toContain('on this console');
    const read = parseTrustFile('countersign.trust.json', utf8(formatTrustFile(roots)));
    expect(read).toMatchObject({ ok: true });
    expect(read.ok && read.value).toHaveLength(roots.length);
    const streams = (await getTrust(clinic)).flatMap((root) =>
      root.kind === 'stream-key' ? [root.stream] : [],
    );
    expect(new Set(streams)).toEqual(new Set(['console/clinic']));
  });

  it('are pinned anew by pinning them again', async () => {
    const [root] = await pinTrustRoots({ file: 'partner.vkey', bytes: file, by: 'cli' });
    if (root?.kind !== 'witness') throw new Error('no root');
    await unpinTrustRoot({ kind: 'witness', fingerprint: root.fingerprint, by: 'cli' });
    expect(await listTrustRoots(bank)).toMatchObject([{ unpinnedAt: expect.any(String) }]);
    await pinTrustRoots({ file: 'partner.vkey', bytes: file, by: 'cli' });
    expect(await listTrustRoots(bank)).toMatchObject([
      { unpinnedAt: null, pinnedBy: 'the operator of this console' },
    ]);
  });

  it.each([
    ['nonsense', utf8('hello')],
    [
      'a private key',
      utf8('-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n'),
    ],
    [
      'a key whose fingerprint lies',
      utf8(formatTrustFile([{ kind: 'witness', name: 'x', fingerprint: `sha-256:${'0'.repeat(64)}`, vkey }])),
    ],
    ['nothing', new Uint8Array()],
  ])('are not taken from %s', async (_name, bytes) => {
    const before = await listTrustRoots(bank);
    await expect(pinTrustRoots({ file: 'x', bytes, by: 'x' })).rejects.toMatchObject({
      code: 'trust_file_invalid',
    });
    expect(await listTrustRoots(bank)).toEqual(before);
  });

  it('are not keys of producers and approvals, which are registered instead', async () => {
    const own = utf8(formatTrustFile((await getTrust(bank)).filter(({ kind }) => kind === 'approval-key')));
    await expect(pinTrustRoots({ file: 'own', bytes: own, by: 'x' })).rejects.toMatchObject({
      detail: expect.stringContaining('registered here, not pinned'),
    });
  });
});
