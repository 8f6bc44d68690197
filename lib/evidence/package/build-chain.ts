import { genesisLink, recordDigest } from '@/lib/integrity/chain';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import { type ChainSegment, type ChainStep, MAX_BRIDGE, type PackageChain } from './chain-file';

/** A stored record with when the console accepted it. */
export interface StoredRecord extends ChainRecord {
  acceptedAt: string;
}

/** Reads a stream's records, both positions included, in order. */
export type RecordReader = (stream: string, from: number, to: number) => AsyncIterable<StoredRecord>;

/**
 * The chain of one stream for a package that includes the records at `positions`: near ones are joined by the digests of
 * the records between, and each segment begins after the link of the record before its first.
 * @throws when a record that must be there is not
 */
export async function buildChain(
  stream: { stream: string; producer: string; head: number },
  positions: Iterable<number>,
  read: RecordReader,
): Promise<PackageChain> {
  const included = new Set(positions);
  const sorted = [...included].sort((a, b) => a - b);
  const ranges: { from: number; to: number }[] = [];
  for (const position of sorted) {
    const last = ranges.at(-1);
    if (last && position - last.to - 1 <= MAX_BRIDGE) last.to = position;
    else ranges.push({ from: position, to: position });
  }
  const segments: ChainSegment[] = [];
  for (const { from, to } of ranges) {
    let after = { position: 0, link: genesisLink(stream.stream) };
    const steps: ChainStep[] = [];
    for await (const record of read(stream.stream, Math.max(1, from - 1), to)) {
      if (record.position < from) {
        after = { position: record.position, link: record.link };
        continue;
      }
      steps.push({
        digest: recordDigest(record.bytes),
        included: included.has(record.position) ? { link: record.link, acceptedAt: record.acceptedAt } : null,
      });
    }
    if (after.position !== from - 1 || steps.length !== to - from + 1)
      throw new Error(`records of a stream are missing between ${from - 1} and ${to}`);
    segments.push({ after, steps });
  }
  return { ...stream, segments };
}
