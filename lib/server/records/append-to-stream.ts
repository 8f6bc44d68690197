import { equalBytes } from '@/lib/core/bytes';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { decideSequence, type SequenceGap, type SequenceState } from '@/lib/producers/decide-sequence';
import type { Tx } from '../database/transaction';
import type { ErrorCode } from '../errors';
import { arrayLiteral } from './array-literal';
import type { Submission } from './check-record';
import { journal } from './journal';
import { lockStream, type StreamHead } from './lock-stream';
import { type RecordResult, refused } from './record-result';
import { saveGaps } from './save-gaps';
import { type WrittenRecord, writeRecords } from './write-records';

interface Incident {
  code: 'sequence_gap' | 'sequence_reused' | 'id_conflict';
  detail: string;
  /** Names the occurrence, so that the same bytes sent again add nothing. */
  occurrence: string;
}

/**
 * Appends checked records of one stream, in order, in the caller's transaction. Duplicates answer with their position,
 * conflicts and reused counters are refused, holes are noted; each of the latter leaves an `incident` record in the
 * console's stream, in the same transaction.
 */
export async function appendToStream(
  tx: Tx,
  submissions: readonly Submission[],
  acceptedAtMs: number,
): Promise<RecordResult[]> {
  const first = submissions[0];
  if (!first) return [];
  const head = await lockStream(tx, first);
  const known = await findKnown(tx, head, submissions);
  const batch = new Batch(head, known);
  for (const submission of submissions) batch.add(submission, acceptedAtMs);
  const { written } = await writeRecords(tx, head, batch.accepted, {
    acceptedAtMs,
    lastSeq: batch.sequence.lastSeq,
  });
  await saveGaps(tx, head.stream, known.gaps, batch.sequence.gaps, acceptedAtMs);
  await journalIncidents(tx, head, batch.incidents, acceptedAtMs);
  return batch.results(written);
}

interface Known {
  records: Map<string, { position: number; link: Uint8Array; envelope: Uint8Array }>;
  /** Undefined: never registered. */
  keys: Map<string, { validFromMs: number; usable: ErrorCode | null }>;
  gaps: SequenceGap[];
}

/** Asked after the stream's lock is held, so that the answer includes everything committed before. */
async function findKnown(tx: Tx, head: StreamHead, submissions: readonly Submission[]): Promise<Known> {
  const seqs = submissions.map(({ seq }) => seq);
  const rows = await tx.query<{
    what: 'record' | 'key' | 'gap';
    name: string;
    n: number;
    m: number;
    bytes: Buffer;
    link: Buffer;
  }>({
    name: 'find-known',
    text: `SELECT 'record' AS what, id AS name, position AS n, 0::bigint AS m, envelope AS bytes, link
             FROM records WHERE stream = $1 AND id = ANY($2::text[])
           UNION ALL
           SELECT 'key', k.keyid, (extract(epoch FROM k.valid_from) * 1000)::bigint,
             CASE WHEN p.disabled_at IS NOT NULL THEN 2 WHEN k.retired_at IS NOT NULL THEN 1 ELSE 0 END, NULL, NULL
             FROM producer_keys k JOIN producers p ON p.id = k.producer WHERE k.keyid = ANY($3::text[])
           UNION ALL
           SELECT 'gap', '', from_seq, to_seq, NULL, NULL
             FROM stream_gaps WHERE stream = $1 AND to_seq >= $4 AND from_seq <= $5`,
    values: [
      head.stream,
      arrayLiteral(submissions.map(({ id }) => id)),
      arrayLiteral([...new Set(submissions.map(({ keyid }) => keyid))]),
      Math.min(...seqs),
      Math.max(...seqs),
    ],
  });
  const known: Known = { records: new Map(), keys: new Map(), gaps: [] };
  for (const row of rows.rows) {
    if (row.what === 'record')
      known.records.set(row.name, { position: row.n, link: row.link, envelope: row.bytes });
    else if (row.what === 'key')
      known.keys.set(row.name, {
        validFromMs: row.n,
        usable: row.m === 1 ? 'key_retired' : row.m === 2 ? 'producer_disabled' : null,
      });
    else known.gaps.push({ fromSeq: row.n, toSeq: row.m });
  }
  return known;
}

type Planned = RecordResult | { status: 'planned'; submission: Submission; note?: 'sequence_gap' };

/** The decisions of one batch, in order: each sees what those before it did. */
class Batch {
  readonly accepted: Submission[] = [];
  readonly incidents: Incident[] = [];
  sequence: SequenceState;
  private readonly planned: Planned[] = [];
  /** Index into `accepted` of each id accepted in this batch. */
  private readonly byId = new Map<string, number>();
  /** Answers that repeat the position of a record accepted earlier in this batch. */
  private readonly repeats = new Map<number, number>();

  constructor(
    private readonly head: StreamHead,
    private readonly known: Known,
  ) {
    this.sequence = { lastSeq: head.lastSeq, gaps: known.gaps };
  }

  add(submission: Submission, nowMs: number): void {
    this.planned.push(
      this.refuseKey(submission, nowMs) ?? this.matchKnown(submission) ?? this.place(submission),
    );
  }

  results(written: readonly WrittenRecord[]): RecordResult[] {
    const { stream } = this.head;
    let next = 0;
    return this.planned.map((planned, index): RecordResult => {
      const repeated = this.repeats.get(index);
      if (repeated !== undefined) {
        const record = written[repeated] as WrittenRecord;
        return { status: 'duplicate', stream, ...record, id: (this.accepted[repeated] as Submission).id };
      }
      if (planned.status !== 'planned') return planned;
      const record = written[next++] as WrittenRecord;
      const { submission, note } = planned;
      return { status: 'accepted', stream, ...record, id: submission.id, ...(note ? { note } : {}) };
    });
  }

  private refuseKey(submission: Submission, nowMs: number): RecordResult | undefined {
    const key = this.known.keys.get(submission.keyid);
    const code = !key || key.validFromMs > nowMs ? 'key_unknown' : key.usable;
    return code ? refused(code, undefined, this.where(submission)) : undefined;
  }

  private matchKnown(submission: Submission): Planned | undefined {
    const { id, bytes } = submission;
    const stored = this.known.records.get(id);
    const earlier = this.byId.get(id);
    if (!stored && earlier === undefined) return undefined;
    const same = stored
      ? equalBytes(stored.envelope, bytes)
      : equalBytes((this.accepted[earlier as number] as Submission).bytes, bytes);
    if (!same) {
      this.note('id_conflict', `Other bytes were sent under the used id ${id}.`, submission);
      return refused(
        'id_conflict',
        'The id is used in this stream with other bytes.',
        this.where(submission),
      );
    }
    if (stored)
      return {
        status: 'duplicate',
        stream: this.head.stream,
        position: stored.position,
        link: stored.link,
        id,
      };
    this.repeats.set(this.planned.length, earlier as number);
    return { status: 'planned', submission };
  }

  private place(submission: Submission): Planned {
    const decision = decideSequence(this.sequence, submission.seq);
    if (decision.outcome === 'reused') {
      this.note('sequence_reused', `Sequence number ${submission.seq} was used before.`, submission);
      return refused('sequence_reused', 'The sequence number was used before.', this.where(submission));
    }
    this.sequence = decision.state;
    this.byId.set(submission.id, this.accepted.length);
    this.accepted.push(submission);
    if (decision.outcome !== 'gap') return { status: 'planned', submission };
    const { fromSeq, toSeq } = decision.gap;
    this.note('sequence_gap', `Sequence numbers ${fromSeq} to ${toSeq} are missing.`, submission);
    return { status: 'planned', submission, note: 'sequence_gap' };
  }

  private note(code: Incident['code'], detail: string, submission: Submission): void {
    const occurrence = formatDigest('sha-256', sha256(submission.bytes));
    this.incidents.push({ code, detail, occurrence });
  }

  private where({ stream, id }: Submission): { stream: string; id: string } {
    return { stream, id };
  }
}

/** The console's stream is locked after the producer's, never before: one order everywhere. */
async function journalIncidents(
  tx: Tx,
  head: StreamHead,
  incidents: readonly Incident[],
  occurredAtMs: number,
): Promise<void> {
  for (const { code, detail, occurrence } of incidents) {
    const id = `incident:${code}:${occurrence.slice('sha-256:'.length)}`;
    const console = `console/${head.tenant}`;
    const known = await tx.query('SELECT 1 FROM records WHERE stream = $1 AND id = $2', [console, id]);
    if (known.rowCount) continue;
    await journal(tx, {
      tenant: head.tenant,
      kind: 'incident',
      id,
      body: { code, stream: head.stream, detail, record_digest: occurrence },
      occurredAtMs,
    });
  }
}
