/** C2SP tlog-proof@v1: the offline receipt of one entry. */
import { isIncluded } from './merkle-tree';
import { type Checkpoint, readCheckpoint, type Verifier } from './signed-note';

/** The index under which `leaf` stands in the signed tree; throws a sentence otherwise. */
export function readTlogProof(
  proof: Uint8Array,
  leaf: Uint8Array,
  log: Verifier,
): { index: bigint; checkpoint: Checkpoint } {
  const text = Buffer.from(proof).toString('utf8');
  const gap = text.indexOf('\n\n');
  const lines = text.slice(0, gap).split('\n');
  if (lines.shift() !== 'c2sp.org/tlog-proof@v1') throw new Error('not a tlog-proof');
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const index = /^index (0|[1-9][0-9]*)$/.exec(lines.shift() ?? '');
  if (!index) throw new Error('no index');
  const checkpoint = readCheckpoint(Buffer.from(text.slice(gap + 2)), log);
  const path = lines.map((line) => Buffer.from(line, 'base64'));
  const at = BigInt(index[1] as string);
  if (!isIncluded(leaf, at, checkpoint.size, path, checkpoint.root)) throw new Error('not in the tree');
  return { index: at, checkpoint };
}
