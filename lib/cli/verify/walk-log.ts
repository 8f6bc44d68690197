import { equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { checkCheckpoint, type LogTrust } from '@/lib/evidence/verify-log';
import type { Check } from '@/lib/integrity/check';
import { appendLeaves, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import { parseEntry } from '@/lib/integrity/entry';
import { leafHash } from '@/lib/integrity/merkle';
import { formatTilePath, parseEntryBundle, TILE_WIDTH } from '@/lib/integrity/tile';

export interface LogWalk {
  checks: Check[];
  /** Entries under the checkpoint. */
  size: number;
  /** Bytes of checkpoint and entry bundles. */
  bytes: number;
  /** The link that the log holds for each position: `link(stream, position)`, lower-case hex. */
  links: Map<string, Map<number, string>>;
}

/**
 * Reads a whole log with plain GETs (C2SP tlog-tiles), rebuilds its tree from the entries alone and compares the root
 * with the signed checkpoint. Nothing the console computes is believed.
 * @param get answers a path below `/log/`
 */
export async function walkLog(get: (path: string) => Promise<Uint8Array>, trust: LogTrust): Promise<LogWalk> {
  const note = await get('/log/checkpoint');
  const { check, checkpoint } = checkCheckpoint(note, trust);
  const links: LogWalk['links'] = new Map();
  if (!checkpoint) return { checks: [check], size: 0, bytes: note.length, links };
  let edge = EMPTY_EDGE;
  let bytes = note.length;
  let unreadable: number | null = null;
  for (let n = 0; n * TILE_WIDTH < checkpoint.size; n++) {
    const width = Math.min(TILE_WIDTH, checkpoint.size - n * TILE_WIDTH);
    const bundle = await get(`/log/${formatTilePath('entries', n, width)}`);
    bytes += bundle.length;
    const entries = parseEntryBundle(bundle, width);
    if (!entries.ok) {
      unreadable ??= n * TILE_WIDTH;
      continue;
    }
    edge = appendLeaves(edge, entries.value.map(leafHash));
    for (const [offset, raw] of entries.value.entries()) {
      const entry = parseEntry(raw);
      if (!entry.ok) {
        unreadable ??= n * TILE_WIDTH + offset;
        continue;
      }
      const { stream, position, link } = entry.value;
      const known = links.get(stream) ?? new Map<number, string>();
      known.set(position, formatHex(link));
      links.set(stream, known);
    }
  }
  const root = edgeRoot(edge);
  const whole = unreadable === null && edge.size === checkpoint.size && equalBytes(root, checkpoint.root);
  const compared = `${checkpoint.size} entries hashed into a tree of their own, its root with the signed one`;
  const rebuilt: Check = whole
    ? { id: 'log.root', title: 'Whole log', verdict: 'valid', compared }
    : {
        id: 'log.root',
        title: 'Whole log',
        verdict: 'invalid',
        code: unreadable === null ? 'root_mismatch' : 'entry_syntax',
        compared,
        expected: formatHex(checkpoint.root),
        computed: formatHex(root),
        ...(unreadable === null ? {} : { where: { index: unreadable } }),
      };
  return { checks: [check, rebuilt], size: checkpoint.size, bytes, links };
}
