import { decodeUtf8 } from '@/lib/core/bytes';
import { isJsonObject, parseJson } from '@/lib/core/json';
import { parseEnvelope } from '@/lib/integrity/dsse';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import type { EvidenceSource, VerifiedPoint } from '../evidence-source';

/** Records of a stream as they are now, both positions included. @throws what the source throws */
export async function readRecords(
  source: Pick<EvidenceSource, 'records'>,
  stream: string,
  from: number,
  to: number,
): Promise<ChainRecord[]> {
  const records: ChainRecord[] = [];
  for await (const record of source.records(stream, from, to)) {
    records.push(record);
    if (records.length > to - from) break;
  }
  return records;
}

/** A record taken as given: its link and its counter are where a walk begins. Null when it cannot be read. */
export function pointOf(record: ChainRecord | undefined): VerifiedPoint | null {
  if (!record) return null;
  const envelope = parseEnvelope(record.bytes);
  const text = envelope.ok ? decodeUtf8(envelope.value.payload) : envelope;
  const json = text.ok ? parseJson(text.value) : text;
  const seq = json.ok && isJsonObject(json.value) ? json.value.seq : undefined;
  if (typeof seq !== 'number') return null;
  return { position: record.position, link: record.link, sequence: { last: seq, holes: [] } };
}
