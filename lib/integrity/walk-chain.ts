/**
 * Walks one stream record by record: envelope, producer's signature, digest, link, and the producer's own
 * counter. Records are pushed in order, as many at a time as the caller likes; signatures are verified off the
 * calling thread while the chain goes on, so pushes need not be awaited one by one.
 *
 * After a broken link the walk goes on from the stored link, so that one changed record is one finding, not
 * one for every record after it.
 */
import { decodeUtf8, equalBytes } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { isJsonObject, parseJson } from '@/lib/core/json';
import { genesisLink, LINK_BYTES, nextLink, recordDigest } from '@/lib/integrity/chain';
import type { Check, CheckWhere } from '@/lib/integrity/check';
import {
  type Envelope,
  type EnvelopeErrorCode,
  type EnvelopeKey,
  MAX_RECORD_BYTES,
  parseEnvelope,
  verifyEnvelopeAsync,
} from '@/lib/integrity/dsse';

/** A stored record: its place, its bytes as received, and the link that was stored with it. */
export type ChainRecord = {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly link: Uint8Array;
};

export type ChainFindingCode =
  | EnvelopeErrorCode
  | 'key_unknown'
  | 'signature_invalid'
  | 'payload_syntax'
  | 'stream_mismatch'
  | 'genesis_mismatch'
  | 'position_gap'
  | 'link_mismatch'
  | 'seq_gap'
  | 'seq_repeated';

export type ChainFinding = {
  readonly code: ChainFindingCode;
  readonly where: CheckWhere;
  readonly expected?: string;
  readonly computed?: string;
};

/**
 * The first record of a walk that was not told the link before it. `findJoint` checks it once that link is known, so
 * that the parts of a stream can be walked side by side and joined end to end.
 */
export type ChainJoint = {
  readonly position: number;
  /** Of the record's bytes, as recomputed. */
  readonly digest: Uint8Array;
  /** As stored. */
  readonly link: Uint8Array;
  readonly byteCount: number;
};

/** Where a walk stands; give it to `createChainWalk` to go on later. */
export type ChainWalkState = {
  readonly position: number;
  /** Null while the walk was neither told a link nor has seen a record. */
  readonly link: Uint8Array | null;
  readonly seq?: number;
};

export type ChainWalk = {
  /** Findings of this record (none when it is whole), in the order chain, counter, signature. */
  push(record: ChainRecord): Promise<ChainFinding[]>;
  state(): ChainWalkState;
  /** Set after the first push when the walk began at an unknown link. */
  joint(): ChainJoint | undefined;
  /** Waits for every signature and sums up: signatures, links, counter. */
  finish(): Promise<Check[]>;
};

/**
 * `fromPosition` and `fromLink` are those of the last record already known (0 and the stream's genesis link to
 * begin at the beginning; null for a link that is not known yet, see `joint`); `fromSeq` is its counter where known.
 */
export function createChainWalk(start: {
  stream: string;
  fromPosition: number;
  fromLink: Uint8Array | null;
  fromSeq?: number;
  keys: readonly EnvelopeKey[];
}): ChainWalk {
  const { stream, keys } = start;
  let position = start.fromPosition;
  let link = start.fromLink;
  let joint: ChainJoint | undefined;
  let seq = start.fromSeq ?? (position === 0 ? 0 : undefined);
  let walked = 0;
  const tally: ChainFinding[] = [];
  const pending = new Set<Promise<unknown>>();
  const opening = link === null ? [] : checkGenesis(link);

  function checkGenesis(given: Uint8Array): ChainFinding[] {
    if (position !== 0) return [];
    const genesis = genesisLink(stream);
    if (equalBytes(genesis, given)) return [];
    const expected = formatHex(genesis);
    return [
      { code: 'genesis_mismatch', where: { stream, position: 0 }, expected, computed: formatHex(given) },
    ];
  }

  function checkLink(record: ChainRecord): ChainFinding[] {
    const findings = walked === 1 ? [...opening] : [];
    const here: ChainJoint = {
      position: record.position,
      digest: recordDigest(record.bytes),
      link: record.link,
      byteCount: record.bytes.length,
    };
    if (link === null) joint = here;
    else findings.push(...findJoint(stream, { position, link }, here));
    position = record.position;
    link = record.link;
    return findings;
  }

  function checkPayload(envelope: Envelope, where: CheckWhere): ChainFinding[] {
    const head = parseHead(envelope.payload);
    if (!head) {
      seq = undefined;
      return [{ code: 'payload_syntax', where }];
    }
    const findings: ChainFinding[] = [];
    if (head.stream !== stream) {
      findings.push({ code: 'stream_mismatch', where, expected: stream, computed: head.stream });
    }
    if (seq !== undefined && head.seq !== seq + 1) {
      const code = head.seq === seq ? 'seq_repeated' : 'seq_gap';
      findings.push({ code, where, expected: String(seq + 1), computed: String(head.seq) });
    }
    seq = head.seq;
    return findings;
  }

  async function checkSignature(envelope: Envelope, where: CheckWhere): Promise<ChainFinding[]> {
    const verified = await verifyEnvelopeAsync(envelope, keys);
    return verified.ok ? [] : [{ code: verified.code, where }];
  }

  // Chain and counter are checked before the first await, so that the order of calls is the order of records.
  async function checkRecord(record: ChainRecord): Promise<ChainFinding[]> {
    walked++;
    const where = { stream, position: record.position, byteFrom: 0, byteTo: record.bytes.length };
    const findings = checkLink(record);
    const envelope = parseEnvelope(record.bytes);
    if (envelope.ok) {
      findings.push(...checkPayload(envelope.value, where));
      findings.push(...(await checkSignature(envelope.value, where)));
    } else {
      seq = undefined;
      findings.push({ code: envelope.code, where });
    }
    tally.push(...findings);
    return findings;
  }

  function push(record: ChainRecord): Promise<ChainFinding[]> {
    const checked = checkRecord(record).finally(() => pending.delete(checked));
    pending.add(checked);
    return checked;
  }

  async function finish(): Promise<Check[]> {
    while (pending.size > 0) await Promise.all(pending);
    return summariseWalk(stream, walked, tally);
  }

  return {
    push,
    finish,
    joint: () => joint,
    state: () => ({ position, link, ...(seq !== undefined && { seq }) }),
  };
}

/** What is wrong between a record and the one before it: its place, or the link that does not follow. */
export function findJoint(
  stream: string,
  before: { readonly position: number; readonly link: Uint8Array },
  record: ChainJoint,
): ChainFinding[] {
  const where = { stream, position: record.position };
  if (record.position !== before.position + 1) {
    const expected = String(before.position + 1);
    return [{ code: 'position_gap', where, expected, computed: String(record.position) }];
  }
  // A stored link of another length was a finding of its own record; nothing can be computed from it.
  const computed =
    before.link.length === LINK_BYTES
      ? nextLink(before.link, record.position, record.digest)
      : new Uint8Array(0);
  if (equalBytes(computed, record.link)) return [];
  return [
    {
      code: 'link_mismatch',
      where: { ...where, byteFrom: 0, byteTo: record.byteCount },
      expected: formatHex(record.link),
      computed: formatHex(computed),
    },
  ];
}

/** Only what the chain itself depends on; the record's full schema belongs to its domain. */
function parseHead(payload: Uint8Array): { stream: string; seq: number } | undefined {
  const text = decodeUtf8(payload);
  if (!text.ok) return undefined;
  const json = parseJson(text.value, { maxBytes: MAX_RECORD_BYTES });
  if (!json.ok || !isJsonObject(json.value)) return undefined;
  const { stream, seq } = json.value;
  if (typeof stream !== 'string' || typeof seq !== 'number' || seq < 1) return undefined;
  return { stream, seq };
}

const GROUPS = [
  {
    id: 'chain.link',
    title: 'Hash chain',
    compared:
      'each stored link against BLAKE2b-512 over the previous link, the position and the record bytes',
    codes: ['genesis_mismatch', 'position_gap', 'link_mismatch'],
  },
  {
    id: 'chain.seq',
    title: "Producer's counter",
    compared: "each record's signed seq and stream against the record before it",
    codes: ['payload_syntax', 'stream_mismatch', 'seq_gap', 'seq_repeated'],
  },
  {
    id: 'chain.signature',
    title: "Producer's signatures",
    compared: "each record's Ed25519 signature against the keys registered for its producer",
    codes: undefined,
  },
] as const;

/** Signatures, links and counter of `walked` records of a stream, each VALID unless a finding of its kind is given. */
export function summariseWalk(stream: string, walked: number, findings: readonly ChainFinding[]): Check[] {
  const named = GROUPS.flatMap(({ codes }) => codes ?? []) as readonly string[];
  return GROUPS.map(({ id, title, compared, codes }): Check => {
    const mine = findings.filter(({ code }) =>
      codes ? (codes as readonly string[]).includes(code) : !named.includes(code),
    );
    const first = mine[0];
    if (first) return { id, title, compared, verdict: 'invalid', ...first };
    if (walked === 0) {
      return {
        id,
        title,
        compared,
        verdict: 'not-checked',
        where: { stream },
        reason: 'no records were given',
      };
    }
    return { id, title, compared, verdict: 'valid', where: { stream } };
  });
}
