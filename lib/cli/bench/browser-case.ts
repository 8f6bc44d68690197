import { randomBytes } from 'node:crypto';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64url } from '@/lib/core/encoding';
import type { TenantMaterial } from '@/lib/evidence/verification-material';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { checkpointKeyOf, signCheckpoint } from '@/lib/integrity/checkpoint';
import { appendLeaves, type Edge, EMPTY_EDGE, edgeRoot } from '@/lib/integrity/edge';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash } from '@/lib/integrity/merkle';
import { formatNoteKey } from '@/lib/integrity/note-key';
import { formatEntryBundle, TILE_WIDTH } from '@/lib/integrity/tile';
import { createRecordMaker } from './bench-producer';

/** What a console would serve to "verify everything": one long stream, and a log of which it is a part. */
export interface BrowserCase {
  material: TenantMaterial;
  stream: string;
  publicKey: Uint8Array;
  keyid: string;
  /** NDJSON lines as the records route prints them, by position − 1. */
  lines: Buffer[];
  /** Entry bundles of the log, in order. */
  bundles: Uint8Array[];
  checkpoint: Uint8Array;
  payloadBytes: number;
  recordBytes: number;
}

const STREAM = 'spiffe://bench.example/agent/payments';
/** Other organisations' streams in the same log; their entries are leaves and nothing more. */
const OTHERS = ['spiffe://other.example/agent/a', 'spiffe://other.example/agent/b'];

/** Signs `records` records, chains them and puts them into a log of `leaves` entries, evenly among those of others. */
export function makeBrowserCase(records: number, leaves: number): BrowserCase {
  const seed = new Uint8Array(randomBytes(32));
  const signer = { name: 'bench.example/log', seed: new Uint8Array(randomBytes(32)) };
  const publicKey = publicKeyOf(seed);
  const { lines, links, payloadBytes, recordBytes } = makeStream(records, seed);
  const { bundles, edge } = makeLog(links, Math.max(leaves, records));
  return {
    material: {
      streams: [
        {
          stream: STREAM,
          producer: STREAM,
          head: records,
          keys: [
            {
              keyid: 'bench',
              publicKey: formatBase64url(publicKey),
              validFrom: '2026-01-01T00:00:00.000Z',
              retiredAt: null,
            },
          ],
        },
      ],
      log: { origin: signer.name, vkey: formatNoteKey(checkpointKeyOf(signer)) },
    },
    stream: STREAM,
    publicKey,
    keyid: 'bench',
    lines,
    bundles,
    checkpoint: signCheckpoint({ origin: signer.name, size: edge.size, root: edgeRoot(edge) }, signer),
    payloadBytes,
    recordBytes,
  };
}

function makeStream(records: number, seed: Uint8Array) {
  const next = createRecordMaker(STREAM, 'bench', seed);
  const lines: Buffer[] = [];
  const links: Uint8Array[] = [];
  let link = genesisLink(STREAM);
  let sample: Buffer = Buffer.alloc(0);
  for (let position = 1; position <= records; position++) {
    const bytes = next();
    sample = bytes;
    link = nextLink(link, position, recordDigest(bytes));
    links.push(link);
    const envelope = bytes.toString('base64');
    const stored = Buffer.from(link).toString('base64');
    lines.push(Buffer.from(`${JSON.stringify({ position, envelope, link: stored })}\n`));
  }
  const { payload } = JSON.parse(sample.toString()) as { payload: string };
  return {
    lines,
    links,
    recordBytes: sample.length,
    payloadBytes: Buffer.from(payload, 'base64').length,
  };
}

function makeLog(links: readonly Uint8Array[], leaves: number): { bundles: Uint8Array[]; edge: Edge } {
  const every = Math.floor(leaves / links.length);
  const bundles: Uint8Array[] = [];
  let edge = EMPTY_EDGE;
  const positions = OTHERS.map(() => 0);
  for (let from = 0; from < leaves; from += TILE_WIDTH) {
    const entries: Uint8Array[] = [];
    for (let index = from; index < Math.min(leaves, from + TILE_WIDTH); index++) {
      const link = index % every === 0 ? links[index / every] : undefined;
      if (link) {
        entries.push(formatEntry({ stream: STREAM, position: index / every + 1, link }));
        continue;
      }
      const other = index % OTHERS.length;
      positions[other] = (positions[other] as number) + 1;
      entries.push(
        formatEntry({
          stream: OTHERS[other] as string,
          position: positions[other] as number,
          link: new Uint8Array(randomBytes(64)),
        }),
      );
    }
    edge = appendLeaves(edge, entries.map(leafHash));
    bundles.push(formatEntryBundle(entries));
  }
  return { bundles, edge };
}
