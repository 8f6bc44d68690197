/**
 * A proof of inclusion (`tlog-proof@v1`). Our consoles write into its `extra` line what the leaf was made of, so that the
 * proof stands alone, and the link before, so that the record can be put beside it:
 *
 *   extra = entry (75 + length of the stream's name, in bytes) ‖ link before it (64 bytes)
 *
 * `extra` is unauthenticated: the entry counts because its hash is the proven leaf, and the link before it because it leads
 * with the record's digest to the entry's own link.
 */
import { equalBytes } from '@/lib/core/bytes';
import { formatDigest } from '@/lib/core/hash';
import { LINK_BYTES, nextLink, recordDigest } from '@/lib/integrity/chain';
import type { Check } from '@/lib/integrity/check';
import type { VerifiedCheckpoint } from '@/lib/integrity/checkpoint';
import { type Entry, formatEntry, parseEntry } from '@/lib/integrity/entry';
import { leafHash, verifyInclusion } from '@/lib/integrity/merkle';
import { parseTlogProof, type TlogProof } from '@/lib/integrity/tlog-proof';
import type { ArtefactRun } from './artefact-report';
import { checkSignedHead } from './verify-checkpoint-file';
import { checkRecord, readRecords, sayRecord } from './verify-record-file';

/** The signed head, the leaf under it, and the record beside it if it was dropped as well. */
export async function verifyProofFile(run: ArtefactRun, bytes: Uint8Array): Promise<void> {
  const parsed = parseTlogProof(bytes);
  if (!parsed.ok) {
    run.tell({
      id: 'proof.form',
      title: 'Form',
      verdict: 'invalid',
      code: parsed.code,
      compared: 'the text with the form of a proof of inclusion',
    });
    return;
  }
  const proof = parsed.value;
  run.say('Leaf', proof.index.toLocaleString('en'));
  const head = await checkSignedHead(run, proof.checkpoint, null);
  const leaf = readLeaf(proof.extra);
  if (leaf) {
    run.say('Stream', leaf.entry.stream, 'id');
    run.say('Position', leaf.entry.position.toLocaleString('en'));
    run.say('Link', formatDigest('blake2b-512', leaf.entry.link), 'id');
  }
  run.tell(checkLeaf(proof, head, leaf?.entry ?? null));
  await checkBeside(run, leaf);
}

interface Leaf {
  readonly entry: Entry;
  /** The link before the entry's own; null when the proof does not give it. */
  readonly before: Uint8Array | null;
}

/** The `extra` line that our proofs carry. */
export function formatLeaf(entry: Entry, before: Uint8Array): Uint8Array {
  const bytes = formatEntry(entry);
  const joined = new Uint8Array(bytes.length + before.length);
  joined.set(bytes);
  joined.set(before, bytes.length);
  return joined;
}

function readLeaf(extra: Uint8Array | undefined): Leaf | null {
  if (!extra) return null;
  const alone = parseEntry(extra);
  if (alone.ok) return { entry: alone.value, before: null };
  const entry = parseEntry(extra.subarray(0, Math.max(0, extra.length - LINK_BYTES)));
  return entry.ok ? { entry: entry.value, before: extra.slice(-LINK_BYTES) } : null;
}

function checkLeaf(proof: TlogProof, head: VerifiedCheckpoint | null, entry: Entry | null): Check {
  const base = {
    id: 'log.inclusion',
    title: 'Inclusion',
    compared: `the entry, hashed here, under the signed root by ${proof.hashes.length} hashes`,
    where: { index: proof.index, ...(entry ? { stream: entry.stream, position: entry.position } : {}) },
  };
  if (!entry) {
    return {
      ...base,
      verdict: 'not-checked',
      reason:
        'the proof does not say which entry it is of (its extra line has none of the form that consoles write)',
    };
  }
  if (!head) {
    const reason = 'the checkpoint in the proof is not one that a pinned key signed';
    return { ...base, verdict: 'not-checked', reason };
  }
  const verified = verifyInclusion({
    index: proof.index,
    size: head.size,
    leaf: leafHash(formatEntry(entry)),
    proof: proof.hashes,
    root: head.root,
  });
  return verified.ok ? { ...base, verdict: 'valid' } : { ...base, verdict: 'invalid', code: verified.code };
}

/** That a record dropped with the proof is the very one whose link is in the log. */
async function checkBeside(run: ArtefactRun, leaf: Leaf | null): Promise<void> {
  const records = await readRecords(run.context.companions);
  const base = {
    id: 'proof.record',
    title: 'Record',
    compared: 'the record dropped beside it with the link in the log',
  };
  if (records.length === 0) {
    run.note(
      'Which record it is of is named by place and link only. Drop the record beside the proof to tie both together.',
    );
    return;
  }
  if (!leaf?.before) {
    const reason = 'the proof does not give the link before the record, from which its own follows';
    run.tell({ ...base, verdict: 'not-checked', reason });
    return;
  }
  const { entry, before } = leaf;
  const own = records.find((bytes) =>
    equalBytes(nextLink(before, entry.position, recordDigest(bytes)), entry.link),
  );
  const where = { stream: entry.stream, position: entry.position };
  if (!own) {
    const computed = formatDigest(
      'blake2b-512',
      nextLink(before, entry.position, recordDigest(records[0] as Uint8Array)),
    );
    const expected = formatDigest('blake2b-512', entry.link);
    run.tell({ ...base, verdict: 'invalid', code: 'link_mismatch', where, expected, computed });
    return;
  }
  run.tell({ ...base, verdict: 'valid', where });
  const payload = await checkRecord(run, own);
  if (payload) sayRecord(run, payload);
}
