import * as z from 'zod';
import { utf8 } from '@/lib/core/bytes';
import { parseBase64 } from '@/lib/core/encoding';
import type { EvidenceSource, InclusionEvidence, LogSource } from '@/lib/evidence/evidence-source';
import { formatTilePath } from '@/lib/integrity/tile';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import { WITNESS_TYPES } from '@/lib/integrity/witness/witness-report';

const recordLine = z.object({
  position: z.number().int(),
  envelope: z.string(),
  link: z.string(),
});

const inclusionAnswer = z.object({
  index: z.number().int().nonnegative(),
  size: z.number().int().nonnegative(),
  hashes: z.array(z.string()).max(64),
  checkpoint: z.string(),
});

const witnessAnswer = z.object({
  witnesses: z
    .array(
      z.object({
        witness: z.string(),
        type: z.enum(WITNESS_TYPES),
        receipt: z.string(),
        inclusion: inclusionAnswer,
      }),
    )
    .max(100),
});

/** Records a call may give; the rest is asked for by the next one. */
const RECORDS_PER_CALL = 100_000;

/** Asks this page's own console. */
async function getHere(path: string, signal: AbortSignal | undefined): Promise<Response> {
  // What the console holds now is to be checked, not what this browser kept of it.
  return fetch(path, {
    credentials: 'same-origin',
    redirect: 'error',
    cache: 'no-store',
    ...(signal ? { signal } : {}),
  });
}

function bytesOf(text: string, what: string): Uint8Array {
  const bytes = parseBase64(text);
  if (!bytes.ok) throw new Error(`${what} is not base64`);
  return bytes.value;
}

/**
 * Evidence over this console's own HTTP routes. `gate` is awaited between records, so that a person can pause; `get` asks
 * another console than the page's own.
 * Whatever answers is attacker-controlled: it is parsed here and judged by the checks.
 */
export function createHttpSource(
  options: { signal?: AbortSignal; gate?: () => Promise<void>; get?: typeof getHere } = {},
): EvidenceSource & LogSource {
  const { signal, gate, get = getHere } = options;
  return {
    async *records(stream, from, to) {
      let next = from;
      while (next <= to) {
        const last = Math.min(to, next + RECORDS_PER_CALL - 1);
        const params = new URLSearchParams({ stream, from: String(next), to: String(last) });
        const response = await get(`/api/v1/streams/records?${params}`, signal);
        if (!response.ok || !response.body) throw new Error(`the console answered ${response.status}`);
        let reached = next - 1;
        for await (const line of linesOf(response.body)) {
          if (gate) await gate();
          const record = parseRecord(line);
          reached = record.position;
          yield record;
        }
        // Fewer than asked for: the walk itself says what is missing.
        if (reached < last) return;
        next = last + 1;
      }
    },
    async inclusion(stream, position) {
      const params = new URLSearchParams({ stream, position: String(position) });
      const response = await get(`/api/v1/streams/inclusion?${params}`, signal);
      if (!response.ok) {
        const problem = z.object({ code: z.string() }).safeParse(await response.json().catch(() => null));
        if (problem.data?.code === 'not_logged_yet') return null;
        throw new Error(`the console answered ${response.status}`);
      }
      return inclusionOf(inclusionAnswer.parse(await response.json()));
    },
    async witnesses(stream, position) {
      const params = new URLSearchParams({ stream, position: String(position) });
      const response = await get(`/api/v1/streams/witnesses?${params}`, signal);
      if (!response.ok) throw new Error(`the console answered ${response.status}`);
      return witnessAnswer.parse(await response.json()).witnesses.map((one) => ({
        witness: one.witness,
        type: one.type,
        receipt: bytesOf(one.receipt, 'a receipt'),
        inclusion: inclusionOf(one.inclusion),
      }));
    },
    tile: (tile) => getBytes(formatTilePath(tile.level, tile.n, tile.width)),
    entries: (n, width) => getBytes(formatTilePath('entries', n, width)),
    bundles: (first, count) => getBytes(`bundles?first=${first}&count=${count}`),
    checkpoint: () => getBytes('checkpoint'),
  };

  async function getBytes(path: string): Promise<Uint8Array> {
    const response = await get(`/log/${path}`, signal);
    if (!response.ok) throw new Error(`the log answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

function inclusionOf(answer: z.infer<typeof inclusionAnswer>): InclusionEvidence {
  return {
    index: answer.index,
    size: answer.size,
    hashes: answer.hashes.map((hash) => bytesOf(hash, 'a proof hash')),
    checkpoint: utf8(answer.checkpoint),
  };
}

function parseRecord(line: string): ChainRecord {
  const { position, envelope, link } = recordLine.parse(JSON.parse(line));
  return { position, bytes: bytesOf(envelope, 'a record'), link: bytesOf(link, 'a link') };
}

/** Lines of a UTF-8 stream; a last line without its newline is a cut answer. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (done) break;
    }
    if (rest !== '') throw new Error('the answer was cut off');
  } finally {
    await reader.cancel().catch(() => {});
  }
}
