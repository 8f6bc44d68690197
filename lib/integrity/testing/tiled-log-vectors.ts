/**
 * A real tlog-tiles log (transparency-dev/tessera): each of its checkpoints is verified, its entries are hashed into the
 * published tile and root, and every leaf is proved from that tile. Tests only.
 */
import { equalBytes } from '@/lib/core/bytes';
import { readText, type VectorCase, type VectorFiles } from '@/lib/core/testing/vector-case';
import { type VerifiedCheckpoint, verifyCheckpoint } from '../checkpoint';
import { EMPTY_ROOT, inclusionProof, leafHash, treeRoot, verifyInclusion } from '../merkle';
import { parseNoteKey } from '../note-key';
import { createTileReader, formatTile, formatTilePath, parseEntryBundle, parseTile } from '../tile';

const LOG = 'tlog/tessera/log';
const ORIGIN = 'example.com/log/testdata';

export function listTiledLogVectors(files: VectorFiles): VectorCase[] {
  const sizes = files
    .listFiles(LOG)
    .flatMap((name) => /^checkpoint\.([0-9]+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  return sizes.map((size) => ({
    name: `checkpoint ${size}: signature, entries, tile, root, every leaf`,
    expect: `valid at size ${size}`,
    run: () => judgeCheckpoint(files, size),
  }));
}

function judgeCheckpoint(files: VectorFiles, size: number): string {
  const logKey = parseNoteKey(readText(files, 'tlog/tessera/vkey.txt').trim());
  if (!logKey.ok) return logKey.code;
  const checkpoint = verifyCheckpoint(files.readFile(`${LOG}/checkpoint.${size}`), {
    origin: ORIGIN,
    logKey: logKey.value,
  });
  if (!checkpoint.ok) return checkpoint.code;
  const fault =
    checkpoint.value.size === 0 ? judgeEmpty(checkpoint.value) : judgeTree(files, checkpoint.value);
  return fault ?? `valid at size ${checkpoint.value.size}`;
}

function judgeEmpty({ root }: VerifiedCheckpoint): string | null {
  return equalBytes(root, EMPTY_ROOT) ? null : 'another root than that of no leaves';
}

function judgeTree(files: VectorFiles, { size, root }: VerifiedCheckpoint): string | null {
  const bundle = parseEntryBundle(files.readFile(`${LOG}/${formatTilePath('entries', 0, size)}`), size);
  if (!bundle.ok) return bundle.code;
  const bytes = files.readFile(`${LOG}/${formatTilePath(0, 0, size)}`);
  const tile = parseTile(bytes, size);
  if (!tile.ok) return tile.code;
  if (!equalBytes(formatTile(bundle.value.map(leafHash)), bytes)) return 'another tile than the published';
  const getNode = createTileReader(size, () => bytes);
  if (!equalBytes(treeRoot(size, getNode), root)) return 'another root than the published';
  const unproved = tile.value.findIndex((leaf, index) => {
    const proof = inclusionProof(index, size, getNode);
    return !proof.ok || !verifyInclusion({ index, size, leaf, proof: proof.value, root }).ok;
  });
  return unproved === -1 ? null : `leaf ${unproved} is not proved`;
}
