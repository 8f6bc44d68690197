/** The reference is itself held to the published proofs, with whole 64-bit numbers where `lib/integrity` refuses them. */
import { expect, it } from 'vitest';
import { describeVectors } from '@/lib/core/testing/published-vectors';
import { vectorFolder } from '@/lib/core/testing/vector-folder';
import { readProbes } from '@/lib/integrity/testing/merkle-vectors';
import { isConsistent, isIncluded } from './merkle-tree';

const hash = (text: unknown): Buffer => Buffer.from(typeof text === 'string' ? text : '', 'base64');

/**
 * From the empty tree everything follows and nothing needs proof; transparency-dev/merkle refuses any such proof, which is a
 * rule of theirs and not of RFC 9162. `lib/integrity` sides with them.
 */
const isTheOddOne = (probe: Record<string, unknown>): boolean =>
  probe.size1 === 0 && probe.wantErr === true && ((probe.proof as unknown[] | null) ?? []).length === 0;

describeVectors('tlog/merkle', 'the reference and the published proofs', () => {
  it('agree on every inclusion proof', () => {
    const probes = readProbes(vectorFolder, 'inclusion.jsonl');
    const wrong = probes.filter(({ leafHash, leafIdx, treeSize, proof, root, wantErr }) => {
      const size = BigInt(treeSize as number | string);
      const included = isIncluded(
        hash(leafHash),
        BigInt(leafIdx as number | string),
        size,
        (proof ?? []).map(hash),
        hash(root),
      );
      return included === wantErr;
    });
    expect(probes.length).toBeGreaterThan(30);
    expect(wrong.map(({ path }) => path)).toEqual([]);
    expect(probes.filter(({ leafIdx }) => typeof leafIdx === 'string').length).toBeGreaterThan(0);
  });

  it('agree on every consistency proof but the odd one', () => {
    const probes = readProbes(vectorFolder, 'consistency.jsonl');
    const wrong = probes.filter((probe) => {
      const { size1, size2, root1, root2, proof, wantErr } = probe;
      const consistent = isConsistent(
        BigInt(size1 as number | string),
        BigInt(size2 as number | string),
        hash(root1),
        hash(root2),
        (proof ?? []).map(hash),
      );
      return consistent === wantErr && !isTheOddOne(probe);
    });
    expect(probes.length).toBeGreaterThan(30);
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});
