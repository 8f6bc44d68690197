/**
 * `chain/<stream>.json`: what is needed to recompute the link of every included record of one stream, and no record that
 * is not included. A segment begins after a link that is given; each step is one position with its record's
 * BLAKE2b-512 digest, and with the stored link and time of acceptance where the record is included.
 *
 *   {"stream":"spiffe://bank.example/agent/payments","producer":"spiffe://bank.example/agent/payments","head":9041,
 *    "segments":[{"after":{"position":2,"link":"<base64, 64 bytes>"},
 *                 "steps":[{"digest":"<base64>","link":"<base64>","acceptedAt":"2026-11-20T08:36:00.123Z"},
 *                          {"digest":"<base64>"}]}]}
 *
 * Steps without a link only bridge two included records that stand near each other.
 */
import * as z from 'zod';
import { equalBytes } from '@/lib/core/bytes';
import { formatBase64, parseBase64 } from '@/lib/core/encoding';
import { err, ok, type Result } from '@/lib/core/result';
import { instant } from '@/lib/decisions/record-payload';
import { genesisLink, LINK_BYTES, nextLink } from '@/lib/integrity/chain';
import { parsePart } from './manifest';

/** Records that are not included are bridged by their digests up to this many; beyond, a new segment begins. */
export const MAX_BRIDGE = 256;

const bytes64 = z.string().refine((text) => {
  const bytes = parseBase64(text);
  return bytes.ok && bytes.value.length === LINK_BYTES;
}, '64 bytes in base64');

const chainStep = z.object({ digest: bytes64, link: bytes64.optional(), acceptedAt: instant.optional() });

export const chainFile = z.object({
  stream: z.string().max(512),
  producer: z.string().max(512),
  /** Last position of the stream when the package was made, as the console says. */
  head: z.number().int().min(1),
  segments: z
    .array(
      z.object({
        after: z.object({ position: z.number().int().nonnegative(), link: bytes64 }),
        steps: z.array(chainStep).min(1).max(200_000),
      }),
    )
    .max(65_534),
});
export type ChainFile = z.infer<typeof chainFile>;

export interface ChainStep {
  digest: Uint8Array;
  /** Only of included records. */
  included: { link: Uint8Array; acceptedAt: string } | null;
}

export interface ChainSegment {
  after: { position: number; link: Uint8Array };
  /** Of the positions after it, in order. */
  steps: readonly ChainStep[];
}

export interface PackageChain {
  stream: string;
  producer: string;
  head: number;
  segments: readonly ChainSegment[];
}

/** Reads hostile bytes; segments must stand in order, without overlapping. */
export function parseChainFile(bytes: Uint8Array): Result<PackageChain, 'part_invalid'> {
  const parsed = parsePart(bytes, chainFile);
  if (!parsed.ok) return parsed;
  let reached = -1;
  const segments: ChainSegment[] = [];
  for (const { after, steps } of parsed.value.segments) {
    if (after.position < reached) return err('part_invalid', 'segments overlap');
    reached = after.position + steps.length;
    if (!Number.isSafeInteger(reached)) return err('part_invalid', 'position');
    const read: ChainStep[] = [];
    for (const { digest, link, acceptedAt } of steps) {
      if ((link === undefined) !== (acceptedAt === undefined)) return err('part_invalid', 'step');
      read.push({
        digest: bytesOf(digest),
        included: link === undefined || acceptedAt === undefined ? null : { link: bytesOf(link), acceptedAt },
      });
    }
    segments.push({ after: { position: after.position, link: bytesOf(after.link) }, steps: read });
  }
  const { stream, producer, head } = parsed.value;
  return ok({ stream, producer, head, segments });
}

function bytesOf(text: string): Uint8Array {
  const bytes = parseBase64(text);
  return bytes.ok ? bytes.value : new Uint8Array(0);
}

/** Inverse of `parseChainFile`. */
export function formatChainFile(chain: PackageChain): string {
  return JSON.stringify({
    stream: chain.stream,
    producer: chain.producer,
    head: chain.head,
    segments: chain.segments.map(({ after, steps }) => ({
      after: { position: after.position, link: formatBase64(after.link) },
      steps: steps.map(({ digest, included }) => ({
        digest: formatBase64(digest),
        ...(included === null ? {} : { link: formatBase64(included.link), acceptedAt: included.acceptedAt }),
      })),
    })),
  } satisfies ChainFile);
}

/** Where a record stands in a chain, or null when it is not included. */
export function findStep(
  chain: PackageChain,
  position: number,
): { segment: ChainSegment; at: number } | null {
  let low = 0;
  let high = chain.segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = chain.segments[middle] as ChainSegment;
    const at = position - segment.after.position - 1;
    if (at < 0) high = middle - 1;
    else if (at >= segment.steps.length) low = middle + 1;
    else return segment.steps[at]?.included ? { segment, at } : null;
  }
  return null;
}

/** The link before a step: the nearest stored one, folded over the digests between. */
export function linkBefore(segment: ChainSegment, at: number): { position: number; link: Uint8Array } {
  let from = at;
  while (from > 0 && !segment.steps[from - 1]?.included) from--;
  let link =
    from === 0 ? segment.after.link : (segment.steps[from - 1]?.included?.link ?? segment.after.link);
  let position = segment.after.position + from;
  for (let i = from; i < at; i++) {
    position++;
    link = nextLink(link, position, (segment.steps[i] as ChainStep).digest);
  }
  return { position, link };
}

/** Whether a segment goes back to the first record of its stream. */
export function beginsAtGenesis(stream: string, segment: Pick<ChainSegment, 'after'>): boolean {
  return segment.after.position === 0 && equalBytes(segment.after.link, genesisLink(stream));
}
