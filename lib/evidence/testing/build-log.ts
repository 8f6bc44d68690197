import { formatBase64url } from '@/lib/core/encoding';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash, nodeHash, treeRoot } from '@/lib/integrity/merkle';
import { formatNoteKey } from '@/lib/integrity/note-key';
import { formatEntryBundle, formatTile, TILE_WIDTH, tileNodes } from '@/lib/integrity/tile';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import type { EvidenceSource, LogSource } from '../evidence-source';
import type { TenantMaterial } from '../verification-material';
import { STREAM_KEYS } from './build-stream';

const signer = { name: 'console.test/log', seed: new Uint8Array(32).fill(4) };
export const LOG = { origin: signer.name, vkey: formatNoteKey(checkpointKeyOf(signer)) };

export interface LogEntry {
  stream: string;
  position: number;
  link: Uint8Array;
}

/** The entries of these streams, taken in turn, as a sequencer would find them. */
export function interleave(streams: ReadonlyMap<string, readonly ChainRecord[]>): LogEntry[] {
  const entries: LogEntry[] = [];
  const longest = Math.max(...[...streams.values()].map(({ length }) => length));
  for (let i = 0; i < longest; i++)
    for (const [stream, records] of streams) {
      const record = records[i];
      if (record) entries.push({ stream, position: record.position, link: record.link });
    }
  return entries;
}

/** The root over the first `size` entries. */
export function rootOf(entries: readonly LogEntry[], size = entries.length): Uint8Array {
  return treeRoot(size, createGetNode(entries));
}

function createGetNode(entries: readonly LogEntry[]) {
  const known = new Map<string, Uint8Array>();
  return function getNode(level: number, index: number): Uint8Array {
    const name = `${level}/${index}`;
    const made =
      known.get(name) ??
      (level === 0
        ? leafHash(formatEntry(entries[index] as LogEntry))
        : nodeHash(getNode(level - 1, index * 2), getNode(level - 1, index * 2 + 1)));
    known.set(name, made);
    return made;
  };
}

/**
 * A log over these entries, signed, and the streams' records: everything that "verify everything" reads. What is stored
 * can be changed afterwards; `signed` is what the log committed to.
 */
export function logSource(
  streams: ReadonlyMap<string, readonly ChainRecord[]>,
  entries: readonly LogEntry[],
  signed: readonly LogEntry[] = entries,
): Pick<EvidenceSource, 'records'> & LogSource {
  const getNode = createGetNode(signed);
  return {
    async *records(stream, from, to) {
      for (const record of streams.get(stream) ?? [])
        if (record.position >= from && record.position <= to) yield record;
    },
    checkpoint: async () =>
      signCheckpoint({ origin: LOG.origin, size: signed.length, root: rootOf(signed) }, signer),
    tile: async (tile) => formatTile(tileNodes(tile).map(({ level, index }) => getNode(level, index))),
    entries: async (n, width) =>
      formatEntryBundle(entries.slice(n * TILE_WIDTH, n * TILE_WIDTH + width).map(formatEntry)),
  };
}

/** What a console says of its streams and its log. */
export function tenantMaterial(streams: ReadonlyMap<string, readonly ChainRecord[]>): TenantMaterial {
  return {
    log: LOG,
    streams: [...streams].map(([stream, records]) => ({
      stream,
      producer: stream,
      head: records.length,
      keys: STREAM_KEYS.map(({ keyid, publicKey }) => ({
        keyid,
        publicKey: formatBase64url(publicKey),
        validFrom: '2026-11-01T00:00:00.000Z',
        retiredAt: null,
      })),
    })),
  };
}
