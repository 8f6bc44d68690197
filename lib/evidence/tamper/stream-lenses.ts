import { utf8 } from '@/lib/core/bytes';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import { listEnvelopeSpans } from './envelope-spans';
import { bytesNumber, bytesText, numberBytes, readSpan, type Span, writeSpan } from './lens-values';
import { noteLenses, proofLenses } from './proof-lenses';
import { type StreamEvidence, verifyStreamEvidence } from './stream-evidence';
import type { Lens, TamperCase } from './tamper-case';

type StreamLens = Lens<StreamEvidence>;

/** The end of a stream and its place in the log, to try tampering with. */
export function streamCase(evidence: StreamEvidence): TamperCase<StreamEvidence> {
  return { evidence, lenses: listLenses, verify: verifyStreamEvidence };
}

function listLenses(evidence: StreamEvidence): StreamLens[] {
  const newest = evidence.records.length - 1;
  const earlier = Math.floor(newest / 2);
  return [
    ...recordLenses(evidence, newest, 'the newest record'),
    ...(earlier < newest ? recordLenses(evidence, earlier, 'an earlier record') : []),
    ...entryLenses(evidence),
    ...proofLenses(evidence, 'proof', 'the proof of the newest record', {
      read: (given: StreamEvidence) => given.inclusion,
      write: (given, inclusion) => ({ ...given, inclusion }),
    }),
    ...noteLenses(evidence, 'checkpoint', 'the checkpoint', {
      read: (given: StreamEvidence) => given.inclusion.checkpoint,
      write: (given, checkpoint) => ({ ...given, inclusion: { ...given.inclusion, checkpoint } }),
    }),
    {
      id: 'log vkey',
      artefact: "the log's key",
      field: 'verifier key',
      read: (given) => utf8(given.log.vkey),
      write: (given, bytes) => ({ ...given, log: { ...given.log, vkey: bytesText(bytes) } }),
    },
  ];
}

function recordLenses(evidence: StreamEvidence, at: number, words: string): StreamLens[] {
  const shown = evidence.records[at];
  if (!shown) return [];
  const artefact = `${words} (${shown.position})`;
  const read = (given: StreamEvidence) => given.records[at] ?? shown;
  const put = (given: StreamEvidence, change: Partial<ChainRecord>): StreamEvidence => ({
    ...given,
    records: given.records.map((record, i) => (i === at ? { ...record, ...change } : record)),
  });
  return [
    ...listEnvelopeSpans(shown.bytes).map(
      ({ field, span }): StreamLens => ({
        id: `record ${at} ${field}`,
        artefact,
        field,
        read: (given) => readSpan(read(given).bytes, span),
        write: (given, bytes) => put(given, { bytes: writeSpan(shown.bytes, span, bytes) }),
      }),
    ),
    {
      id: `record ${at} any byte`,
      artefact,
      field: 'any byte of it',
      read: (given) => read(given).bytes,
      write: (given, bytes) => put(given, { bytes }),
    },
    {
      id: `record ${at} link`,
      artefact,
      field: 'link',
      read: (given) => read(given).link,
      write: (given, bytes) => put(given, { link: bytes }),
    },
    {
      id: `record ${at} position`,
      artefact,
      field: 'position',
      read: (given) => numberBytes(read(given).position),
      write: (given, bytes) => put(given, { position: bytesNumber(bytes) }),
    },
  ];
}

/** `0x01 ‖ u16be(len stream) ‖ stream ‖ u64be(position) ‖ link` */
function entryLenses({ entry, stream }: StreamEvidence): StreamLens[] {
  const name = utf8(stream).length;
  const ends: [field: string, length: number][] = [
    ['version', 1],
    ["length of the stream's name", 2],
    ["stream's name", name],
    ['position', 8],
    ['link', entry.length - 11 - name],
  ];
  let from = 0;
  return ends.map(([field, length]) => {
    const span: Span = { from, to: from + length, encoding: 'plain' };
    from += length;
    return {
      id: `entry ${field}`,
      artefact: "the log's entry of the newest record",
      field,
      read: (given) => readSpan(given.entry, span),
      write: (given, bytes) => ({ ...given, entry: writeSpan(entry, span, bytes) }),
    };
  });
}
