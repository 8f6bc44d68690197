import { verifyCer as verifyWithPackage } from '@nexart/ai-execution';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decodeUtf8, utf8 } from '@/lib/core/bytes';
import type { JsonObject, JsonValue } from '@/lib/core/json';
import {
  describeVectorCases,
  describeVectors,
  readVectorBytes,
  readVectorJson,
} from '@/lib/core/testing/published-vectors';
import { certificateHashOf, hashCerValue } from './cer-hash';
import {
  asJson,
  attested,
  buildBundle,
  bytesOf,
  NODE,
  packaged,
  receiptOf,
  rootsOf,
  signAs,
} from './testing/build-cer';
import { listCerVectors } from './testing/vector-cases';
import { type CerReport, verifyCer } from './verify-cer';

const ROOTS = rootsOf(NODE);
const broken = (report: CerReport) =>
  [...report.checks, ...report.steps.flatMap(({ checks }) => checks)].flatMap(({ id, verdict, code }) =>
    verdict === 'invalid' ? [`${id} ${code}`] : [],
  );

describeVectorCases('cer', 'the published records', 16, listCerVectors);

describeVectors('cer', 'published hashes', () => {
  it('are the same here', async () => {
    const expected = readVectorJson<Record<string, string>>('cer/upstream/vector-001.expected.json');
    const snapshot = readVectorJson<JsonObject>('cer/upstream/vector-001.snapshot.json');
    expect(hashCerValue(snapshot.input as JsonValue)).toBe(expected.inputHash);
    expect(hashCerValue(snapshot.output as JsonValue)).toBe(expected.outputHash);
    expect(certificateHashOf({ createdAt: '2026-02-12T00:00:00.000Z', snapshot }, 'no-context')).toBe(
      expected.certificateHash,
    );
  });

  it('name what is wrong with each of the tampered projects', async () => {
    const report = async (file: string) => verifyCer(readVectorBytes(`cer/nexart-real/${file}`), []);
    expect(broken(await report('tampered-project-goal.json'))).toEqual(['cer.project cer_project_hash']);
    expect(broken(await report('tampered-project-step-removed.json'))).toContain(
      'cer.project cer_project_hash',
    );
    expect(broken(await report('tampered-project-embedded-output.json'))).toContain(
      'cer.output cer_output_hash',
    );
    expect(broken(await report('tampered-project-steps-swapped.json'))).toEqual([
      'cer.project cer_project_hash',
      'cer.order cer_step_order',
      'cer.order cer_step_order',
      'cer.order cer_step_order',
    ]);
  });

  it('say that a changed summary of a project is covered by nothing', async () => {
    const file = 'cer/nexart-real/note-project-finalOutputSummary-edited-still-valid.json';
    const { verdict, notes } = await verifyCer(readVectorBytes(file), []);
    expect(verdict).toBe('valid');
    expect(notes.join(' ')).toContain('Not covered by the hash of the project: finalOutputSummary.');
  });
});

describe('a record of one execution', () => {
  test('that nobody signed is whole, and the report says what that does not show', async () => {
    const { verdict, notes, checks, summary } = await verifyCer(bytesOf(buildBundle()), ROOTS);
    expect(verdict).toBe('valid');
    expect(checks.map(({ id }) => id)).toEqual(['cer.form', 'cer.input', 'cer.output', 'cer.certificate']);
    expect(notes[0]).toContain('Nobody signed it');
    expect(summary).toContainEqual({ label: 'Execution', text: 'exec-1', form: 'id' });
    expect(JSON.stringify({ checks, summary })).not.toContain('C-1');
  });

  test('whose meta and further members were changed is whole, and they are named as uncovered', async () => {
    const { verdict, notes } = await verifyCer(
      bytesOf({ ...buildBundle(), meta: { source: 'x' }, 'approved<by>': 'me' }),
      [],
    );
    expect(verdict).toBe('valid');
    expect(notes.join(' ')).toContain('approved?by?, meta');
  });

  test('with a context is held to the hash that covers it, or the context is named as uncovered', async () => {
    const bundle = asJson(buildBundle());
    const context = { signals: [{ type: 'policy.check' }] };
    const sealed = { ...bundle, context, certificateHash: '' };
    sealed.certificateHash = certificateHashOf(sealed, 'context');
    const covered = await verifyCer(bytesOf(sealed), []);
    expect(covered.verdict).toBe('valid');
    expect(covered.notes.join(' ')).not.toContain('context');
    expect(broken(await verifyCer(bytesOf({ ...sealed, context: { signals: [] } }), []))).toEqual([
      'cer.certificate cer_certificate_hash',
    ]);
    const { context: _, ...without } = sealed;
    expect(broken(await verifyCer(bytesOf(without), []))).toEqual(['cer.certificate cer_certificate_hash']);
    const added = await verifyCer(bytesOf({ ...bundle, context }), []);
    expect(added.verdict).toBe('valid');
    expect(added.notes.join(' ')).toContain('Not covered by the hash of the record: context');
  });

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'cer_json'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe]), 'cer_json'],
    ['a list', '[]', 'cer_type'],
    ['a kind that is not known', '{"bundleType":"cer.ai.execution.v2"}', 'cer_type'],
    ['a version that is not known', JSON.stringify({ ...buildBundle(), version: '0.2' }), 'cer_version'],
    [
      'a second output that JSON readers pass over',
      JSON.stringify(buildBundle()).replace('"output":', '"output":"x","output":'),
      'cer_json',
    ],
    [
      'an integer that JavaScript rounds',
      JSON.stringify(buildBundle()).replace('"seed":7', '"seed":9007199254740993'),
      'cer_json',
    ],
    [
      'nesting without end',
      `{"bundleType":"cer.ai.execution.v1","x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
      'cer_json',
    ],
    ['no snapshot', JSON.stringify({ ...buildBundle(), snapshot: undefined }), 'cer_shape'],
    ['no prompt', JSON.stringify(buildBundle()).replace('"prompt"', '"Prompt"'), 'cer_shape'],
    [
      'a hash in capitals',
      JSON.stringify(buildBundle()).replace(/"certificateHash":"sha256:[^"]*"/, (text) =>
        text.toUpperCase().replace('CERTIFICATEHASH', 'certificateHash'),
      ),
      'cer_shape',
    ],
    ['16 MiB and more', new Uint8Array(16_777_217).fill(0x20), 'cer_too_large'],
    ['a package around nothing', '{"cer":{}}', 'cer_type'],
  ])('%s is refused with its code', async (_, text, code) => {
    const report = await verifyCer(typeof text === 'string' ? utf8(text) : text, []);
    expect(report.verdict).toBe('invalid');
    expect(report.checks[0]).toMatchObject({ id: 'cer.form', code });
  });
});

const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const held = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.dictionary(fc.string({ unit: 'grapheme' }), json, { maxKeys: 4, noNullPrototype: true }),
);

/** Every place in a JSON value at which something stands. */
function placesOf(value: JsonValue, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...path, name]))];
}

function replaced(value: JsonValue, [name, ...rest]: readonly string[], by: JsonValue): JsonValue {
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((one, at) => (String(at) === name ? replaced(one, rest, by) : one));
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, one]) => [
      key,
      key === name ? replaced(one, rest, by) : one,
    ]),
  );
}

describe('against NexArt’s own package', () => {
  test('every record that it seals is VALID here', async () => {
    await fc.assert(
      fc.asyncProperty(held, held, json, async (input, output, more) => {
        const bundle = buildBundle({ input, output } as never, { workflow: more });
        expect(verifyWithPackage(bundle).ok).toBe(true);
        const { verdict, checks } = await verifyCer(bytesOf(bundle), []);
        expect([verdict, checks.find(({ verdict: one }) => one !== 'valid')]).toEqual(['valid', undefined]);
      }),
      { numRuns: 200 },
    );
  });

  test('one changed place anywhere under the hash is INVALID here and there', async () => {
    const bundle = asJson(buildBundle());
    const places = placesOf(bundle).filter((path) => path.length > 0);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), json, async (path, by) => {
        const changed = replaced(bundle, path, by);
        fc.pre(JSON.stringify(changed) !== JSON.stringify(bundle));
        const report = await verifyCer(bytesOf(changed), []);
        expect(report.verdict).toBe('invalid');
        expect(acceptedThere(changed)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test('one changed byte of the file changes the verdict, unless the text still says the same', async () => {
    const bytes = bytesOf(buildBundle());
    const said = JSON.stringify(JSON.parse(textOf(bytes)));
    let whole = 0;
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ 0x01;
      const report = await verifyCer(changed, []);
      if (report.verdict === 'invalid') continue;
      whole++;
      expect(JSON.stringify(JSON.parse(textOf(changed))), `byte ${at}`).toBe(said);
    }
    // Of this record no such byte exists: white space between members is the only place for one.
    expect(whole).toBe(0);
  });
});

/** It throws for some shapes, which is no acceptance either. */
function acceptedThere(value: JsonValue): boolean {
  try {
    return verifyWithPackage(value as never).ok;
  } catch {
    return false;
  }
}

function textOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  return text.ok ? text.value : '';
}

describe('an attestation', () => {
  test('counts under the key that its node published', async () => {
    const report = await verifyCer(bytesOf(attested(buildBundle())), ROOTS);
    expect(report.verdict).toBe('valid');
    expect(report.checks.find(({ id }) => id === 'cer.attestation')).toMatchObject({
      verdict: 'valid',
      key: NODE.kid,
      root: { name: NODE.nodeId, fingerprint: ROOTS[0]?.fingerprint },
    });
    expect(report.notes.join(' ')).not.toContain('Nobody signed it');
    expect(report.summary).toContainEqual({
      label: 'Attested at',
      text: '2026-11-20T08:00:02.000Z',
      form: 'instant',
    });
  });

  it.each<[string, () => ReturnType<typeof rootsOf>, string]>([
    ['no key is pinned', () => [], 'no key of the node nexart-node-primary is pinned'],
    ['the node is pinned without this key', () => rootsOf({ ...NODE, kid: 'key_02' }), 'do not list key_01'],
    [
      'another node published the same key',
      () => rootsOf({ ...NODE, nodeId: 'other' }),
      'no key of the node',
    ],
  ])('is NOT CHECKED while %s, and names the file that would settle it', async (_, roots, words) => {
    const report = await verifyCer(bytesOf(attested(buildBundle())), roots());
    const line = report.checks.find(({ id }) => id === 'cer.attestation');
    expect(report.verdict).toBe('not-checked');
    expect(line?.reason).toContain(words);
    expect(line?.reason).toContain('nexart-node.json');
  });

  const withAttestation = (attestation: JsonValue): JsonObject => ({
    ...asJson(buildBundle()),
    meta: { attestation },
  });
  const own = receiptOf(buildBundle());
  it.each<[string, JsonObject, string]>([
    [
      'of another record',
      attestedFor(buildBundle({ executionId: 'exec-2' })),
      'cer.attestation.subject cer_receipt_other',
    ],
    [
      'back-dated after it was signed',
      withAttestation({
        receipt: { ...own, timestamp: '2026-01-01T00:00:00.000Z' },
        signature: signAs(NODE, own),
        kid: NODE.kid,
      }),
      'cer.attestation cer_receipt_signature',
    ],
    [
      'signed by another key',
      withAttestation({
        receipt: own,
        signature: signAs({ ...NODE, seed: new Uint8Array(32).fill(6) }, own),
        kid: NODE.kid,
      }),
      'cer.attestation cer_receipt_signature',
    ],
    [
      'with a member that the node never signed, signed all the same',
      withAttestation({
        receipt: { ...own, approved: true },
        signature: signAs(NODE, { ...own, approved: true }),
        kid: NODE.kid,
      }),
      'cer.attestation cer_receipt_shape',
    ],
    [
      'that names two keys',
      withAttestation({ receipt: own, signature: signAs(NODE, own), kid: 'key_02' }),
      'cer.attestation cer_receipt_shape',
    ],
    [
      'without a signature',
      withAttestation({ receipt: own, kid: NODE.kid }),
      'cer.attestation cer_receipt_signature',
    ],
    ['that is a word', withAttestation('attested'), 'cer.attestation cer_receipt_shape'],
  ])('%s is INVALID', async (_, record, line) => {
    expect(broken(await verifyCer(bytesOf(record), ROOTS))).toEqual([line]);
  });

  /** Our record with the attestation of `other`. */
  function attestedFor(other: ReturnType<typeof buildBundle>): JsonObject {
    return { ...asJson(buildBundle()), meta: attested(other).meta as JsonObject };
  }
});

describe('a package', () => {
  const bundle = asJson(buildBundle());

  test('is VALID with its record, its receipt and its envelope', async () => {
    const report = await verifyCer(bytesOf(packaged(bundle)), ROOTS);
    expect(report.checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['cer.form', 'valid'],
      ['cer.input', 'valid'],
      ['cer.output', 'valid'],
      ['cer.certificate', 'valid'],
      ['cer.package-receipt.subject', 'valid'],
      ['cer.package-receipt', 'valid'],
      ['cer.envelope', 'valid'],
    ]);
    expect((await verifyCer(bytesOf(packaged(bundle)), [])).verdict).toBe('not-checked');
  });

  test('whose record has other meta than the node signed is INVALID, though its hash does not cover meta', async () => {
    const changed = { ...packaged(bundle), cer: { ...bundle, meta: { source: 'evil' } } };
    expect(broken(await verifyCer(bytesOf(changed), ROOTS))).toEqual(['cer.envelope cer_envelope_signature']);
  });

  const envelopeOf = (change: JsonObject): JsonObject => {
    const whole = packaged(bundle);
    return { ...whole, verificationEnvelope: { ...(whole.verificationEnvelope as JsonObject), ...change } };
  };
  it.each<[string, JsonObject, string]>([
    ['another kind', envelopeOf({ envelopeType: 'nexart.verification.envelope.v1' }), 'cer_envelope_shape'],
    ['another algorithm', envelopeOf({ algorithm: 'RS256' }), 'cer_envelope_shape'],
    ['two keys', envelopeOf({ kid: 'key_02' }), 'cer_envelope_shape'],
    [
      'another attestation',
      envelopeOf({ attestation: { kid: NODE.kid, attestedAt: '2020-01-01' } }),
      'cer_envelope_signature',
    ],
    [
      'no envelope to its signature',
      { ...packaged(bundle), verificationEnvelope: null },
      'cer_envelope_shape',
    ],
  ])('with an envelope of %s is INVALID', async (_, changed, code) => {
    expect(broken(await verifyCer(bytesOf(changed), ROOTS))).toEqual([`cer.envelope ${code}`]);
  });

  test('an envelope inside the record itself is not passed over as if it had been verified', async () => {
    const record = { ...bundle, meta: { verificationEnvelope: {}, verificationEnvelopeSignature: 'x' } };
    const report = await verifyCer(bytesOf(record), ROOTS);
    expect(report.verdict).toBe('not-checked');
    expect(report.checks.find(({ id }) => id === 'cer.envelope')?.reason).toContain('ask for the package');
  });
});
