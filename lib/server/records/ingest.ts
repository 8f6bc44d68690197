import { nowMs } from '../clock';
import { countTelemetry } from '../telemetry/telemetry';
import { enqueueAppend } from './append-queue';
import { checkRecord, parseSubmission, type Submission } from './check-record';
import { findProducerKeys } from './find-producer-keys';
import { type RecordResult, refused } from './record-result';

/** Limits a call to one producer's records; null where only the records' own signatures speak. */
export type ProducerScope = { producer: string } | null;

/**
 * Checks, chains and stores envelopes exactly as they arrived; each record's own signature is its authentication.
 * Records of one stream keep their order. Resolves once every accepted record is durable.
 * @param envelopes DSSE envelopes, at most 64 KiB each
 * @returns one result per envelope, in order
 * @throws the database's error when the producers' keys cannot be read
 */
export async function ingestRecords(
  scope: ProducerScope,
  envelopes: readonly Uint8Array[],
  { nowMs: now = nowMs() }: { nowMs?: number } = {},
): Promise<RecordResult[]> {
  const parsed = envelopes.map(parseSubmission);
  const keyids = new Set<string>();
  for (const envelope of parsed)
    if (envelope.ok) for (const { keyid } of envelope.value.signatures) keyids.add(keyid);
  const keys = await findProducerKeys(keyids);
  const results: RecordResult[] = new Array(envelopes.length);
  const streams = new Map<string, { index: number; submission: Submission }[]>();
  const checked = await Promise.all(
    parsed.map((envelope) => (envelope.ok ? checkRecord(envelope.value, keys, now) : envelope)),
  );
  checked.forEach((check, index) => {
    if (!check.ok) {
      results[index] = refused(check.code, check.detail);
      return;
    }
    const submission = check.value;
    if (scope && submission.producer !== scope.producer) {
      results[index] = refused('stream_foreign');
      return;
    }
    const name = `${submission.producer}\n${submission.stream}`;
    const group = streams.get(name);
    if (group) group.push({ index, submission });
    else streams.set(name, [{ index, submission }]);
  });
  await Promise.all(
    Array.from(streams.values(), async (group) => {
      const answers = await enqueueAppend(group.map(({ submission }) => submission));
      group.forEach(({ index }, n) => {
        results[index] = answers[n] as RecordResult;
      });
    }),
  );
  for (const result of results)
    countTelemetry('countersign.records', {
      status: result.status,
      ...(result.status === 'refused' ? { code: result.code } : {}),
    });
  return results;
}
