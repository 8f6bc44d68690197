import type { Check } from '@/lib/integrity/check';
import type { EnvelopeKey } from '@/lib/integrity/dsse';
import { HASH_BYTES } from '@/lib/integrity/merkle';
import type { SequenceLedger } from './sequence-ledger';
import type { StreamFinding } from './verify-range';

const figure = (n: number) => n.toLocaleString('en');
const plural = (n: number, one: string) => `${figure(n)} ${n === 1 ? one : `${one}s`}`;

export function signatureCheck(
  summary: readonly Check[],
  keys: readonly EnvelopeKey[],
  records: number,
): Check {
  const found = summary.find(({ id }) => id === 'chain.signature') as Check;
  return {
    ...found,
    title: 'Signatures',
    compared: `${plural(records, 'record')}, each against the Ed25519 keys registered for its producer`,
    key: keys.map(({ keyid }) => keyid).join(', '),
  };
}

export function linkCheck(summary: readonly Check[], stream: string, origin: string, records: number): Check {
  const found = summary.find(({ id }) => id === 'chain.link') as Check;
  const compared = `${plural(records, 'link')} ${origin} recomputed as BLAKE2b-512 over the link before, the position and the record`;
  return { ...found, title: 'Chain', compared, where: found.where ?? { stream } };
}

export function sequenceCheck(
  ledger: SequenceLedger,
  findings: readonly StreamFinding[],
  stream: string,
  records: number,
): Check {
  const base = {
    id: 'chain.seq',
    title: 'Position',
    compared: `${plural(records, 'signed counter')}: no hole, no repeat`,
  };
  const misplaced = findings.find(({ code }) => code === 'stream_mismatch' || code === 'payload_syntax');
  if (misplaced) return { ...base, verdict: 'invalid', ...misplaced };
  const { last, holes } = ledger.state();
  const hole = holes[0];
  if (hole) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'seq_gap',
      where: { stream },
      compared: `the producer signed ${plural(last, 'record')}; ${hole.from === hole.to ? `number ${hole.from}` : `numbers ${hole.from} to ${hole.to}`} never arrived`,
      expected: String(hole.from),
    };
  }
  if (ledger.repeated.length > 0) {
    return {
      ...base,
      verdict: 'invalid',
      code: 'seq_repeated',
      where: { stream },
      computed: String(ledger.repeated[0]),
    };
  }
  if (records === 0)
    return { ...base, verdict: 'not-checked', where: { stream }, reason: 'no records were given' };
  return { ...base, verdict: 'valid', where: { stream } };
}

export function copyCheck(
  stream: string,
  expected: ReadonlyMap<number, Uint8Array>,
  seen: ReadonlySet<number>,
): Check {
  const base = {
    id: 'chain.copy',
    title: 'Copy',
    compared: 'the record shown on this page with the one in the stream, byte by byte',
  };
  const absent = [...expected.keys()].find((position) => !seen.has(position));
  if (absent === undefined) return { ...base, verdict: 'valid', where: { stream } };
  return { ...base, verdict: 'invalid', code: 'copy_differs', where: { stream, position: absent } };
}

/** That the log holds, for each of these records, the entry of its link. */
export function entryCheck(
  stream: string,
  leaves: Uint8Array,
  compared: number,
  findings: readonly StreamFinding[],
): Check {
  const base = {
    id: 'chain.entry',
    title: 'Entries',
    compared: `${figure(compared)} entries of the log, each rebuilt from the record's own link`,
  };
  const first = findings.find(({ code }) => code === 'entry_mismatch');
  if (first) return { ...base, verdict: 'invalid', ...first };
  const held = leaves.length / HASH_BYTES;
  if (compared === held) return { ...base, verdict: 'valid', where: { stream } };
  return {
    ...base,
    verdict: 'invalid',
    code: 'entry_without_record',
    where: { stream },
    expected: `${figure(held)} records`,
    computed: figure(compared),
  };
}
