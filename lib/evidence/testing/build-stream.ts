import { utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import { signEnvelope } from '@/lib/integrity/dsse';
import { formatEntry } from '@/lib/integrity/entry';
import { leafHash } from '@/lib/integrity/merkle';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import type { EvidenceSource } from '../evidence-source';

const seed = new Uint8Array(32).fill(7);
export const STREAM = 'spiffe://bank.example/agent/teller';
export const STREAM_KEYS = [{ keyid: 'k1', publicKey: publicKeyOf(seed) }];

/** A record as its producer signs it; `signer` forges. */
export function signRecord(
  seq: number,
  options: { stream?: string; signer?: Uint8Array; note?: string } = {},
): Uint8Array {
  const payload = { stream: options.stream ?? STREAM, seq, note: options.note ?? `number ${seq}` };
  return signEnvelope(utf8(JSON.stringify(payload)), 'k1', options.signer ?? seed);
}

/** These records chained in order, as a console stores them. */
export function chainRecords(records: readonly Uint8Array[], stream = STREAM): ChainRecord[] {
  let link = genesisLink(stream);
  return records.map((bytes, i) => {
    link = nextLink(link, i + 1, recordDigest(bytes));
    return { position: i + 1, bytes, link };
  });
}

/** What a log holds for these records: their leaf hashes, one after the other. */
export function leavesOf(records: readonly ChainRecord[], stream = STREAM): Uint8Array {
  const leaves = new Uint8Array(records.length * 32);
  records.forEach(({ position, link }, i) => {
    leaves.set(leafHash(formatEntry({ stream, position, link })), i * 32);
  });
  return leaves;
}

/** Serves what is stored, whatever it is, by position. */
export function recordSource(records: readonly ChainRecord[]): Pick<EvidenceSource, 'records'> {
  return {
    async *records(_stream, from, to) {
      for (const record of records) if (record.position >= from && record.position <= to) yield record;
    },
  };
}
