import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  LEDGER_APPLICATION,
  LEDGER_TOKEN,
  type LedgerServer,
  startLedgerServer,
} from '@/e2e/witnesses/ledger-server';
import { verifyLedgerReceipt } from '@/lib/integrity/witness/ccf/verify-ledger-receipt';
import type { WitnessReport } from '@/lib/integrity/witness/witness-report';
import { type ConfidentialLedgerSettings, confidentialLedgerAdapter } from './confidential-ledger';
import { stampRequest, witnessErrorOf } from './testing/stamp-request';

const NOTE = new TextEncoder().encode('console.example/log\n1\nAAAA\n\n— console.example/log BBBB\n');
const NOW = Date.UTC(2026, 10, 20, 12);

let ledger: LedgerServer;

/** Of this machine; the token service is in the ledger's own process, and no authority that anybody knows certified it. */
const authorities = getCACertificates('default');

beforeEach(async () => {
  ledger = await startLedgerServer();
  setDefaultCACertificates([...authorities, ledger.servicePem]);
});
afterEach(async () => {
  setDefaultCACertificates(authorities);
  await ledger.stop();
});

const upgrade = confidentialLedgerAdapter.upgrade?.bind(confidentialLedgerAdapter);
if (!upgrade) throw new Error('receipts of ledgers mature');

function known(by: Partial<ConfidentialLedgerSettings> = { accessToken: LEDGER_TOKEN }) {
  return confidentialLedgerAdapter.settings.parse({
    url: `${ledger.url}/`,
    collection: 'countersign',
    ledgerCertificate: ledger.servicePem,
    ...by,
  });
}

const request = () => stampRequest(NOTE, { nowMs: NOW });

function verify(receipt: Uint8Array, service = ledger.service): Promise<WitnessReport> {
  return verifyLedgerReceipt(receipt, { kind: 'bytes', bytes: NOTE }, { services: [service] });
}

async function complete(): Promise<Uint8Array> {
  const pending = await confidentialLedgerAdapter.stamp(request(), known());
  ledger.commit();
  const answer = await upgrade?.(pending.receipt, request(), known());
  if (answer?.state !== 'complete') throw new Error('a committed entry has its receipt');
  return answer.receipt;
}

describe('confidentialLedgerAdapter', () => {
  it('stores the stamp, waits for the commit, and keeps a receipt that a pinned ledger verifies', async () => {
    const pending = await confidentialLedgerAdapter.stamp(request(), known());
    expect(pending).toMatchObject({ state: 'pending', retryAtMs: NOW + 5_000 });
    expect(await verify(pending.receipt)).toMatchObject({ verdict: 'not-checked' });
    expect(await upgrade(pending.receipt, request(), known())).toEqual(pending);
    ledger.commit();
    const answer = await upgrade(pending.receipt, request(), known());
    expect(answer.state).toBe('complete');
    const report = await verify(answer.receipt);
    expect(report.checks.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'ccf.receipt valid',
      'ccf.claims valid',
      'ccf.stamp valid',
      'ccf.node valid',
      'ccf.root valid',
      'ccf.chain valid',
    ]);
    expect(report.witness).toBe('CN=CCF Network, transaction 2.2');
    expect(ledger.requests[0]).toBe('POST /app/transactions?api-version=2022-05-13&collectionId=countersign');
    const calls = ledger.requests.length;
    expect(await upgrade(answer.receipt, request(), known())).toEqual(answer);
    expect(ledger.requests.length).toBe(calls);
  });

  it('proves each of many entries, wherever it stands in the tree', async () => {
    const pending = [];
    for (let i = 0; i < 9; i++) pending.push(await confidentialLedgerAdapter.stamp(request(), known()));
    ledger.commit();
    for (const { receipt } of pending) {
      const answer = await upgrade(receipt, request(), known());
      expect((await verify(answer.receipt)).verdict).toBe('valid');
    }
  });

  it('follows a service through its recoveries, to the identity that is pinned', async () => {
    const first = ledger.service;
    const before = known();
    const pending = await confidentialLedgerAdapter.stamp(request(), before);
    ledger.commit();
    ledger.recover();
    const second = ledger.service;
    ledger.recover();
    const { receipt } = await upgrade(pending.receipt, request(), before);
    for (const service of [first, second, ledger.service]) {
      expect((await verify(receipt, service)).verdict).toBe('valid');
    }
    const other = await startLedgerServer();
    const codes = (await verify(receipt, other.service)).checks.flatMap(({ code }) => code ?? []);
    await other.stop();
    expect(codes).toEqual(['ledger_chain_untrusted']);
    const shuffled = JSON.parse(Buffer.from(receipt).toString());
    shuffled.receipt.serviceEndorsements.reverse();
    const broken = await verify(new TextEncoder().encode(JSON.stringify(shuffled)));
    expect(broken.checks.flatMap(({ code }) => code ?? [])).toEqual(['ledger_chain_untrusted']);
  });

  it('is known by a certificate, by an application, or by a token', async () => {
    const ways: Partial<ConfidentialLedgerSettings>[] = [
      ledger.user,
      { ...LEDGER_APPLICATION, tokenEndpoint: `${ledger.url}/tenant/oauth2/v2.0/token` },
      { accessToken: LEDGER_TOKEN },
    ];
    for (const way of ways) {
      expect((await confidentialLedgerAdapter.stamp(request(), known(way))).state).toBe('pending');
    }
  });

  it.each<[who: string, way: () => Partial<ConfidentialLedgerSettings>]>([
    ['a token that is another', () => ({ accessToken: 'hidden-words' })],
    [
      'an application with another secret',
      () => ({
        clientId: 'countersign',
        clientSecret: 'hidden-words',
        tokenEndpoint: `${ledger.url}/tenant/oauth2/v2.0/token`,
      }),
    ],
  ])('is not known by %s, and does not repeat it', async (_, way) => {
    const error = await witnessErrorOf(confidentialLedgerAdapter.stamp(request(), known(way())));
    expect(error.code).toBe('witness_misconfigured');
    expect(error.message).not.toContain('hidden-words');
  });

  it('stores anew what a ledger took and lost', async () => {
    const pending = await confidentialLedgerAdapter.stamp(request(), known());
    ledger.fault = 'lose';
    const again = await upgrade(pending.receipt, request(), known());
    expect(again.state).toBe('pending');
    expect(again.receipt).not.toEqual(pending.receipt);
    ledger.fault = 'none';
    ledger.commit();
    expect((await upgrade(again.receipt, request(), known())).state).toBe('complete');
  });

  it('talks to no server that the certificate is not of', async () => {
    const other = await startLedgerServer();
    const error = await witnessErrorOf(
      confidentialLedgerAdapter.stamp(
        request(),
        known({ accessToken: LEDGER_TOKEN, ledgerCertificate: other.servicePem }),
      ),
    );
    await other.stop();
    expect(error.code).toBe('witness_unreachable');
    expect(ledger.requests).toEqual([]);
  });

  it.each([
    ['garbage', 'witness_answer_invalid'],
    ['huge', 'witness_answer_invalid'],
    ['busy', 'witness_busy'],
    ['redirect', 'witness_refused'],
    ['hang-up', 'witness_unreachable'],
    ['no-transaction', 'witness_answer_invalid'],
  ] as const)('tells of %s when storing', async (fault, code) => {
    ledger.fault = fault;
    expect((await witnessErrorOf(confidentialLedgerAdapter.stamp(request(), known()))).code).toBe(code);
  });

  it.each([
    ['other-entry', 'ccf.claims ledger_claims_mismatch'],
    ['other-signature', 'ccf.root ledger_signature_invalid'],
    ['withhold-claims', 'without the entry'],
  ] as const)('keeps no receipt with %s', async (fault, words) => {
    const pending = await confidentialLedgerAdapter.stamp(request(), known());
    ledger.commit();
    ledger.fault = fault;
    const error = await witnessErrorOf(upgrade(pending.receipt, request(), known()));
    expect([error.code, error.detail]).toEqual(['witness_answer_invalid', expect.stringContaining(words)]);
  });

  it('does not take the receipt of another stamp', async () => {
    const receipt = await complete();
    const other = { kind: 'bytes', bytes: new TextEncoder().encode('another checkpoint') } as const;
    const report = await verifyLedgerReceipt(receipt, other, { services: [ledger.service] });
    expect(report.checks.flatMap(({ code }) => code ?? [])).toEqual(['ledger_stamp_mismatch']);
  });

  it.each([
    ['no way to be known', { accessToken: undefined }],
    [
      'two ways to be known',
      { accessToken: 'a', clientId: 'b', clientSecret: 'c', tokenEndpoint: 'https://d' },
    ],
    ['half an application', { accessToken: undefined, clientId: 'b' }],
    ['a key without its certificate', { accessToken: 'a', privateKey: '-----BEGIN PRIVATE KEY-----' }],
    ['a token in the clear', { url: 'http://ledger.example' }],
    ['a version that is a path', { apiVersion: '../..' }],
    ['a collection that is a query', { collection: 'a&b=c' }],
    ['a token with a line break', { accessToken: 'a\nb' }],
  ])('takes no settings with %s', (_, more) => {
    const base = { url: 'https://ledger.example', accessToken: 'a' };
    expect(confidentialLedgerAdapter.settings.safeParse(base).success).toBe(true);
    expect(confidentialLedgerAdapter.settings.safeParse({ ...base, ...more }).success).toBe(false);
  });
});
