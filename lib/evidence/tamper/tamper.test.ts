import { describe, expect, it } from 'vitest';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import { publicKeyOf } from '@/lib/core/ed25519';
import { formatBase64 } from '@/lib/core/encoding';
import { formatDigest, sha256 } from '@/lib/core/hash';
import { signCosignature } from '@/lib/integrity/cosignature';
import { formatEntry } from '@/lib/integrity/entry';
import { inclusionProof, leafHash, nodeHash } from '@/lib/integrity/merkle';
import { formatSignatureLine, parseNote } from '@/lib/integrity/note';
import { formatNoteKey, NOTE_KEY_TYPE, noteKeyOf } from '@/lib/integrity/note-key';
import { mineHeader, pathTo, proofBytes } from '@/lib/integrity/witness/opentimestamps/testing/build-proof';
import { tellStory } from '../decision-story';
import type { WitnessEvidence } from '../evidence-source';
import { reconstruct } from '../reconstruct';
import { body, buildCase, earlierRoot, PRODUCER } from '../testing/build-case';
import { interleave, LOG, logSource, tenantMaterial } from '../testing/build-log';
import { chainRecords, STREAM, signRecord } from '../testing/build-stream';
import { withFingerprint } from '../trust/root-bytes';
import type { TrustRoot, TrustRootOf } from '../trust/trust-root';
import { captureDecision, verifyEvidence } from './decision-evidence';
import { decisionCase } from './decision-lenses';
import { captureStream } from './stream-evidence';
import { streamCase } from './stream-lenses';
import {
  applyTamper,
  compareChecks,
  listTamperTargets,
  type TamperCase,
  type TamperTarget,
} from './tamper-case';

const NOW = Date.UTC(2026, 10, 20, 7);
const PINNED = { by: 'Meera Iyer on this console', at: '2026-11-20T06:00:00.000Z' };

function pin<K extends TrustRoot['kind']>(root: Omit<TrustRootOf<K>, 'fingerprint'>): TrustRoot {
  const made = withFingerprint(root as never) as { ok: true; value: TrustRoot } | { ok: false; code: string };
  if (!made.ok) throw new Error(made.code);
  return made.value;
}

/** A decision with two witnesses whose roots are pinned: a block that is mined here, and a cosigner. */
async function makeDecision() {
  const { detail, material, source, streams } = buildCase();
  const inclusion = await source.inclusion(PRODUCER, 3);
  if (!inclusion || !material.log) throw new Error('the case is in its log');
  const digest = sha256(inclusion.checkpoint);
  const cosigner = { name: 'witness.example', seed: new Uint8Array(32).fill(8) };
  const note = parseNote(inclusion.checkpoint);
  if (!note.ok) throw new Error(note.code);
  const atS = Date.UTC(2026, 10, 20, 6, 40) / 1_000;
  const cosigned = formatSignatureLine(signCosignature(note.value.text, cosigner, atS));
  const witnesses: WitnessEvidence[] = [
    {
      witness: 'calendar',
      type: 'opentimestamps',
      receipt: proofBytes(pathTo(digest, [], { kind: 'bitcoin', height: 7 })),
      inclusion,
    },
    { witness: 'partner', type: 'c2sp', receipt: utf8(cosigned), inclusion },
  ];
  const trust = [
    pin<'bitcoin-header'>({
      kind: 'bitcoin-header',
      name: 'Bitcoin block 7',
      height: 7,
      header: formatBase64(mineHeader(digest, atS)),
      pinned: PINNED,
    }),
    pin<'witness'>({
      kind: 'witness',
      name: 'partner',
      vkey: formatNoteKey(noteKeyOf(cosigner.name, NOTE_KEY_TYPE.cosignatureV1, publicKeyOf(cosigner.seed))),
      pinned: PINNED,
    }),
  ];
  source.witnesses = async () => witnesses;
  const remembered = {
    origin: material.log.origin,
    size: 3,
    root: earlierRoot(streams, 3),
    vkey: material.log.vkey,
    atMs: NOW - 60_000,
  };
  const given = await captureDecision(detail, { ...material, trust }, source, { remembered, nowMs: NOW });
  return decisionCase(given);
}

async function makeStream() {
  const records = chainRecords(Array.from({ length: 40 }, (_, i) => signRecord(i + 1)));
  const streams = new Map([[STREAM, records]]);
  const entries = interleave(streams);
  const getNode = (level: number, index: number): Uint8Array =>
    level === 0
      ? leafHash(formatEntry(entries[index] as (typeof entries)[number]))
      : nodeHash(getNode(level - 1, index * 2), getNode(level - 1, index * 2 + 1));
  const source = logSource(streams, entries);
  const checkpoint = await source.checkpoint();
  const [material] = tenantMaterial(streams).streams;
  if (!material) throw new Error('no stream');
  const captured = await captureStream({ ...material, integrated: 40 }, LOG, {
    ...source,
    inclusion: async (_stream, position) => {
      const proof = inclusionProof(position - 1, 40, getNode);
      return proof.ok ? { index: position - 1, size: 40, hashes: proof.value, checkpoint } : null;
    },
    witnesses: async () => [],
  });
  if (!captured) throw new Error('the stream is in the log');
  return streamCase(captured);
}

interface Survey {
  field: string;
  caught: Set<string>;
  survived: number[];
  unsigned: boolean;
}

/** Changes the bits that `bitsOf` names of every field, one at a time, and notes which check fails first for each. */
async function survey<E>(
  given: TamperCase<E>,
  bitsOf: (target: TamperTarget) => readonly number[],
): Promise<Survey[]> {
  const baseline = await given.verify(given.evidence);
  expect(baseline.filter(({ verdict }) => verdict === 'invalid')).toEqual([]);
  const rows: Survey[] = [];
  for (const target of listTamperTargets(given)) {
    const row: Survey = {
      field: `${target.artefact}: ${target.field}`,
      caught: new Set(),
      survived: [],
      unsigned: target.unsigned !== undefined,
    };
    for (const bit of bitsOf(target)) {
      const tampered = applyTamper(given, target.id, bit);
      if (!tampered) throw new Error(`${target.id} has nothing to change`);
      const [first] = compareChecks(baseline, await given.verify(tampered.evidence));
      if (first?.after?.verdict === 'invalid') row.caught.add(first.after.id);
      else if (first) row.caught.add(`${first.before.id} (no longer VALID)`);
      else row.survived.push(bit);
    }
    rows.push(row);
  }
  return rows;
}

function print(title: string, rows: readonly Survey[]): void {
  const width = Math.max(...rows.map(({ field }) => field.length));
  const lines = rows.map(
    ({ field, caught, survived }) =>
      `  ${field.padEnd(width)}  ${[...caught].join(', ')}${survived.length > 0 ? ' (signed by nobody)' : ''}`,
  );
  process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
}

/** The first and the last bit of a field, and one between. */
const threeBits = ({ length }: TamperTarget) => [
  ...new Set([0, Math.floor(length / 2) * 8 + 3, length * 8 - 1]),
];
const silent = (rows: readonly Survey[]) =>
  rows.filter(({ survived, unsigned }) => survived.length > 0 && !unsigned).map(({ field }) => field);

describe('one bit in every field', () => {
  it('of a decision’s evidence is caught, and what is not is said to be signed by nobody', async () => {
    const rows = await survey(await makeDecision(), threeBits);
    print('One bit of a decision’s evidence: which check fails', rows);
    expect(rows.length).toBeGreaterThan(150);
    expect(silent(rows)).toEqual([]);
    expect(rows.filter(({ unsigned }) => unsigned).every(({ field }) => field.endsWith('acceptance'))).toBe(
      true,
    );
  });

  it('of the end of a stream and of its entry in the log is caught', async () => {
    const rows = await survey(await makeStream(), threeBits);
    print('One bit of a stream and of the log: which check fails', rows);
    expect(rows.length).toBeGreaterThan(25);
    expect(silent(rows)).toEqual([]);
  });

  it('in every byte of every record, entry, proof, checkpoint and receipt is caught', async () => {
    const everyByte = ({ id, length }: TamperTarget) =>
      /any byte|receipt \d+$|entry|hash|checkpoint/.test(id)
        ? Array.from({ length }, (_, byte) => byte * 8 + ((byte * 5) % 8))
        : [];
    expect(silent(await survey(await makeStream(), everyByte))).toEqual([]);
    const receipts = (target: TamperTarget) => (/^receipt \d+$/.test(target.id) ? everyByte(target) : []);
    expect(silent(await survey(await makeDecision(), receipts))).toEqual([]);
  });

  it('of what a record refers to by digest is noticed where it is shown', () => {
    const content = 'the prompt';
    const prompt = body.context?.prompt;
    if (!prompt) throw new Error('the case has a prompt');
    const wordsFor = (text: string) =>
      JSON.stringify(
        reconstruct({
          producer: PRODUCER,
          body,
          story: tellStory([]),
          detail: {
            inForce: [],
            versions: [
              {
                digest: prompt.digest,
                kind: 'prompt',
                name: prompt.template,
                version: prompt.version,
                content: text,
              },
            ],
            payloads: [],
            parents: [],
            people: [],
            reviewsWithheld: false,
          },
        }).find(({ key }) => key === 'context'),
      );
    expect(prompt.digest).toBe(formatDigest('sha-256', sha256(utf8(content))));
    const whole = wordsFor(content);
    for (let byte = 0; byte < content.length; byte++) {
      const bytes = utf8(content);
      bytes[byte] = (bytes[byte] as number) ^ 1;
      const changed = decodeUtf8(bytes);
      expect(wordsFor(changed.ok ? changed.value : '')).not.toBe(whole);
    }
  });
});

describe('a try', () => {
  it('leaves the original as it was', async () => {
    const given = await makeDecision();
    const before = await verifyEvidence(given.evidence);
    for (const { id } of listTamperTargets(given)) applyTamper(given, id, 5);
    expect(await verifyEvidence(given.evidence)).toEqual(before);
  });

  it('says which byte it changed, and counts bits round and round', async () => {
    const given = await makeStream();
    const [target] = listTamperTargets(given);
    if (!target) throw new Error('no target');
    const first = applyTamper(given, target.id, 0);
    expect(first).toMatchObject({ byte: 0 });
    expect((first?.before ?? 0) ^ (first?.after ?? 0)).toBe(0x80);
    expect(applyTamper(given, target.id, target.length * 8)).toEqual(first);
    expect(applyTamper(given, 'nothing of that name', 0)).toBeNull();
  });
});
