import { equalBytes } from '@/lib/core/bytes';
import { formatBase64, formatHex } from '@/lib/core/encoding';
import { readRecord } from '@/lib/decisions/read-record';
import { genesisLink, nextLink, recordDigest } from '@/lib/integrity/chain';
import type { Check } from '@/lib/integrity/check';
import { type EnvelopeKey, parseEnvelope, verifyEnvelopeAsync } from '@/lib/integrity/dsse';
import type { ChainFinding } from '@/lib/integrity/walk-chain';
import type { StreamRun } from './evidence-source';
import { SequenceLedger } from './sequence-ledger';
import type { StreamReport } from './verify-stream';

const figure = (n: number) => n.toLocaleString('en');
const plural = (n: number, one: string) => `${figure(n)} ${n === 1 ? one : `${one}s`}`;

/**
 * What can be said of a stream by someone who holds only some of its records: each one's signature, each one's link from
 * the link before it, that the runs between fold from one to the next, and that no counter came twice. Whether records
 * are missing elsewhere needs the whole stream and is not checked.
 */
export async function verifyRuns(
  walk: { stream: string; keys: readonly EnvelopeKey[]; expected: ReadonlyMap<number, Uint8Array> },
  runs: readonly StreamRun[],
): Promise<Pick<StreamReport, 'checks' | 'links' | 'points'>> {
  const { stream, keys, expected } = walk;
  const links = new Map<number, Uint8Array>();
  const found = { link: [] as ChainFinding[], signature: [] as ChainFinding[], seq: [] as ChainFinding[] };
  const differing: number[] = [];
  const ledger = new SequenceLedger();
  let bridged = 0;

  for (const run of runs) {
    let { position, link } = run.after;
    if (position === 0 && !equalBytes(link, genesisLink(stream)))
      found.link.push({
        code: 'genesis_mismatch',
        where: { stream, position: 0 },
        expected: formatHex(genesisLink(stream)),
        computed: formatHex(link),
      });
    for (const { digest, held } of run.steps) {
      position++;
      if (!held) {
        link = nextLink(link, position, digest);
        bridged++;
        continue;
      }
      const where = { stream, position, byteFrom: 0, byteTo: held.bytes.length };
      const own = recordDigest(held.bytes);
      const computed = nextLink(link, position, own);
      if (!equalBytes(computed, held.link))
        found.link.push({
          code: 'link_mismatch',
          where,
          expected: formatHex(held.link),
          computed: formatHex(computed),
        });
      // As in a walk over the whole stream: one changed record is one finding, not one for each after it.
      link = held.link;
      const copy = expected.get(position);
      if (!equalBytes(own, digest) || (copy && !equalBytes(copy, held.bytes))) differing.push(position);
      else links.set(position, held.link);
      const envelope = parseEnvelope(held.bytes);
      if (!envelope.ok) {
        found.signature.push({ code: envelope.code, where });
        continue;
      }
      const verified = await verifyEnvelopeAsync(envelope.value, keys);
      if (!verified.ok) found.signature.push({ code: verified.code, where });
      const read = readRecord({ envelope: formatBase64(held.bytes) });
      if (!read.ok) {
        found.seq.push({ code: 'payload_syntax', where });
        continue;
      }
      const { payload } = read.value;
      if (payload.stream !== stream)
        found.seq.push({ code: 'stream_mismatch', where, expected: stream, computed: payload.stream });
      ledger.add(payload.seq);
    }
  }

  const records = links.size + differing.length;
  const missing = [...expected.keys()].find(
    (position) => !links.has(position) && !differing.includes(position),
  );
  const isWhole = runs.length === 1 && runs[0]?.after.position === 0 && bridged === 0;
  const line = (base: Omit<Check, 'verdict'>, findings: readonly ChainFinding[]): Check => {
    const [finding] = findings;
    if (finding) return { ...base, verdict: 'invalid', ...finding };
    if (records === 0)
      return { ...base, verdict: 'not-checked', where: { stream }, reason: 'no records were given' };
    return { ...base, verdict: 'valid', where: { stream } };
  };
  const held = plural(records, 'record');
  const checks: Check[] = [
    line(
      {
        id: 'chain.signature',
        title: 'Signatures',
        compared: `${held}, each against the Ed25519 keys registered for its producer`,
        key: keys.map(({ keyid }) => keyid).join(', '),
      },
      found.signature,
    ),
    line(
      {
        id: 'chain.link',
        title: 'Chain',
        compared: `the link of ${held}, recomputed as BLAKE2b-512 over the link before, the position and the record${bridged > 0 ? `, with ${plural(bridged, 'digest')} between` : ''}`,
      },
      found.link,
    ),
    startCheck(stream, runs),
    seqCheck(stream, held, found.seq, ledger, isWhole),
    copyCheck(stream, differing, missing),
  ];
  return { checks, links, points: [] };
}

/** Whether the runs go back to the first record without a gap. */
function startCheck(stream: string, runs: readonly StreamRun[]): Check {
  const base = {
    id: 'chain.start',
    title: 'Whole stream',
    compared: 'the chain from the first record of the stream to these records',
    where: { stream },
  };
  const [first] = runs;
  if (first && runs.length === 1 && first.after.position === 0) return { ...base, verdict: 'valid' };
  return {
    ...base,
    verdict: 'not-checked',
    reason:
      'the package holds these records and not the stream before and between them; the links before them are given, and the log fixes each of them',
  };
}

/** A counter that came twice is always wrong; a hole shows only where every record from the first is held. */
function seqCheck(
  stream: string,
  held: string,
  findings: readonly ChainFinding[],
  ledger: SequenceLedger,
  isWhole: boolean,
): Check {
  const base = {
    id: 'chain.seq',
    title: 'Position',
    compared: `the signed counters of ${held}`,
    where: { stream },
  };
  const [finding] = findings;
  if (finding) return { ...base, verdict: 'invalid', ...finding };
  const [repeated] = ledger.repeated;
  if (repeated !== undefined)
    return { ...base, verdict: 'invalid', code: 'seq_repeated', computed: String(repeated) };
  const [hole] = ledger.state().holes;
  if (isWhole && hole) return { ...base, verdict: 'invalid', code: 'seq_gap', expected: String(hole.from) };
  if (isWhole) return { ...base, verdict: 'valid' };
  return {
    ...base,
    verdict: 'not-checked',
    reason: 'none came twice; whether a number between them never arrived shows only in the whole stream',
  };
}

function copyCheck(stream: string, differing: readonly number[], missing: number | undefined): Check {
  const base = {
    id: 'chain.copy',
    title: 'Copy',
    compared: 'each record with the digest that the chain holds of it',
  };
  const absent = differing[0] ?? missing;
  if (absent === undefined) return { ...base, verdict: 'valid', where: { stream } };
  return { ...base, verdict: 'invalid', code: 'copy_differs', where: { stream, position: absent } };
}
