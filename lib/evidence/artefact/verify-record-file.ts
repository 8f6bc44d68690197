import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import { readRecord } from '@/lib/decisions/read-record';
import { decisionBody, type RecordOrigin, type RecordPayload } from '@/lib/decisions/record-payload';
import { reviewBody } from '@/lib/escalations/record-bodies';
import type { Check } from '@/lib/integrity/check';
import { type Envelope, MAX_RECORD_BYTES, parseEnvelope, verifyEnvelopeAsync } from '@/lib/integrity/dsse';
import { checkOrigin, describeOrigin } from '../check-origin';
import { formatRoot } from '../find-root';
import type { TrustRootOf } from '../trust/trust-root';
import { type ArtefactFile, readWhole } from './artefact-file';
import type { ArtefactRun } from './artefact-report';

/** A record as it arrived: its form, the pinned key of its stream, when that key could sign; the rest in plain words. */
export async function verifyRecordFile(run: ArtefactRun, bytes: Uint8Array): Promise<void> {
  const payload = await checkRecord(run, bytes);
  if (!payload) return;
  sayRecord(run, payload);
  run.note(
    'A record alone does not show its place: that nothing before it is missing is shown by its stream, that others saw it by the log. Drop its proof beside it, or the evidence package.',
  );
}

/** The lines of one record, and its payload when its form is right. */
export async function checkRecord(run: ArtefactRun, bytes: Uint8Array): Promise<RecordPayload | null> {
  const base = { id: 'record.form', title: 'Form', compared: 'the bytes with the form of a signed record' };
  const envelope = parseEnvelope(bytes);
  if (!envelope.ok) {
    run.tell({ ...base, verdict: 'invalid', code: envelope.code });
    return null;
  }
  const read = readRecord({ envelope: formatBase64(bytes) });
  if (!read.ok) {
    run.tell({
      ...base,
      verdict: 'invalid',
      code: read.code,
      ...(read.detail ? { reason: read.detail } : {}),
    });
    return null;
  }
  run.tell({ ...base, verdict: 'valid' });
  run.tell(await checkSignature(run, envelope.value, read.value.payload));
  const origin = readOrigin(read.value.payload);
  if (origin)
    run.tell(checkOrigin(origin, read.value.payload.producer, { stream: read.value.payload.stream }));
  return read.value.payload;
}

async function checkSignature(run: ArtefactRun, envelope: Envelope, payload: RecordPayload): Promise<Check> {
  const base = {
    id: 'record.signature',
    title: 'Signature',
    compared: 'the bytes as signed with the pinned key of the stream',
    where: { stream: payload.stream },
    key: envelope.signatures[0]?.keyid ?? '',
  };
  const pinned = run.context.roots.filter(
    (root): root is TrustRootOf<'stream-key'> => root.kind === 'stream-key' && root.stream === payload.stream,
  );
  const keys = pinned.flatMap(({ keyid, publicKey }) => {
    const key = parseBase64(publicKey);
    return key.ok ? [{ keyid, publicKey: key.value }] : [];
  });
  const verified = await verifyEnvelopeAsync(envelope, keys);
  if (!verified.ok && verified.code === 'key_unknown') {
    const has =
      pinned.length === 0
        ? 'no key of this stream is pinned'
        : 'none of the keys pinned for this stream is it';
    return {
      ...base,
      verdict: 'not-checked',
      reason: `${has}: pin the trust file of the console that holds it`,
    };
  }
  if (!verified.ok) return { ...base, verdict: 'invalid', code: verified.code };
  const root = pinned.find(({ keyid }) => keyid === verified.value.keyid) as TrustRootOf<'stream-key'>;
  const named = { ...base, key: verified.value.keyid, root: formatRoot(root) };
  const { occurred_at: at } = payload;
  const isIn = at >= root.validFrom && (root.retiredAt === null || at <= root.retiredAt);
  return isIn
    ? { ...named, verdict: 'valid' }
    : {
        ...named,
        verdict: 'invalid',
        code: 'key_validity',
        compared: 'the time that the record gives with the validity of its key',
        expected: `${root.validFrom} to ${root.retiredAt ?? 'now'}`,
        computed: at,
      };
}

export function sayRecord(run: ArtefactRun, payload: RecordPayload): void {
  run.say('Kind', payload.kind);
  run.say('Stream', payload.stream, 'id');
  run.say('Number', `${payload.seq.toLocaleString('en')} of its producer’s own count`);
  run.say('Happened', payload.occurred_at, 'instant');
  run.say('Id', payload.id, 'id');
  const decision = payload.kind === 'decision' ? decisionBody.safeParse(payload.body) : null;
  if (decision?.success) sayDecision(run, decision.data);
  const origin = readOrigin(payload);
  if (origin) run.say('Origin', describeOrigin(origin, payload.producer));
  const review = payload.kind === 'review' ? reviewBody.safeParse(payload.body) : null;
  if (review?.success) {
    const { statement, method } = review.data;
    run.say('Verdict', `${statement.verdict} by ${statement.reviewer} as ${statement.role}, by ${method}`);
    run.say('Reason', statement.reason_code);
    run.say('Action digest', statement.action_digest, 'id');
  }
}

function readOrigin({ kind, body }: RecordPayload): RecordOrigin | undefined {
  const decision = kind === 'decision' ? decisionBody.safeParse(body) : null;
  return decision?.success ? decision.data.origin : undefined;
}

function sayDecision(run: ArtefactRun, body: ReturnType<typeof decisionBody.parse>): void {
  const { agent } = body.identity;
  const { action, outcome } = body.output;
  const value = action.value ? `, ${action.value.amount} ${action.value.currency}` : '';
  const resource = action.resource ? ` on ${action.resource.type} ${action.resource.id}` : '';
  run.say('Agent', `${agent.name}, version ${agent.version}`);
  run.say('Action', `${action.name}${resource}${value}`);
  run.say('Tier', action.tier);
  const rule = outcome.rule ? ` by rule ${outcome.rule}` : '';
  run.say('Outcome', `${outcome.verdict} (${outcome.reason_code})${rule}, said by the ${outcome.source}`);
  run.say('Action digest', action.action_digest, 'id');
}

/** Records among the files that were dropped together, by their bytes. */
export async function readRecords(files: readonly ArtefactFile[]): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const file of files) {
    const bytes = file.size <= MAX_RECORD_BYTES ? await readWhole(file, MAX_RECORD_BYTES) : null;
    if (bytes?.ok && parseEnvelope(bytes.value).ok) found.push(bytes.value);
  }
  return found;
}
