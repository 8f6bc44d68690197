import { afterAll, describe, expect, it } from 'vitest';
import { LEDGER_TOKEN, startLedgerServer } from '@/e2e/witnesses/ledger-server';
import { startRekorServer } from '@/e2e/witnesses/rekor-server';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { formatTrustFile } from '@/lib/evidence/trust/format-trust-file';
import { withFingerprint } from '@/lib/evidence/trust/root-bytes';
import type { TrustRoot, TrustRootOf } from '@/lib/evidence/trust/trust-root';
import { startTestConsole } from '../testing/test-console';
import { getAnchorRoot } from './anchor-root';
import { listWitnessHealth } from './list-witnesses';
import { pinTrustRoots } from './pin-trust-roots';
import { listReceipts, openTestLog, runDue } from './testing/witness-fixture';
import { addWitness } from './write-witness';

await startTestConsole();
const log = await openTestLog('bank');
const [rekor, ledger] = await Promise.all([startRekorServer(), startLedgerServer()]);
afterAll(() => Promise.all([rekor.stop(), ledger.stop()]));

const register = (name: string, type: 'rekor' | 'ccf', settings: Record<string, unknown>) =>
  addWitness({ name, type, everySeconds: 0, settings, allowPrivate: true, by: 'test' });

async function pin(root: { ok: true; value: TrustRoot } | { ok: false }): Promise<void> {
  if (!root.ok) throw new Error('root expected');
  await pinTrustRoots({ file: 'roots.json', bytes: utf8(formatTrustFile([root.value])), by: 'test' });
}

const healthOf = async (name: string) => (await listWitnessHealth()).find((one) => one.name === name);

describe('a stamp in somebody else’s ledger', () => {
  it.each(['v1', 'v2'] as const)(
    'counts in a pinned Rekor log, %s, under our own anchoring key',
    async (version) => {
      await register(`rekor-${version}`, 'rekor', { url: rekor.url, version });
      const { origin, publicKey } = rekor.logs[version === 'v1' ? 0 : 1] ?? {
        origin: '',
        publicKey: new Uint8Array(),
      };
      const size = await log.publish();
      await runDue();
      expect(await listReceipts(`rekor-${version}`)).toEqual([{ size, n: 1, state: 'pending' }]);
      await pin(
        withFingerprint<TrustRootOf<'rekor-log'>>({
          kind: 'rekor-log',
          name: origin,
          origin,
          publicKey: formatBase64(publicKey),
        }),
      );
      const next = await log.publish();
      await runDue();
      const receipts = await listReceipts(`rekor-${version}`);
      expect(receipts).toContainEqual({ size: next, n: 1, state: 'complete' });
      expect(await healthOf(`rekor-${version}`)).toMatchObject({ state: 'ok', lastSize: next });
      const checks = (await healthOf(`rekor-${version}`))?.latest?.checks ?? [];
      expect(checks.find(({ id }) => id === 'rekor.signer')?.key).toContain(getAnchorRoot().fingerprint);
    },
  );

  it('counts in a pinned confidential ledger once it is committed', async () => {
    await register('ledger', 'ccf', {
      url: ledger.url,
      ledgerCertificate: ledger.servicePem,
      accessToken: LEDGER_TOKEN,
    });
    await pin(
      withFingerprint<TrustRootOf<'ledger-service'>>({
        kind: 'ledger-service',
        name: 'ledger of the test',
        certificate: formatBase64(ledger.service),
      }),
    );
    const size = await log.publish();
    await runDue();
    expect(await listReceipts('ledger')).toEqual([{ size, n: 1, state: 'pending' }]);
    ledger.commit();
    await runDue({ nowMs: Date.now() + 60_000 });
    expect((await listReceipts('ledger')).at(-1)).toMatchObject({ size, state: 'complete' });
  });
});
