import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { jwkThumbprint, publicKeyOf } from '@/lib/core/ed25519';
import { signEnvelope } from '@/lib/integrity/dsse';
import { conformRecord } from './conform-record';
import { CONFORMANCE_CODES, type ConformanceCode, gravestLevel } from './conformance';
import { completeBody, completePayload } from './testing-body.test-data';

const seed = new Uint8Array(32).fill(7);
const publicKey = publicKeyOf(seed);
const key = { keyid: jwkThumbprint(publicKey), publicKey };
const sign = (payload: unknown, by = seed, keyid = key.keyid) =>
  signEnvelope(utf8(typeof payload === 'string' ? payload : JSON.stringify(payload)), keyid, by);
const codesOf = (bytes: Uint8Array) =>
  conformRecord(bytes, [key]).findings.map(({ code, path }) => [code, path]);

/** The complete payload with one member replaced; `undefined` takes it out. */
function changed(path: string, value: unknown): Record<string, unknown> {
  const payload = structuredClone(completePayload());
  const steps = path.split('.');
  const last = steps.pop() as string;
  let at = payload as Record<string, unknown>;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return payload;
}

describe('what a vendor is told of one record', () => {
  it('nothing, when nothing is missing', () => {
    expect(conformRecord(sign(completePayload()), [key]).findings).toEqual([]);
  });

  it('without a key, that the signature was not checked', () => {
    expect(conformRecord(sign(completePayload()), null).findings).toEqual([
      expect.objectContaining({ code: 'signature_not_checked', level: 'advice' }),
    ]);
  });

  const other = new Uint8Array(32).fill(8);
  const envelopes: [string, Uint8Array, ConformanceCode][] = [
    ['no JSON', utf8('hello'), 'envelope_invalid'],
    ['a payload without its envelope', utf8(JSON.stringify(completePayload())), 'envelope_invalid'],
    [
      'an envelope that nobody signed',
      utf8(`{"payloadType":"application/vnd.countersign.record.v1+json","payload":"e30=","signatures":[]}`),
      'signature_missing',
    ],
    ['another key’s signature under this key’s name', sign(completePayload(), other), 'signature_invalid'],
    ['a key that is not this producer’s', sign(completePayload(), other, 'somebody-else'), 'key_unknown'],
    ['a key of the JSON twice', sign('{"kind":"decision","kind":"decision"}'), 'payload_invalid'],
    ['a float', sign(JSON.stringify(completePayload()).replace('"seq":1', '"seq":1.5')), 'payload_invalid'],
  ];
  it.each(envelopes)('%s', (_name, bytes, code) => {
    expect(codesOf(bytes).map(([found]) => found)).toContain(code);
    expect(gravestLevel(conformRecord(bytes, [key]).findings)).toBe('refused');
  });

  const members: [string, unknown, ConformanceCode, string?][] = [
    ['id', undefined, 'schema_mismatch'],
    ['occurred_at', '2026-11-30 10:00', 'schema_mismatch'],
    ['body.output.action.tier', 'harmless', 'schema_mismatch'],
    ['body.identity.subjects.0.token', 'patient-4711', 'schema_mismatch'],
    ['kind', 'decision.batch', 'schema_mismatch'],
    ['kind', 'review', 'kind_reserved'],
    ['schema_version', '1.9', 'schema_later'],
    ['body.identity.agent.verison', '4.2.0', 'member_unknown'],
    ['mood', 'good', 'member_unknown'],
    ['body.identity.agent.name', 'ask jane.doe@example.org', 'identifier_suspected'],
    ['body.context.routing', 'IBAN DE89370400440532013000', 'identifier_suspected'],
    ['body.identity.agent.version', 'latest', 'agent_version_imprecise'],
    ['body.identity.subjects', [], 'subjects_missing'],
    ['body.identity.principal', undefined, 'principal_missing'],
    ['body.model', undefined, 'model_missing'],
    ['body.model.version', 'stable', 'model_version_imprecise'],
    ['body.model.version', '4', 'model_version_imprecise'],
    ['body.context.prompt', undefined, 'prompt_missing'],
    ['body.context.policy', undefined, 'policy_missing'],
    ['body.context.retrieval.version', 'prod', 'index_version_imprecise'],
    ['body.guardrails', [], 'guardrails_missing'],
    ['body.guardrails.0.score', undefined, 'guardrail_score_missing'],
    ['body.guardrails.0.threshold', undefined, 'guardrail_threshold_missing'],
    ['body.input', undefined, 'input_missing'],
    ['body.output.payload', undefined, 'output_missing'],
    ['body.output.action.action_digest', undefined, 'action_digest_missing'],
    ['body.output.outcome.rule', undefined, 'outcome_rule_missing', 'body.output.outcome'],
  ];
  it.each(members)('%s = %j: %s', (path, value, code, place = path) => {
    const found = codesOf(sign(changed(path, value)));
    const told = found.find(([one]) => one === code);
    expect(told, JSON.stringify(found)).toBeDefined();
    expect(told?.[1]).toBe(place);
  });

  it('no run, session or trace at all', () => {
    const { run_id: _run, session_id: _session, trace_id: _trace, ...identity } = completeBody().identity;
    expect(codesOf(sign(completePayload(1, { body: { ...completeBody(), identity } })))).toEqual([
      ['correlation_missing', 'body.identity'],
    ]);
  });

  it('says where and never what', () => {
    const { findings } = conformRecord(sign(changed('body.identity.agent.name', 'jane.doe@example.org')), [
      key,
    ]);
    expect(findings.map(({ path }) => path)).toEqual(['body.identity.agent.name']);
    expect(JSON.stringify(findings)).not.toContain('jane');
  });

  it('keeps a later schema’s new kind and new values, and refuses them under its own', () => {
    const later = { ...changed('body.output.action.tier', 'unheard-of'), schema_version: '1.4' };
    expect(gravestLevel(conformRecord(sign(later), [key]).findings)).toBe('advice');
    const batch = { ...completePayload(), kind: 'decision.batch', schema_version: '1.4' };
    expect(gravestLevel(conformRecord(sign(batch), [key]).findings)).toBe('advice');
    expect(gravestLevel(conformRecord(sign({ ...batch, schema_version: '1.0' }), [key]).findings)).toBe(
      'refused',
    );
    expect(gravestLevel(conformRecord(sign({ ...later, schema_version: '2.0' }), [key]).findings)).toBe(
      'refused',
    );
  });

  it('has a sentence for every code', () => {
    for (const [level, sentence] of Object.values(CONFORMANCE_CODES)) {
      expect(['refused', 'missing', 'advice']).toContain(level);
      expect(sentence).toMatch(/\.$/);
    }
  });
});
