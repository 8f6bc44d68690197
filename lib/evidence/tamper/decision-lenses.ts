import { utf8 } from '@/lib/core/bytes';
import { formatBase64, formatBase64url, parseBase64, parseBase64url } from '@/lib/core/encoding';
import type { DecisionDetail, RecordView } from '@/lib/decisions/decision-detail';
import { type DecisionRow, decisionRow } from '@/lib/decisions/decision-view';
import { HASH_BYTES, planConsistency } from '@/lib/integrity/merkle';
import { TILE_HEIGHT, TILE_WIDTH, tileOfNode } from '@/lib/integrity/tile';
import type { ChainRecord } from '@/lib/integrity/walk-chain';
import { type DecisionEvidence, verifyEvidence } from './decision-evidence';
import { listEnvelopeSpans } from './envelope-spans';
import { bytesNumber, bytesText, numberBytes, readSpan, type Span, writeSpan } from './lens-values';
import { noteLenses, proofLenses } from './proof-lenses';
import type { Lens, TamperCase } from './tamper-case';

type DecisionLens = Lens<DecisionEvidence>;

const NAMES: Record<string, string> = {
  decision: "the decision's record",
  escalation: "the escalation's record",
  review: "the reviewer's record",
  'approval.issued': "the approval's record",
  'approval.redeemed': "the redemption's record",
  'approval.revoked': "the revocation's record",
  'action.outcome': "the outcome's record",
  'key.added': "the passkey's registration",
  'key.retired': "the passkey's end",
};

const NOT_SIGNED_TIME =
  'When the console accepted a record stands beside it and in no signature: the producer signed its own time, and witnesses fix when the log had it at the latest. Only a time outside the validity of the key is noticed.';

/** A decision's evidence to try tampering with. */
export function decisionCase(evidence: DecisionEvidence): TamperCase<DecisionEvidence> {
  return { evidence, lenses: listLenses, verify: verifyEvidence };
}

function listLenses(evidence: DecisionEvidence): DecisionLens[] {
  const { detail } = evidence;
  const views = [...(detail.record ? [detail.record] : []), ...detail.related];
  return [
    ...views.flatMap((view, i) => recordLenses(view, i === 0 && detail.record !== null)),
    ...neighbourLenses(evidence, views),
    ...rowLenses(detail),
    ...checkpointLenses(evidence),
    ...evidence.inclusions.flatMap((_held, i) => inclusionLenses(evidence, i)),
    ...tokenLenses(evidence),
    ...keyLenses(evidence),
    ...witnessLenses(evidence),
    ...rememberedLenses(evidence),
  ];
}

const decode = (text: string): Uint8Array => {
  const bytes = parseBase64(text);
  return bytes.ok ? bytes.value : new Uint8Array(0);
};

/** A stored record: the same row is what the page shows and what the stream serves, so both copies change. */
function recordLenses(shown: RecordView, isOwn: boolean): DecisionLens[] {
  const artefact = isOwn
    ? (NAMES.decision as string)
    : `${NAMES[shown.kind] ?? 'a joined record'} (${shown.position})`;
  const name = `record ${shown.stream} ${shown.position}`;
  const is = (view: RecordView) => view.stream === shown.stream && view.position === shown.position;
  const change = (
    evidence: DecisionEvidence,
    view: (view: RecordView) => Partial<RecordView>,
    record: (record: ChainRecord) => Partial<ChainRecord>,
  ): DecisionEvidence => {
    const { detail, streams } = evidence;
    const changed = (one: RecordView) => (is(one) ? { ...one, ...view(one) } : one);
    return {
      ...evidence,
      detail: {
        ...detail,
        record: detail.record && changed(detail.record),
        related: detail.related.map(changed),
      },
      streams: streams.map((held) =>
        held.stream === shown.stream
          ? {
              ...held,
              records: held.records.map((one) =>
                one.position === shown.position ? { ...one, ...record(one) } : one,
              ),
            }
          : held,
      ),
    };
  };
  const viewOf = ({ detail }: DecisionEvidence) =>
    [...(detail.record ? [detail.record] : []), ...detail.related].find(is) ?? shown;
  const spans: { field: string; span: Span }[] = listEnvelopeSpans(decode(shown.envelope));
  const envelope = decode(shown.envelope);
  return [
    ...spans.map(
      ({ field, span }): DecisionLens => ({
        id: `${name} ${field}`,
        artefact,
        field,
        read: (evidence) => readSpan(decode(viewOf(evidence).envelope), span),
        write: (evidence, bytes) => {
          const next = writeSpan(envelope, span, bytes);
          return change(
            evidence,
            () => ({ envelope: formatBase64(next) }),
            () => ({ bytes: next }),
          );
        },
      }),
    ),
    {
      id: `${name} any byte`,
      artefact,
      field: 'any byte of it',
      read: (evidence) => decode(viewOf(evidence).envelope),
      write: (evidence, bytes) =>
        change(
          evidence,
          () => ({ envelope: formatBase64(bytes) }),
          () => ({ bytes }),
        ),
    },
    {
      id: `${name} link`,
      artefact,
      field: 'link',
      read: (evidence) => decode(viewOf(evidence).link),
      write: (evidence, bytes) =>
        change(
          evidence,
          () => ({ link: formatBase64(bytes) }),
          () => ({ link: bytes }),
        ),
    },
    {
      id: `${name} position`,
      artefact,
      field: 'position',
      read: (evidence) => numberBytes(viewOf(evidence).position),
      write: (evidence, bytes) =>
        change(
          evidence,
          () => ({ position: bytesNumber(bytes) }),
          () => ({ position: bytesNumber(bytes) }),
        ),
    },
    ...(['id', 'kind', 'occurredAt'] as const).map(
      (column): DecisionLens => ({
        id: `${name} ${column}`,
        artefact,
        field: { id: 'id beside it', kind: 'kind beside it', occurredAt: 'time beside it' }[column],
        read: (evidence) => utf8(viewOf(evidence)[column]),
        write: (evidence, bytes) =>
          change(
            evidence,
            () => ({ [column]: bytesText(bytes) }),
            () => ({}),
          ),
      }),
    ),
    {
      id: `${name} acceptedAt`,
      artefact,
      field: 'time of acceptance',
      unsigned: NOT_SIGNED_TIME,
      read: (evidence) => utf8(viewOf(evidence).acceptedAt),
      write: (evidence, bytes) =>
        change(
          evidence,
          () => ({ acceptedAt: bytesText(bytes) }),
          () => ({}),
        ),
    },
    {
      id: `${name} copy`,
      artefact,
      field: 'the copy shown on this page only',
      read: (evidence) => decode(viewOf(evidence).envelope),
      write: (evidence, bytes) =>
        change(
          evidence,
          () => ({ envelope: formatBase64(bytes) }),
          () => ({}),
        ),
    },
  ];
}

/** Records of the same streams that tell of something else. */
function neighbourLenses(evidence: DecisionEvidence, views: readonly RecordView[]): DecisionLens[] {
  return evidence.streams.flatMap(({ stream, records }, s) => {
    const at = records.findIndex(
      ({ position }) => !views.some((view) => view.stream === stream && view.position === position),
    );
    const shown = records[at];
    if (!shown) return [];
    const artefact = `another record of the stream (${shown.position})`;
    const put = (given: DecisionEvidence, change: Partial<ChainRecord>): DecisionEvidence => ({
      ...given,
      streams: given.streams.map((held, i) =>
        i === s
          ? { ...held, records: held.records.map((one, j) => (j === at ? { ...one, ...change } : one)) }
          : held,
      ),
    });
    const read = (given: DecisionEvidence) => given.streams[s]?.records[at] ?? shown;
    return [
      ...listEnvelopeSpans(shown.bytes).map(
        ({ field, span }): DecisionLens => ({
          id: `neighbour ${stream} ${field}`,
          artefact,
          field,
          read: (given) => readSpan(read(given).bytes, span),
          write: (given, bytes) => put(given, { bytes: writeSpan(shown.bytes, span, bytes) }),
        }),
      ),
      {
        id: `neighbour ${stream} link`,
        artefact,
        field: 'link',
        read: (given) => read(given).link,
        write: (given, bytes) => put(given, { link: bytes }),
      },
    ];
  });
}

/** The row of the search, column by column. */
function rowLenses({ row }: DecisionDetail): DecisionLens[] {
  return (Object.keys(decisionRow.shape) as (keyof DecisionRow)[]).flatMap((column): DecisionLens[] => {
    const value = row[column];
    if (value === null || value === undefined) return [];
    return [
      {
        id: `row ${column}`,
        artefact: 'the row of the search',
        field: column,
        read: ({ detail }) =>
          typeof value === 'number'
            ? numberBytes(Number(detail.row[column]))
            : utf8(
                Array.isArray(value)
                  ? (detail.row[column] as string[]).join('\n')
                  : String(detail.row[column]),
              ),
        write: (evidence, bytes) => ({
          ...evidence,
          detail: {
            ...evidence.detail,
            row: {
              ...evidence.detail.row,
              [column]:
                typeof value === 'number'
                  ? bytesNumber(bytes)
                  : Array.isArray(value)
                    ? bytesText(bytes).split('\n')
                    : bytesText(bytes),
            },
          },
        }),
      },
    ];
  });
}

/** The signed head that the proofs end in: one stored note, wherever it is shown. */
function checkpointLenses(evidence: DecisionEvidence): DecisionLens[] {
  const [first] = evidence.inclusions;
  if (!first) return [];
  return noteLenses<DecisionEvidence>(evidence, 'checkpoint', 'the checkpoint', {
    read: (given) => (given.inclusions[0] ?? first).evidence.checkpoint,
    write: (given, checkpoint) => ({
      ...given,
      inclusions: given.inclusions.map((held) => ({ ...held, evidence: { ...held.evidence, checkpoint } })),
    }),
  });
}

function inclusionLenses(evidence: DecisionEvidence, at: number): DecisionLens[] {
  const held = evidence.inclusions[at];
  if (!held) return [];
  const whose = held.stream.startsWith('console/') ? " of the console's journal" : '';
  return proofLenses<DecisionEvidence>(
    evidence,
    `proof ${at}`,
    `the proof of record ${held.position}${whose}`,
    {
      read: (given) => (given.inclusions[at] ?? held).evidence,
      write: (given, proof) => ({
        ...given,
        inclusions: given.inclusions.map((one, i) => (i === at ? { ...one, evidence: proof } : one)),
      }),
    },
  );
}

function tokenLenses(evidence: DecisionEvidence): DecisionLens[] {
  return evidence.material.approvals.flatMap((approval, at): DecisionLens[] => {
    const put = (given: DecisionEvidence, change: Partial<typeof approval>): DecisionEvidence => ({
      ...given,
      material: {
        ...given.material,
        approvals: given.material.approvals.map((one, i) => (i === at ? { ...one, ...change } : one)),
      },
    });
    const columns = (['id', 'audience'] as const).map(
      (column): DecisionLens => ({
        id: `token ${at} ${column}`,
        artefact: 'the approval token',
        field: { id: 'id beside it', audience: 'gateway beside it' }[column],
        read: (given) => utf8(given.material.approvals[at]?.[column] ?? ''),
        write: (given, bytes) => put(given, { [column]: bytesText(bytes) }),
      }),
    );
    const { token } = approval;
    if (token === null) return columns;
    const whole = utf8(token);
    const [header = '', claims = ''] = token.split('.');
    const ends = [0, header.length + 1, header.length + claims.length + 2, token.length + 1];
    const segments = ['header', 'claims', 'signature'].map((field, i): DecisionLens => {
      const span: Span = { from: ends[i] as number, to: (ends[i + 1] as number) - 1, encoding: 'base64url' };
      return {
        id: `token ${at} ${field}`,
        artefact: 'the approval token',
        field,
        read: (given) => readSpan(utf8(given.material.approvals[at]?.token ?? ''), span),
        write: (given, bytes) => put(given, { token: bytesText(writeSpan(whole, span, bytes)) }),
      };
    });
    return [...segments, ...columns];
  });
}

/** The keys that the console names; what is pinned elsewhere is compared with them by fingerprint. */
function keyLenses(evidence: DecisionEvidence): DecisionLens[] {
  const { material } = evidence;
  const lenses: DecisionLens[] = [];
  const keyBytes = (text: string) => {
    const bytes = parseBase64url(text);
    return bytes.ok ? bytes.value : new Uint8Array(0);
  };
  const used = new Set(evidence.streams.map(({ stream }) => stream));
  material.streams.forEach(({ stream, keys }, s) => {
    if (!used.has(stream)) return;
    keys.forEach((key, k) => {
      const put = (given: DecisionEvidence, change: Partial<typeof key>): DecisionEvidence => ({
        ...given,
        material: {
          ...given.material,
          streams: given.material.streams.map((one, i) =>
            i === s
              ? { ...one, keys: one.keys.map((each, j) => (j === k ? { ...each, ...change } : each)) }
              : one,
          ),
        },
      });
      const artefact = `the key of ${stream.startsWith('console/') ? "the console's journal" : 'the producer'}`;
      const read = (given: DecisionEvidence) => given.material.streams[s]?.keys[k] ?? key;
      lenses.push(
        {
          id: `key ${stream} ${k} public key`,
          artefact,
          field: 'public key',
          read: (given) => keyBytes(read(given).publicKey),
          write: (given, bytes) => put(given, { publicKey: formatBase64url(bytes) }),
        },
        {
          id: `key ${stream} ${k} key id`,
          artefact,
          field: 'key id',
          read: (given) => utf8(read(given).keyid),
          write: (given, bytes) => put(given, { keyid: bytesText(bytes) }),
        },
      );
    });
  });
  if (material.log) {
    const { origin, vkey } = material.log;
    const put = (given: DecisionEvidence, change: Partial<{ origin: string; vkey: string }>) => ({
      ...given,
      material: { ...given.material, log: given.material.log && { ...given.material.log, ...change } },
    });
    lenses.push(
      {
        id: 'log vkey',
        artefact: "the log's key",
        field: 'verifier key',
        read: (given) => utf8(given.material.log?.vkey ?? vkey),
        write: (given, bytes) => put(given, { vkey: bytesText(bytes) }),
      },
      {
        id: 'log origin',
        artefact: "the log's key",
        field: 'name',
        read: (given) => utf8(given.material.log?.origin ?? origin),
        write: (given, bytes) => put(given, { origin: bytesText(bytes) }),
      },
    );
  }
  return lenses;
}

function witnessLenses(evidence: DecisionEvidence): DecisionLens[] {
  return evidence.witnesses.flatMap((witness, at): DecisionLens[] => {
    const artefact = `the receipt of ${witness.witness}`;
    const read = (given: DecisionEvidence) => given.witnesses[at] ?? witness;
    const put = (given: DecisionEvidence, change: Partial<typeof witness>): DecisionEvidence => ({
      ...given,
      witnesses: given.witnesses.map((one, i) => (i === at ? { ...one, ...change } : one)),
    });
    const stamped = `what ${witness.witness} stamped`;
    return [
      {
        id: `receipt ${at}`,
        artefact,
        field: 'any byte of it',
        read: (given) => read(given).receipt,
        write: (given, bytes) => put(given, { receipt: bytes }),
      },
      ...noteLenses<DecisionEvidence>(evidence, `receipt ${at} checkpoint`, stamped, {
        read: (given) => read(given).inclusion.checkpoint,
        write: (given, checkpoint) => put(given, { inclusion: { ...read(given).inclusion, checkpoint } }),
      }),
      ...proofLenses<DecisionEvidence>(evidence, `receipt ${at} proof`, `the proof under ${stamped}`, {
        read: (given) => read(given).inclusion,
        write: (given, inclusion) => put(given, { inclusion }),
      }),
    ];
  });
}

/** The head that this browser remembers, as if somebody had changed its memory, and the tiles of the proof from it. */
function rememberedLenses(evidence: DecisionEvidence): DecisionLens[] {
  const { remembered } = evidence;
  if (!remembered) return [];
  const artefact = 'what this browser remembers of the log';
  const put = (given: DecisionEvidence, change: Partial<typeof remembered>): DecisionEvidence => ({
    ...given,
    remembered: { ...(given.remembered ?? remembered), ...change },
  });
  return [
    {
      id: 'remembered size',
      artefact,
      field: 'size',
      read: (given) => numberBytes(given.remembered?.size ?? 0),
      write: (given, bytes) => put(given, { size: bytesNumber(bytes) }),
    },
    {
      id: 'remembered root',
      artefact,
      field: 'root',
      read: (given) => given.remembered?.root ?? new Uint8Array(0),
      write: (given, bytes) => put(given, { root: bytes }),
    },
    {
      id: 'remembered vkey',
      artefact,
      field: 'verifier key',
      read: (given) => utf8(given.remembered?.vkey ?? ''),
      write: (given, bytes) => put(given, { vkey: bytesText(bytes) }),
    },
    ...evidence.tiles.flatMap((_held, at) => tileLenses(evidence, at)),
  ];
}

/** The hashes of a tile that the proof from the remembered head passes through; the others belong to other proofs. */
function tileLenses(evidence: DecisionEvidence, at: number): DecisionLens[] {
  const held = evidence.tiles[at];
  const size = evidence.inclusions[0]?.evidence.size ?? 0;
  const plan = planConsistency(evidence.remembered?.size ?? 0, size);
  if (!held || !plan.ok) return [];
  const { tile, bytes: whole } = held;
  const used = new Set<number>();
  for (const node of plan.value.flat()) {
    const of = tileOfNode(node, size);
    if (of.level !== tile.level || of.n !== tile.n) continue;
    const span = 2 ** (node.level % TILE_HEIGHT);
    for (let i = 0; i < span; i++) used.add((node.index * span + i) % TILE_WIDTH);
  }
  return [...used].map((hash) => {
    const span: Span = { from: hash * HASH_BYTES, to: (hash + 1) * HASH_BYTES, encoding: 'plain' };
    return {
      id: `tile ${at} hash ${hash}`,
      artefact: `tile ${tile.n} of level ${tile.level} of the log`,
      field: `hash ${hash + 1}`,
      read: (given) => readSpan(given.tiles[at]?.bytes ?? whole, span),
      write: (given, bytes) => ({
        ...given,
        tiles: given.tiles.map((one, i) =>
          i === at ? { ...one, bytes: writeSpan(whole, span, bytes) } : one,
        ),
      }),
    };
  });
}
