/** Reads a whole log as C2SP tlog-tiles says, with plain GETs, and believes nothing but its own hashing. */
import { hashLeaf, hashNode, treeHead } from './merkle-tree';
import { type Checkpoint, readCheckpoint, type Verifier } from './signed-note';

export type Get = (path: string) => Promise<{ status: number; body: Buffer }>;

/** `tile/<level>/<n in groups of three>[.p/<width>]` */
export function tilePath(level: number | 'entries', n: number, width: number): string {
  let groups = String(n % 1000).padStart(3, '0');
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups = `x${String(rest % 1000).padStart(3, '0')}/${groups}`;
  }
  return `tile/${level}/${groups}${width === 256 ? '' : `.p/${width}`}`;
}

export interface OutsideView {
  checkpoint: Checkpoint;
  entries: Buffer[];
  leaves: Buffer[];
  /** Every tile that the size implies was fetched and holds the hashes of the level below. */
  tiles: number;
}

async function getFound(get: Get, path: string): Promise<Buffer> {
  const { status, body } = await get(`/log/${path}`);
  if (status !== 200) throw new Error(`${path} answered ${status}`);
  return body;
}

/** Throws a sentence at the first thing that does not fit. */
export async function readWholeLog(get: Get, log: Verifier): Promise<OutsideView> {
  const checkpoint = readCheckpoint(await getFound(get, 'checkpoint'), log);
  const size = Number(checkpoint.size);
  const entries: Buffer[] = [];
  for (let n = 0; n * 256 < size; n++) {
    const width = Math.min(256, size - n * 256);
    const bundle = await getFound(get, tilePath('entries', n, width));
    let at = 0;
    for (let i = 0; i < width; i++) {
      const length = bundle.readUInt16BE(at);
      entries.push(bundle.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    if (at !== bundle.length) throw new Error(`bundle ${n} has bytes left over`);
  }
  const leaves = entries.map(hashLeaf);
  if (!treeHead(leaves).equals(checkpoint.root))
    throw new Error('the entries do not hash to the signed root');
  let tiles = 0;
  for (let level = 0, below = leaves; below.length > 0; level++) {
    const roots: Buffer[] = [];
    for (let n = 0; n * 256 < below.length; n++) {
      const hashes = below.slice(n * 256, n * 256 + 256);
      const tile = await getFound(get, tilePath(level, n, hashes.length));
      if (!tile.equals(Buffer.concat(hashes))) throw new Error(`tile ${level}/${n} holds other hashes`);
      tiles++;
      if (hashes.length === 256) roots.push(perfectRoot(hashes));
    }
    below = roots;
  }
  return { checkpoint, entries, leaves, tiles };
}

function perfectRoot(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0] as Buffer;
  const half = hashes.length / 2;
  return hashNode(perfectRoot(hashes.slice(0, half)), perfectRoot(hashes.slice(half)));
}
