import { describe, expect, it } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { formatBase64url } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { softwarePublicKey } from '@/lib/integrity/passkey/software-authenticator';
import { captureDecision, verifyEvidence } from './tamper/decision-evidence';
import { decisionCase } from './tamper/decision-lenses';
import { applyTamper, compareChecks, listTamperTargets } from './tamper/tamper-case';
import { buildCase, type PasskeyLie } from './testing/build-case';
import { verifyDecision } from './verify-decision';

async function run(passkey: PasskeyLie | undefined) {
  const made = buildCase(passkey ? { passkey } : {});
  const { checks } = await verifyDecision(made.detail, made.material, made.source, {
    clock: () => 0,
    nowMs: Date.UTC(2026, 10, 20, 7),
    memory: { points: new Map(), checkpoint: null },
  });
  const invalid = checks.filter(({ verdict }) => verdict === 'invalid').map(({ id }) => id);
  return { checks, invalid, line: checks.find(({ id }) => id === 'review.passkey') };
}

describe("the passkey's line", () => {
  it('is VALID for the very statement, and names the record of the key', async () => {
    const { line, invalid } = await run({});
    expect(invalid).toEqual([]);
    expect(line).toMatchObject({ verdict: 'valid', key: expect.stringContaining('registered by record 1') });
  });

  it('stays VALID after the passkey ended: it was good when it signed', async () => {
    expect((await run({ ended: 'after' })).line?.verdict).toBe('valid');
  });

  it('is NOT CHECKED for a session, and without the record of the key', async () => {
    expect((await run(undefined)).line).toMatchObject({
      verdict: 'not-checked',
      reason: expect.stringContaining('session'),
    });
    expect((await run({ unregistered: true })).line).toMatchObject({
      verdict: 'not-checked',
      reason: expect.stringContaining('registered this passkey'),
    });
  });

  const lies: [string, string, PasskeyLie][] = [
    [
      'the assertion of another statement (spliced ceremonies)',
      'challenge_mismatch',
      { ceremony: { challenge: sha256(utf8('other')) } },
    ],
    ['another origin', 'client_origin_mismatch', { ceremony: { origin: 'https://evil.test' } }],
    ['another relying party', 'rp_id_mismatch', { ceremony: { rpId: 'evil.test' } }],
    ['a relying party that the key is not of', 'rp_id_mismatch', { added: { rp_id: 'other.test' } }],
    ['no user verified', 'user_not_verified', { ceremony: { flags: 0x01 } }],
    ['no user present', 'user_not_present', { ceremony: { flags: 0x04 } }],
    ['a registration', 'client_data_type', { ceremony: { type: 'webauthn.create' } }],
    ["somebody else's passkey", 'passkey_person', { added: { person: 'per_somebody' } }],
    [
      'a key that did not sign',
      'signature_invalid',
      { added: { public_key: formatBase64url(softwarePublicKey(sha256(utf8('b')))) } },
    ],
    ['a passkey that had been revoked', 'passkey_revoked', { ended: 'before' }],
    ['a method without a signature', 'assertion_missing', { review: { passkey: undefined } }],
    [
      'an empty signature',
      'assertion_unreadable',
      {
        review: {
          passkey: {
            credential_id: 'AAAA',
            rp_id: 'a',
            origin: 'a',
            authenticator_data: 'B',
            client_data_json: 'B',
            signature: 'B',
          },
        },
      },
    ],
  ];
  it.each(lies)('is INVALID for %s, although the console signed the record', async (_name, code, lie) => {
    const { line, invalid } = await run(lie);
    expect(line).toMatchObject({ verdict: 'invalid', code });
    expect(invalid).toEqual(['review.passkey']);
  });

  it('a token that says passkey over a session’s verdict is INVALID', async () => {
    const { checks } = await run({ review: { method: 'session', passkey: undefined } });
    expect(checks.find(({ id }) => id === 'token.signature')).toMatchObject({
      verdict: 'invalid',
      code: 'method_mismatch',
    });
  });
});

describe('the tamper drill', () => {
  it('notices a bit in each field of the passkey’s registration and of the signed verdict', async () => {
    const { detail, material, source } = buildCase({ passkey: {} });
    const given = decisionCase(
      await captureDecision(detail, material, source, { remembered: null, nowMs: Date.UTC(2026, 10, 20, 7) }),
    );
    const before = await verifyEvidence(given.evidence);
    const targets = listTamperTargets(given).filter(
      ({ artefact, unsigned }) => /registration|reviewer's record/.test(artefact) && unsigned === undefined,
    );
    expect(new Set(targets.map(({ artefact }) => artefact)).size).toBe(2);
    for (const target of targets) {
      for (const bit of [3, Math.floor(target.length / 2) * 8 + 5, target.length * 8 - 1]) {
        const changed = applyTamper(given, target.id, bit);
        if (!changed) continue;
        const effects = compareChecks(before, await verifyEvidence(changed.evidence));
        expect(
          effects.some(({ after }) => after?.verdict === 'invalid'),
          `${target.id} bit ${bit}`,
        ).toBe(true);
      }
    }
  });
});
