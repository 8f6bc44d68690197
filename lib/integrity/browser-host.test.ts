import { afterEach, describe, expect, it, vi } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { signEnvelope } from '@/lib/integrity/dsse';
import { leafHash } from '@/lib/integrity/merkle';
import { formatTlogProof } from '@/lib/integrity/tlog-proof';

const seed = new Uint8Array(32).fill(1);
const STREAM = 'spiffe://example.org/agent/a';

afterEach(() => {
  vi.doUnmock('@/lib/core/node-builtins');
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** Loads modules afresh as a host without Node's crypto and Buffer would. */
async function loadInBrowser<T>(load: () => Promise<T>): Promise<T> {
  vi.resetModules();
  vi.doMock('@/lib/core/node-builtins', () => ({
    nodeCrypto: undefined,
    nodeBuffer: undefined,
    plainBytes: () => {
      throw new Error('a browser has no Buffer to convert');
    },
  }));
  return load();
}

describe.each([
  ['with WebCrypto', false],
  ['whose WebCrypto has no Ed25519', true],
])('a host without Node’s crypto, %s', (_, withoutEd25519) => {
  it('verifies what Node signed, and names what was changed', async () => {
    if (withoutEd25519) {
      const refuse = () => Promise.reject(new DOMException('no Ed25519', 'NotSupportedError'));
      vi.stubGlobal('crypto', { subtle: { importKey: refuse } });
    }
    let link = genesisLink(STREAM);
    const records = [1, 2, 3].map((position) => {
      const bytes = signEnvelope(utf8(JSON.stringify({ stream: STREAM, seq: position })), 'k1', seed);
      link = nextLink(link, position, recordDigest(bytes));
      return { position, bytes, link };
    });
    const { createChainWalk } = await loadInBrowser(() => import('@/lib/integrity/walk-chain'));
    const keys = [{ keyid: 'k1', publicKey: publicKeyOf(seed) }];
    const start = { stream: STREAM, fromPosition: 0, fromLink: genesisLink(STREAM), keys };
    const honest = createChainWalk(start);
    for (const record of records) expect(await honest.push(record)).toEqual([]);
    expect((await honest.finish()).map(({ verdict }) => verdict)).toEqual(['valid', 'valid', 'valid']);

    const changed = createChainWalk({
      ...start,
      keys: [{ keyid: 'k1', publicKey: publicKeyOf(new Uint8Array(32).fill(2)) }],
    });
    const findings = await changed.push(records[0] as (typeof records)[number]);
    expect(findings.map(({ code }) => code)).toEqual(['signature_invalid']);
  });
});

describe('a host without Node’s crypto', () => {
  it('verifies a receipt and signs the same bytes', async () => {
    const log = { name: 'example.com/log', seed };
    const leaf = leafHash(utf8('entry'));
    const checkpoint = signCheckpoint({ origin: log.name, size: 1, root: leaf }, log);
    const proof = formatTlogProof({ index: 0, hashes: [], checkpoint });
    const tlogProof = await loadInBrowser(() => import('@/lib/integrity/tlog-proof'));
    const trust = { leaf, origin: log.name, logKey: checkpointKeyOf(log) };
    expect(tlogProof.verifyTlogProof(proof, trust)).toMatchObject({ ok: true, value: { index: 0 } });
    expect(tlogProof.verifyTlogProof(proof, { ...trust, leaf: leafHash(utf8('other')) })).toMatchObject({
      ok: false,
    });
    const portable = await import('@/lib/integrity/checkpoint');
    expect(portable.signCheckpoint({ origin: log.name, size: 1, root: leaf }, log)).toEqual(checkpoint);
    expect(portable.checkpointKeyOf(log)).toEqual(checkpointKeyOf(log));
  });
});
