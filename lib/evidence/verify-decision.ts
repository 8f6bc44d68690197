/**
 * Every check of one decision in order, each told as soon as it is known: its record (signature, place, copy), its
 * stream (chain, counter), the log (checkpoint, inclusion, consistency), the review it needed (the console's own stream,
 * statement, inclusion), the token and the action they all speak of, and what cannot be checked here with its reason.
 *
 * The same function runs in the browser's worker and in `countersign verify`; only the source of the bytes differs.
 */
import { parseBase64, parseBase64url } from '@/lib/core/encoding';
import type { DecisionDetail, RecordView } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import { type DecisionBody, decisionBody } from '@/lib/decisions/record-payload';
import type { Check } from '@/lib/integrity/check';
import type { VerifiedCheckpoint } from '@/lib/integrity/checkpoint';
import { type EnvelopeKey, parseEnvelope, verifyEnvelopeAsync } from '@/lib/integrity/dsse';
import { certificateOf, checkImported } from './cer/check-imported';
import { checkColumns } from './check-columns';
import { checkOrigin } from './check-origin';
import { checkParents } from './check-parents';
import { checkPasskey, passkeyTitle } from './check-passkey';
import { checkProjection } from './check-projection';
import { type DecisionStory, tellStory } from './decision-story';
import {
  type EvidenceSource,
  type RememberedCheckpoint,
  unavailable,
  type VerifiedPoint,
} from './evidence-source';
import type { RangeLanes } from './local-lane';
import type { DecisionMaterial, StreamKeyView } from './verification-material';
import { checkActionDigest, checkStatements, checkToken } from './verify-approval';
import { checkCheckpoint, checkConsistency, checkInclusion } from './verify-log';
import { verifyRuns } from './verify-runs';
import { pointBefore, type StreamProgress, type StreamReport, verifyStream } from './verify-stream';
import { checkWitness, checkWitnessCount, type WitnessFinding } from './verify-witnesses';

export interface VerificationMemory {
  points: ReadonlyMap<string, readonly VerifiedPoint[]>;
  checkpoint: RememberedCheckpoint | null;
}

export interface TimedCheck extends Check {
  /** How long it took. */
  tookMs: number;
}

export interface VerifyOptions {
  /** A monotonic clock in milliseconds, for durations. */
  clock: () => number;
  /** Now, for what is remembered. */
  nowMs: number;
  memory: VerificationMemory;
  check?: (check: TimedCheck) => void;
  running?: (running: { id: string; title: string }) => void;
  progress?: (progress: StreamProgress) => void;
  signal?: AbortSignal;
  /** Workers that check parts of long streams side by side. */
  lanes?: RangeLanes;
}

export interface DecisionVerification {
  checks: TimedCheck[];
  /** What to remember; empty unless everything it rests on was VALID. */
  points: { stream: string; points: VerifiedPoint[] }[];
  checkpoint: RememberedCheckpoint | null;
}

export async function verifyDecision(
  detail: DecisionDetail,
  material: DecisionMaterial,
  source: EvidenceSource,
  options: VerifyOptions,
): Promise<DecisionVerification> {
  const run = new Run(detail, material, source, options);
  await run.record();
  await run.parents();
  await run.certificate();
  await run.streams();
  await run.log();
  await run.approval();
  await run.witnesses();
  return run.result();
}

class Run {
  private readonly checks: TimedCheck[] = [];
  private readonly reports = new Map<string, Pick<StreamReport, 'checks' | 'links' | 'points'>>();
  private readonly story: DecisionStory;
  private body: DecisionBody | null = null;
  private begunMs: number;
  private remember: RememberedCheckpoint | null = null;

  constructor(
    private readonly detail: DecisionDetail,
    private readonly material: DecisionMaterial,
    private readonly source: EvidenceSource,
    private readonly options: VerifyOptions,
  ) {
    this.story = tellStory(detail.related);
    this.begunMs = options.clock();
  }

  /** The producer's signature over the very bytes, by a key that was valid when they were accepted; and the search row. */
  async record(): Promise<void> {
    const { record, row } = this.detail;
    const base = { id: 'record.signature', title: 'Signature' };
    this.begin(base);
    if (!record) {
      this.tell({
        ...base,
        verdict: 'invalid',
        code: 'record_missing',
        compared: 'the place that the search names',
        where: { stream: row.stream, position: row.position },
      });
      return;
    }
    this.tell(await checkRecordSignature(base, record, this.keysOf(record.stream)));
    const read = readRecord(record);
    const body = read.ok ? decisionBody.safeParse(read.value.payload.body) : null;
    const place = {
      id: 'record.place',
      title: 'Identity',
      compared: 'id, kind and stream inside the signature with where it stands',
      where: { stream: record.stream, position: record.position },
    };
    if (!read.ok || !body?.success) {
      this.tell({
        ...place,
        verdict: 'invalid',
        code: 'record_unreadable',
        compared: `the form of the record${read.ok ? '' : ` (${read.detail})`}`,
      });
      return;
    }
    const { payload } = read.value;
    const wrong = (
      [
        ['id', row.id, payload.id],
        ['kind', 'decision', payload.kind],
        ['stream', record.stream, payload.stream],
        ['stream', record.stream, row.stream],
        ['position', String(record.position), String(row.position)],
      ] as const
    ).find(([, expected, computed]) => expected !== computed);
    this.tell(
      wrong
        ? {
            ...place,
            verdict: 'invalid',
            code: `${wrong[0]}_mismatch`,
            expected: wrong[1],
            computed: wrong[2],
          }
        : { ...place, verdict: 'valid' },
    );
    this.body = body.data;
    this.tell(checkProjection(row, payload.occurred_at, body.data));
    this.tell(checkColumns([record, ...this.detail.related]));
    if (body.data.origin) this.tell(checkOrigin(body.data.origin, payload.producer, place.where));
  }

  /** Parents of another console's log; those of this one have pages of their own. */
  async parents(): Promise<void> {
    const { foreignParents } = this.material;
    const named = this.body?.identity.parents ?? [];
    if (!foreignParents || named.length === 0) return;
    const held = this.detail.parents.map(({ id }) => id);
    this.begin({ id: 'parent', title: 'Parents' });
    for (const check of await checkParents(named, held, foreignParents)) this.tell(check);
  }

  /** A decision that was imported from a Certified Execution Record: the record as it arrived, by its own rules. */
  async certificate(): Promise<void> {
    const { body } = this;
    if (!body || certificateOf(body) === null) return;
    this.begin({ id: 'cer.imported', title: 'Certificate' });
    const digest = body.output.payload?.digest;
    const bytes = digest === undefined ? null : await this.source.payload?.(digest).catch(() => null);
    this.tell(await checkImported(body, bytes ?? null, this.material.trust));
  }

  /** Each stream that says something of this decision, walked to the last record that does. */
  async streams(): Promise<void> {
    const own = this.detail.record;
    const groups = new Map<string, Map<number, Uint8Array>>();
    for (const view of [...(own ? [own] : []), ...this.detail.related]) {
      const bytes = parseBase64(view.envelope);
      const expected = groups.get(view.stream) ?? new Map<number, Uint8Array>();
      expected.set(view.position, bytes.ok ? bytes.value : new Uint8Array());
      groups.set(view.stream, expected);
    }
    for (const [stream, expected] of groups) await this.walk(stream, expected, stream === own?.stream);
  }

  private async walk(
    stream: string,
    expected: ReadonlyMap<number, Uint8Array>,
    isOwn: boolean,
  ): Promise<void> {
    const prefix = isOwn ? '' : 'review.';
    const suffix = isOwn ? '' : stream.startsWith('console/') ? ' of the review' : ' of the outcome';
    const positions = [...expected.keys()];
    const base = { id: `${prefix}chain.link`, title: `Chain${suffix}` };
    this.begin(base);
    try {
      const keys = envelopeKeys(this.keysOf(stream));
      const report = this.source.runs
        ? await verifyRuns({ stream, keys, expected }, await this.source.runs(stream, positions))
        : await verifyStream(
            {
              stream,
              to: Math.max(...positions),
              keys,
              start: pointBefore(this.options.memory.points.get(stream) ?? [], Math.min(...positions)),
              expected,
            },
            this.source,
            {
              ...(this.options.progress ? { progress: this.options.progress } : {}),
              ...(this.options.signal ? { signal: this.options.signal } : {}),
              ...(this.options.lanes ? { lanes: this.options.lanes } : {}),
            },
          );
      this.reports.set(stream, report);
      const name = (check: Check): Check => ({
        ...check,
        id: `${prefix}${check.id}`,
        title: `${check.title}${suffix}`,
      });
      for (const check of report.checks) this.tell(name(check));
    } catch (error) {
      this.options.signal?.throwIfAborted();
      this.tell({
        ...base,
        verdict: 'not-checked',
        compared: 'the stream up to this record',
        reason: unavailable(error),
      });
    }
  }

  /** The record's leaf, the signed head above it, and the head remembered from before. */
  async log(): Promise<void> {
    const { record } = this.detail;
    if (!record) return;
    const included = await this.inclusion(record, { id: 'log.inclusion', title: 'Inclusion' }, true);
    if (included && this.material.log) {
      this.begin({ id: 'log.consistency', title: 'Consistency' });
      const { vkey } = this.material.log;
      const remembered = this.options.memory.checkpoint;
      const live = this.source.runs === undefined;
      const check = await checkConsistency(included, vkey, remembered, this.source, { live });
      this.tell(check);
      const newest = remembered === null || included.size >= remembered.size;
      if (check.verdict === 'valid' || remembered === null) {
        this.remember = newest
          ? { size: included.size, root: included.root, vkey, atMs: this.options.nowMs }
          : remembered;
      }
    }
    const last = this.story.reviews.at(-1)?.view;
    if (last) await this.inclusion(last, { id: 'review.inclusion', title: 'Inclusion of the review' }, false);
  }

  private async inclusion(
    record: Pick<RecordView, 'stream' | 'position'>,
    titled: { id: string; title: string },
    tellCheckpoint: boolean,
  ): Promise<VerifiedCheckpoint | null> {
    this.begin(titled);
    const compared = "the record's leaf under a signed root";
    const skip = (reason: string) => {
      this.tell({ ...titled, verdict: 'not-checked', compared, reason });
      return null;
    };
    if (!this.material.log) return skip('the log has published no key');
    const link = this.linkOf(record.stream, record.position);
    if (!link) return skip('its link could not be recomputed, so there is nothing to look for');
    try {
      const evidence = await this.source.inclusion(record.stream, record.position);
      if (!evidence) return skip('no checkpoint covers it yet');
      const { check, checkpoint } = checkCheckpoint(evidence.checkpoint, this.material.log);
      if (!checkpoint) {
        this.tell(check);
        return skip('the checkpoint above it does not verify');
      }
      this.tell(checkInclusion({ ...record, link }, evidence, checkpoint, titled));
      if (tellCheckpoint) this.tell(check);
      return checkpoint;
    } catch (error) {
      this.options.signal?.throwIfAborted();
      return skip(unavailable(error));
    }
  }

  /** Only what was asked of a person: an action that needed none has no lines here. */
  async approval(): Promise<void> {
    const { story, material } = this;
    const approval = material.approvals.find(({ id }) => id === story.issued[0]?.body.approval_id);
    for (const view of story.unreadable) {
      this.tell({
        id: 'review.form',
        title: 'Review',
        verdict: 'invalid',
        code: 'record_unreadable',
        compared: `the form of a ${view.kind} record`,
        where: { stream: view.stream, position: view.position },
      });
    }
    if (story.submitted.length === 0 && this.body?.output.outcome.verdict !== 'escalate') return;
    this.begin({ id: 'review.statement', title: 'Verdict' });
    if (story.reviews.length > 0) this.tell(checkStatements(story));
    else {
      this.tell({
        id: 'review.statement',
        title: 'Verdict',
        verdict: 'not-checked',
        compared: "the reviewer's statement with its digest",
        reason: this.detail.reviewsWithheld
          ? 'shown after you have decided on your own'
          : 'no person has given a verdict',
      });
    }
    const denied = story.reviews.some(({ body }) => body.statement.verdict === 'deny');
    if (!denied) {
      this.begin({ id: 'token.signature', title: 'Token' });
      this.tell(
        await checkToken(approval, material.approvalKeys, story, (stream, position) =>
          this.linkOf(stream, position),
        ),
      );
    }
    if (this.body) this.tell(checkActionDigest(this.body, story, approval?.token ?? null));
    for (const [index, review] of story.reviews.entries()) {
      const titled = passkeyTitle(index, story.reviews.length);
      this.begin(titled);
      this.tell(
        await checkPasskey(titled, review, story, (stream, position) => this.linkOf(stream, position)),
      );
    }
  }

  /** One line for each outside witness of the record, and how many of them there are. */
  async witnesses(): Promise<void> {
    const { record } = this.detail;
    const { log, trust } = this.material;
    const titled = { id: 'witnesses', title: 'Witnesses' };
    this.begin(titled);
    const skip = (reason: string) =>
      this.tell({
        ...titled,
        verdict: 'not-checked',
        compared: 'the checkpoint with the receipts of outside witnesses',
        reason,
      });
    const link = record ? this.linkOf(record.stream, record.position) : undefined;
    if (!record || !log || !link) return skip('without the record in a signed log there is nothing stamped');
    try {
      const findings: WitnessFinding[] = [];
      for (const evidence of await this.source.witnesses(record.stream, record.position)) {
        const finding = await checkWitness(evidence, { ...record, link }, log, trust, {
          nowMs: this.options.nowMs,
        });
        findings.push(finding);
        this.tell(finding.check);
      }
      this.tell(checkWitnessCount(findings));
    } catch (error) {
      this.options.signal?.throwIfAborted();
      skip(unavailable(error));
    }
  }

  result(): DecisionVerification {
    const points = [...this.reports]
      .filter(([, report]) => report.checks.every(({ verdict }) => verdict === 'valid'))
      .map(([stream, report]) => ({ stream, points: report.points }));
    const broken = this.checks.some(({ verdict }) => verdict === 'invalid');
    return { checks: this.checks, points, checkpoint: broken ? null : this.remember };
  }

  private keysOf(stream: string): readonly StreamKeyView[] {
    return this.material.streams.find((known) => known.stream === stream)?.keys ?? [];
  }

  private linkOf(stream: string, position: number): Uint8Array | undefined {
    return this.reports.get(stream)?.links.get(position);
  }

  private begin(running: { id: string; title: string }): void {
    this.options.signal?.throwIfAborted();
    this.begunMs = this.options.clock();
    this.options.running?.(running);
  }

  private tell(check: Check): void {
    const now = this.options.clock();
    const timed = { ...check, tookMs: now - this.begunMs };
    this.begunMs = now;
    this.checks.push(timed);
    this.options.check?.(timed);
  }
}

function envelopeKeys(keys: readonly StreamKeyView[]): EnvelopeKey[] {
  return keys.flatMap(({ keyid, publicKey }) => {
    const bytes = parseBase64url(publicKey);
    return bytes.ok ? [{ keyid, publicKey: bytes.value }] : [];
  });
}

async function checkRecordSignature(
  base: { id: string; title: string },
  record: RecordView,
  keys: readonly StreamKeyView[],
): Promise<Check> {
  const bytes = parseBase64(record.envelope);
  const where = {
    stream: record.stream,
    position: record.position,
    ...(bytes.ok ? { byteFrom: 0, byteTo: bytes.value.length } : {}),
  };
  const compared = "the producer's Ed25519 signature over the record's bytes (DSSE)";
  const envelope = bytes.ok ? parseEnvelope(bytes.value) : bytes;
  if (!envelope.ok) return { ...base, verdict: 'invalid', code: envelope.code, compared, where };
  const verified = await verifyEnvelopeAsync(envelope.value, envelopeKeys(keys));
  const keyid = envelope.value.signatures[0]?.keyid ?? '';
  if (!verified.ok) return { ...base, verdict: 'invalid', code: verified.code, compared, where, key: keyid };
  const key = keys.find((candidate) => candidate.keyid === verified.value.keyid);
  const acceptedMs = Date.parse(record.acceptedAt);
  const untilMs = key?.retiredAt ? Date.parse(key.retiredAt) : Number.POSITIVE_INFINITY;
  if (!key || !(acceptedMs >= Date.parse(key.validFrom)) || acceptedMs > untilMs) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'key_validity',
      compared: 'the time of acceptance with the validity of the key',
      where,
      key: keyid,
      ...(key ? { expected: `${key.validFrom} to ${key.retiredAt ?? 'now'}` } : {}),
      computed: record.acceptedAt,
    };
  }
  return { ...base, verdict: 'valid', compared, where, key: keyid };
}
