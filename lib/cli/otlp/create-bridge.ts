import { concatBytes, utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64, formatHex } from '@/lib/core/encoding';
import { formatDigest, hmacSha256, sha3_512 } from '@/lib/core/hash';
import { type JsonObject, type JsonValue, parseJson } from '@/lib/core/json';
import { createRecordSender, type NewRecord } from '@/lib/gateway/record-sender';
import { createTransport } from '@/lib/gateway/transport';
import { formatSpanContent, type MappedSpan, mapSpan } from '@/lib/otlp/map-span';
import { readTraceRequest, type Span } from '@/lib/otlp/span';
import type { SpanRefusal } from '@/lib/otlp/span-refusal';
import { type BridgeMemory, type SaltLine, UNKNOWN } from './bridge-memory';

export interface BridgeOptions {
  origin: string;
  producer: string;
  stream: string;
  seed: Uint8Array;
  memory: BridgeMemory;
  /** How long after its end a span is taken, and so how long it must be remembered. */
  memoryMs: number;
  /** Two millions when absent. */
  maxSpans?: number;
  fetch?: typeof globalThis.fetch;
  clock?: () => number;
}

export type Taken =
  | { kind: 'taken'; recorded: number; duplicates: number; refused: ReadonlyMap<SpanRefusal, number> }
  /** Too much waits, or the disk refuses: to be sent again later. Nothing that was taken is lost by that. */
  | { kind: 'busy' }
  | { kind: 'malformed' };

export interface BridgeCounts {
  recorded: number;
  duplicates: number;
  delivered: number;
  waiting: number;
  refused: Record<string, number>;
  refusedByConsole: Record<string, number>;
}

export interface Bridge {
  /** Signs a record for every span that is one. Resolves when they are on disk; the console may be away. */
  take(request: JsonValue): Promise<Taken>;
  /** Sends what has no answer yet. */
  deliver(): Promise<void>;
  counts(): BridgeCounts;
}

/** Signed but unanswered records beyond which senders are asked to wait. */
const MAX_WAITING = 20_000;
/** Spans remembered beyond which those that are not taken any more are let go, and senders wait when that is none. */
const MAX_SPANS_REMEMBERED = 2_000_000;
const FORGET_EVERY_MS = 60_000;

/** Refusals of the record itself: sending it again would change nothing. Whatever else is said, the record is kept. */
const FINAL: ReadonlySet<string> = new Set([
  'record_too_large',
  'envelope_invalid',
  'payload_type_unknown',
  'record_invalid',
  'record_kind_reserved',
  'id_conflict',
  'sequence_reused',
]);

type Draft = { record: NewRecord; fingerprint: string; salts: SaltLine[] };

/** Turns spans into records signed by the bridge's own key, each once, through a durable outbox. */
export function createBridge(options: BridgeOptions): Bridge {
  const { memory, seed, stream } = options;
  const clock = options.clock ?? Date.now;
  const keyid = jwkThumbprint(publicKeyOf(seed));
  const counts = { recorded: 0, duplicates: 0, delivered: 0 };
  const refused = new Map<string, number>();
  const refusedByConsole = new Map<string, number>();
  const signing = new Map<string, { fingerprint: string; done: () => void }>();
  const sender = createRecordSender({
    transport: createTransport({
      origin: options.origin,
      keyid,
      seed,
      clock,
      ...(options.fetch ? { fetch: options.fetch } : {}),
    }),
    producerId: options.producer,
    stream,
    keyid,
    seed,
    outbox: {
      ...memory.outbox,
      async add(record) {
        const draft = signing.get(record.id);
        await memory.outbox.add(record);
        memory.remember(record.id, draft?.fingerprint ?? UNKNOWN);
        draft?.done();
      },
    },
    isFinal: (problem) => FINAL.has(problem),
    onRefused(record, problem) {
      memory.keepRefused(record, problem);
      count(refusedByConsole, problem);
    },
  });
  const { maxSpans = MAX_SPANS_REMEMBERED } = options;
  let forgotAtMs = Number.NEGATIVE_INFINITY;
  let turn: Promise<unknown> = Promise.resolve();

  /** Resolves when it is in the outbox, long before the console answers; with a reason when it never can be. */
  async function keep({ record, fingerprint }: Draft): Promise<SpanRefusal | null> {
    const { id } = record;
    try {
      return await new Promise<SpanRefusal | null>((resolve, reject) => {
        signing.set(id, { fingerprint, done: () => resolve(null) });
        sender.record(record).then((result) => {
          if (result.ok) counts.delivered++;
          // Unless it was resolved before: what cannot be signed is too large.
          resolve('record_too_large');
        }, reject);
      });
    } finally {
      signing.delete(id);
    }
  }

  async function takeInTurn(request: JsonValue): Promise<Taken> {
    const spans = readTraceRequest(request);
    if (spans === null) return { kind: 'malformed' };
    if (memory.size().spans > maxSpans && clock() - forgotAtMs >= FORGET_EVERY_MS) {
      forgotAtMs = clock();
      memory.forget(clock() - options.memoryMs);
    }
    const size = memory.size();
    if (size.waiting > MAX_WAITING || size.spans > maxSpans) return { kind: 'busy' };
    const { drafts, duplicates, refusals } = sort(spans);
    memory.keepSalts(drafts.flatMap(({ salts }) => salts));
    const kept = await Promise.all(drafts.map(keep));
    for (const reason of kept) if (reason !== null) count(refusals, reason);
    const recorded = kept.filter((reason) => reason === null).length;
    counts.recorded += recorded;
    counts.duplicates += duplicates;
    for (const [reason, n] of refusals) count(refused, reason, n);
    return { kind: 'taken', recorded, duplicates, refused: refusals };
  }

  /** What is new, what was recorded before, and what no record is made from. */
  function sort(spans: readonly (Span | null)[]) {
    const refusals = new Map<SpanRefusal, number>();
    const fresh = new Map<string, Draft>();
    let duplicates = 0;
    for (const span of spans) {
      const mapped = span && mapSpan(span, { ms: clock(), memoryMs: options.memoryMs });
      if (!mapped?.ok) {
        count(refusals, mapped?.code ?? 'span_malformed');
        continue;
      }
      const fingerprint = formatHex(hmacSha256(seed, utf8(formatSpanContent(mapped.value))));
      const { id } = mapped.value;
      const before = fresh.get(id)?.fingerprint ?? memory.fingerprintOf(id);
      if (before === null) fresh.set(id, { ...toRecord(mapped.value), fingerprint });
      else if (before === UNKNOWN || before === fingerprint) duplicates++;
      else count(refusals, 'span_conflict');
    }
    return { drafts: [...fresh.values()], duplicates, refusals };
  }

  return {
    take(request) {
      const mine = turn.then(() => takeInTurn(request)).catch((): Taken => ({ kind: 'busy' }));
      turn = mine;
      return mine;
    },
    async deliver() {
      if (memory.size().waiting === 0) return;
      const results = await sender.resume();
      counts.delivered += results.filter(({ ok }) => ok).length;
    },
    counts: () => ({
      ...counts,
      waiting: memory.size().waiting,
      refused: Object.fromEntries(refused),
      refusedByConsole: Object.fromEntries(refusedByConsole),
    }),
  };
}

function count<K>(counts: Map<K, number>, key: K, n = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + n);
}

/** The record with the salted digests of what the span says, and the salts. The text goes no further. */
function toRecord({ id, occurredAtMs, body, contents }: MappedSpan): Omit<Draft, 'fingerprint'> {
  const salts: SaltLine[] = [];
  const digestOf = (part: SaltLine['part']) => {
    const text = contents[part];
    if (text === undefined) return undefined;
    const salt = crypto.getRandomValues(new Uint8Array(32));
    const bytes = utf8(text);
    salts.push({ id, part, salt: formatBase64(salt) });
    const isJson = parseJson(text, { allowFloats: true, maxBytes: bytes.length }).ok;
    return {
      digest: formatDigest('sha3-512', sha3_512(concatBytes(salt, bytes))),
      media_type: isJson ? 'application/json' : 'text/plain',
      byte_count: bytes.length,
    };
  };
  const input = digestOf('input');
  const payload = digestOf('output');
  const whole = {
    ...body,
    ...(input ? { input } : {}),
    output: { ...body.output, ...(payload ? { payload } : {}) },
  };
  return { record: { kind: 'decision', id, body: whole as unknown as JsonObject, occurredAtMs }, salts };
}
