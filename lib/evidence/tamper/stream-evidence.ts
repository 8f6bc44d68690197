import { parseBase64url } from '@/lib/core/encoding';
import { LINK_BYTES } from '@/lib/integrity/chain';
import type { Check } from '@/lib/integrity/check';
import { formatEntry } from '@/lib/integrity/entry';
import { parseEntryBundle, TILE_WIDTH } from '@/lib/integrity/tile';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import type { EvidenceSource, InclusionEvidence, LogSource, VerifiedPoint } from '../evidence-source';
import type { TenantMaterial } from '../verification-material';
import { checkCheckpoint, checkInclusion, type LogTrust } from '../verify-log';
import { verifyStream } from '../verify-stream';
import { pointOf, readRecords } from './read-records';

/** The last records of a stream that a checkpoint covers, with what the log says of the newest of them, in memory. */
export interface StreamEvidence {
  stream: string;
  keys: TenantMaterial['streams'][number]['keys'];
  log: LogTrust;
  start: VerifiedPoint | null;
  records: readonly ChainRecord[];
  inclusion: InclusionEvidence;
  /** The log's entry of the newest record, as its bundle holds it. */
  entry: Uint8Array;
}

const RECORDS = 20;

/**
 * Reads the end of a stream and its place in the log.
 * @returns null while no checkpoint covers any of it
 * @throws what the source throws
 */
export async function captureStream(
  stream: TenantMaterial['streams'][number] & { integrated: number },
  log: LogTrust,
  source: EvidenceSource & LogSource,
): Promise<StreamEvidence | null> {
  const last = stream.integrated;
  if (last === 0) return null;
  const before = Math.max(0, last - RECORDS);
  const records = await readRecords(source, stream.stream, Math.max(1, before), last);
  const start = before === 0 ? null : pointOf(records.shift());
  const inclusion = await source.inclusion(stream.stream, last);
  if (!inclusion) return null;
  const n = Math.floor(inclusion.index / TILE_WIDTH);
  const width = Math.min(TILE_WIDTH, inclusion.size - n * TILE_WIDTH);
  const bundle = parseEntryBundle(await source.entries(n, width), width);
  const entry = bundle.ok ? bundle.value[inclusion.index % TILE_WIDTH] : undefined;
  if (!entry) throw new Error('the log serves no entry for the newest record of this stream');
  const { keys } = stream;
  return { stream: stream.stream, keys, log, start, records, inclusion, entry };
}

/** The checks of the end of a stream and of its place in the log, over evidence in memory. */
export async function verifyStreamEvidence(evidence: StreamEvidence): Promise<Check[]> {
  const { stream, log, start, records, inclusion } = evidence;
  const newest = Math.max(0, ...records.map(({ position }) => position));
  const report = await verifyStream(
    {
      stream,
      to: newest,
      start,
      keys: evidence.keys.flatMap(({ keyid, publicKey }) => {
        const bytes = parseBase64url(publicKey);
        return bytes.ok ? [{ keyid, publicKey: bytes.value }] : [];
      }),
      keepLinks: new Set([newest]),
    },
    {
      async *records() {
        yield* records;
      },
    },
  );
  const { check, checkpoint } = checkCheckpoint(inclusion.checkpoint, log);
  const checks = [...report.checks, entryForm(evidence, newest), check];
  const link = report.links.get(newest);
  if (!checkpoint || !link) return checks;
  checks.push(
    checkInclusion({ stream, position: newest, link }, inclusion, checkpoint, {
      id: 'log.inclusion',
      title: 'Inclusion',
    }),
  );
  return checks;
}

/** That the entry is, byte for byte, the one that the record's own link makes. */
function entryForm({ stream, records, entry }: StreamEvidence, newest: number): Check {
  const record = records.find(({ position }) => position === newest);
  const own =
    record && record.link.length === LINK_BYTES
      ? formatEntry({ stream, position: newest, link: record.link })
      : null;
  const base = {
    id: 'log.entry',
    title: 'Entry',
    compared: "the log's entry of the newest record with the one rebuilt from its link, byte by byte",
    where: { stream, position: newest },
  };
  const same = own?.length === entry.length && own.every((byte, i) => byte === entry[i]);
  return same ? { ...base, verdict: 'valid' } : { ...base, verdict: 'invalid', code: 'entry_mismatch' };
}
