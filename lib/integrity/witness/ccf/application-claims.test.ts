import { describe, expect, it } from 'vitest';
import { formatHex } from '@/lib/core/encoding';
import { digestClaims, parseApplicationClaims } from '@/lib/integrity/witness/ccf/application-claims';

const ENTRY = {
  protocol: 'LedgerEntryV1',
  collectionId: 'subledger:0',
  contents: 'Hello world',
  secretKey: 'Jde/VvaIfyrjQ/B19P+UJCBwmcrgN7sERStoyHnYO0M=',
};
const DIGEST = { protocol: 'LedgerEntryV1', value: '00'.repeat(32) };

function digestOf(value: Parameters<typeof parseApplicationClaims>[0]): string {
  const claims = parseApplicationClaims(value);
  return claims.ok ? formatHex(digestClaims(claims.value)) : claims.code;
}

describe('application claims', () => {
  it('give the digest of the worked example, in either spelling', () => {
    const expected = 'd08d8764437d09b2d4d07d52293cddaf40f44a3ea2176a0528819a80002df9f6';
    const { collectionId: collection_id, secretKey: secret_key, ...rest } = ENTRY;
    expect(digestOf([{ kind: 'LedgerEntry', ledgerEntry: ENTRY }])).toBe(expected);
    expect(digestOf([{ kind: 'LedgerEntry', ledger_entry: { ...rest, collection_id, secret_key } }])).toBe(
      expected,
    );
  });

  it('are bound in number and order', () => {
    const [entry, digest] = [
      { kind: 'LedgerEntry', ledgerEntry: ENTRY },
      { kind: 'ClaimDigest', digest: DIGEST },
    ];
    const digests = [[entry], [digest], [entry, digest], [digest, entry], [entry, entry]].map(digestOf);
    expect(new Set(digests).size).toBe(5);
    expect(digests.every((one) => /^[0-9a-f]{64}$/.test(one))).toBe(true);
  });

  it.each([
    ['another protocol', [{ kind: 'LedgerEntry', ledgerEntry: { ...ENTRY, protocol: 'LedgerEntryV2' } }]],
    ['a key with stray bits', [{ kind: 'LedgerEntry', ledgerEntry: { ...ENTRY, secretKey: 'AB==' } }]],
    ['contents that are no text', [{ kind: 'LedgerEntry', ledgerEntry: { ...ENTRY, contents: 1 } }]],
    ['a digest of another length', [{ kind: 'ClaimDigest', digest: { ...DIGEST, value: '00' } }]],
    ['no list', { kind: 'ClaimDigest', digest: DIGEST }],
    ['claims without number', Array(257).fill({ kind: 'ClaimDigest', digest: DIGEST })],
  ])('refuse %s', (_, value) => {
    expect(digestOf(value)).toBe('ledger_claims');
  });
});
