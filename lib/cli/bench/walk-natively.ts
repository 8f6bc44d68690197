import { equalBytes } from '@/lib/core/bytes';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { parseEnvelope, verifyEnvelope } from '@/lib/integrity/dsse';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash } from '@/lib/integrity/merkle';
import type { BrowserCase } from './browser-case';

/**
 * The same walk in this process on one thread, with native crypto: each line read, its record's signature, digest, link
 * and leaf. Records per second.
 * @throws Error when the case does not verify
 */
export function walkNatively({ lines, stream, publicKey, keyid }: BrowserCase): number {
  const keys = [{ keyid, publicKey }];
  const started = performance.now();
  let link = genesisLink(stream);
  let leaves = 0;
  for (const line of lines) {
    const {
      position,
      envelope,
      link: stored,
    } = JSON.parse(line.toString()) as {
      position: number;
      envelope: string;
      link: string;
    };
    const bytes = new Uint8Array(Buffer.from(envelope, 'base64'));
    const parsed = parseEnvelope(bytes);
    if (!parsed.ok || !verifyEnvelope(parsed.value, keys).ok)
      throw new Error(`record ${position} is INVALID`);
    JSON.parse(Buffer.from(parsed.value.payload).toString());
    link = nextLink(link, position, recordDigest(bytes));
    if (!equalBytes(link, Buffer.from(stored, 'base64'))) throw new Error(`link ${position} is INVALID`);
    leaves += leafHash(formatEntry({ stream, position, link })).length;
  }
  if (leaves !== lines.length * 32) throw new Error('a leaf is missing');
  return (lines.length * 1_000) / (performance.now() - started);
}
