import type { PersonClient } from '@/lib/cli/person-client';
import { createHttpSource } from '@/lib/client/verification/http-source';
import { decodeUtf8 } from '@/lib/core/bytes';
import { formatHex, parseBase64url } from '@/lib/core/encoding';
import { isJsonObject, parseJson } from '@/lib/core/json';
import { integrityView } from '@/lib/evidence/integrity-view';
import { verifyStream } from '@/lib/evidence/verify-stream';
import type { Check } from '@/lib/integrity/check';
import { MAX_RECORD_BYTES, parseEnvelope } from '@/lib/integrity/dsse';
import type { LogWalk } from './walk-log';

export interface TenantReport {
  checks: Check[];
  /** All records, and the decisions among them. */
  records: number;
  decisions: number;
  bytes: number;
}

/**
 * Walks every stream of the signed-in person's tenant to its head: signatures, counters, links, and that the log holds
 * the link of every record it covers. Needs a role that may read records.
 */
export async function verifyTenant(person: PersonClient, log: LogWalk): Promise<TenantReport> {
  const view = await person.request('GET', '/api/v1/integrity', integrityView);
  const source = createHttpSource({ get: (path) => person.stream(path) });
  const report: TenantReport = { checks: [], records: 0, decisions: 0, bytes: 0 };
  for (const stream of view.streams) {
    const held = log.links.get(stream.stream);
    let covered = 0;
    let differing: number | null = null;
    const keys = stream.keys.flatMap(({ keyid, publicKey }) => {
      const bytes = parseBase64url(publicKey);
      return bytes.ok ? [{ keyid, publicKey: bytes.value }] : [];
    });
    const walked = await verifyStream(
      { stream: stream.stream, to: stream.head, keys, start: null },
      {
        async *records(name, from, to) {
          for await (const record of source.records(name, from, to)) {
            const link = held?.get(record.position);
            if (link !== undefined) {
              covered++;
              if (link !== formatHex(record.link)) differing ??= record.position;
            }
            if (isDecision(record.bytes)) report.decisions++;
            yield record;
          }
        },
      },
    );
    report.checks.push(...walked.checks, inLog(stream.stream, covered, held?.size ?? 0, differing));
    report.records += walked.records;
    report.bytes += walked.bytes;
  }
  return report;
}

function isDecision(bytes: Uint8Array): boolean {
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) return false;
  const text = decodeUtf8(envelope.value.payload);
  const payload = text.ok ? parseJson(text.value, { maxBytes: MAX_RECORD_BYTES }) : text;
  return payload.ok && isJsonObject(payload.value) && payload.value.kind === 'decision';
}

function inLog(stream: string, covered: number, entries: number, differing: number | null): Check {
  const base = {
    id: 'log.streams',
    title: 'Log and stream',
    compared: `${covered} links of the stream with the log's entries`,
  };
  if (differing !== null)
    return { ...base, verdict: 'invalid', code: 'link_mismatch', where: { stream, position: differing } };
  if (covered !== entries) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'entry_without_record',
      where: { stream },
      expected: String(entries),
      computed: String(covered),
    };
  }
  return { ...base, verdict: 'valid', where: { stream } };
}
