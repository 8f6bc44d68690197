import { describe, expect, it } from 'vitest';
import { parseBase64url } from '@/lib/core/encoding';
import { reviewBody } from '@/lib/escalations/record-bodies';
import { reviewChallenge } from '@/lib/escalations/statement';
import { softwarePublicKey } from '@/lib/integrity/passkey/software-authenticator';
import { verifyAssertion } from '@/lib/integrity/passkey/verify-assertion';
import { parseToken } from '@/lib/tokens/token';
import { getPool } from '../database/pool';
import { getDetail } from '../escalations/get-detail';
import {
  at,
  createOrganisation,
  readEscalationPage,
  recordsOf,
  reviewPolicy,
  submitPayment,
  type TestOrganisation,
  verdictOn,
} from '../escalations/testing/escalation-fixture';
import { retirePasskey } from '../passkeys/retire-passkey';
import { PASSKEY_ORIGIN, registerDevice, TestDevice } from '../passkeys/testing/test-device';
import { startTestConsole } from '../testing/test-console';
import { decideEscalation } from './decide';
import { openReview } from './open';
import { prepareVerdict } from './prepare';
import type { Reviewer } from './reviewer';

await startTestConsole();
process.env.COUNTERSIGN_ORIGIN = PASSKEY_ORIGIN;
type Rule = 'optional' | 'approval' | 'every-verdict';
const withRule = (
  rule: Rule,
  quorum: { role: 'reviewer'; count: number }[] = [{ role: 'reviewer', count: 1 }],
) =>
  createOrganisation(
    reviewPolicy({ review: { ...reviewPolicy().review, quorum, passkey: { bounded: rule } } }),
  );
const bank = await withRule('approval');

/** A reviewer with a device, before whom an escalation lies read. */
async function seat(org: TestOrganisation = bank) {
  const reviewer = await org.person(['reviewer']);
  const { device, id: passkey } = await registerDevice(reviewer, {}, at(0));
  const task = await submitPayment(org);
  const detail = await readEscalationPage(reviewer, task.id);
  return { reviewer, device, passkey, task, request: verdictOn(detail, 'approve') };
}
type Seat = Awaited<ReturnType<typeof seat>>;

const prepare = ({ reviewer, task, request }: Seat, seconds = 20) =>
  prepareVerdict(reviewer, task.id, request, at(seconds));

async function decideSigned(given: Seat, deviation: Parameters<TestDevice['sign']>[1] = {}) {
  const { options } = await prepare(given);
  const passkey = given.device.sign(options, deviation);
  return decideEscalation(given.reviewer, given.task.id, { ...given.request, passkey }, at(25));
}

async function reviewsOf({ task }: Seat): Promise<number> {
  const found = await getPool().query('SELECT 1 FROM reviews WHERE escalation = $1', [task.id]);
  return found.rowCount ?? 0;
}

describe('a verdict signed with a passkey', () => {
  it('is recorded with an assertion that verifies by itself over the recorded statement; the token says passkey', async () => {
    const given = await seat();
    const answer = await decideSigned(given);
    expect(answer.state).toBe('approved');
    const record = (await recordsOf(bank.tenant, 'review')).find(({ id }) => id === answer.reviewId);
    const body = reviewBody.parse(record?.body);
    expect(body.method).toBe('passkey');
    // Decided when it was prepared: what the device signed is what is recorded.
    expect(body.statement.decided_at).toBe('2026-11-20T09:00:20.000Z');
    const bytes = (text = '') => {
      const parsed = parseBase64url(text);
      if (!parsed.ok) throw new Error(parsed.code);
      return parsed.value;
    };
    const verdict = await verifyAssertion(
      {
        authenticatorData: bytes(body.passkey?.authenticator_data),
        clientDataJson: bytes(body.passkey?.client_data_json),
        signature: bytes(body.passkey?.signature),
      },
      {
        challenge: reviewChallenge(body.statement),
        origin: PASSKEY_ORIGIN,
        rpId: 'console.test',
        publicKey: softwarePublicKey(given.device.credential.secret),
      },
    );
    expect(verdict).toMatchObject({ ok: true });
    const token = parseToken(answer.approval?.token ?? '');
    expect(token.ok && token.value.claims.approvals).toMatchObject([
      { method: 'passkey', reviewer: given.reviewer.person.id, statement_digest: body.statement_digest },
    ]);
    const counted = await getPool().query('SELECT sign_count, last_used_at FROM passkeys WHERE id = $1', [
      given.passkey,
    ]);
    expect(counted.rows[0]).toMatchObject({ sign_count: 1, last_used_at: new Date(at(25).nowMs) });
  });

  it('fixes the statement that it shows before the device signs', async () => {
    const given = await seat();
    const prepared = await prepare(given);
    expect(JSON.parse(prepared.statement)).toMatchObject({
      reviewer: given.reviewer.person.id,
      verdict: 'approve',
      decided_at: '2026-11-20T09:00:20.000Z',
      review_dwell_ms: 19_000,
      active_ms: 10_000,
      role: 'reviewer',
    });
    expect(prepared.options).toMatchObject({ userVerification: 'required', rpId: 'console.test' });
    expect(await reviewsOf(given)).toBe(0);
  });

  it('is answered alike when it is sent again after a lost answer, and once when it is sent ten times at once', async () => {
    const given = await seat();
    const { options } = await prepare(given);
    const request = { ...given.request, passkey: given.device.sign(options) };
    const send = () => decideEscalation(given.reviewer, given.task.id, request, at(25));
    const answers = await Promise.all(Array.from({ length: 10 }, send));
    answers.push(await send());
    expect(new Set(answers.map(({ approval }) => approval?.token)).size).toBe(1);
    expect(await reviewsOf(given)).toBe(1);
  });

  it('counts people, not keys: a second passkey of the same person fills no second place', async () => {
    const org = await withRule('approval', [{ role: 'reviewer', count: 2 }]);
    const given = await seat(org);
    expect(await decideSigned(given)).toMatchObject({ state: 'pending', approvals: 1 });
    const second = await registerDevice(given.reviewer, { by: given.device }, at(30));
    await expect(prepare({ ...given, device: second.device }, 40)).rejects.toMatchObject({
      code: 'already_decided',
    });
    const other = await org.person(['reviewer']);
    const { device } = await registerDevice(other, {}, at(30));
    const detail = await readEscalationPage(other, given.task.id, 31);
    const last = { ...given, reviewer: other, device, request: verdictOn(detail, 'approve') };
    const { options } = await prepare(last, 50);
    const answer = await decideEscalation(
      other,
      given.task.id,
      { ...last.request, passkey: device.sign(options) },
      at(51),
    );
    const token = parseToken(answer.approval?.token ?? '');
    expect(token.ok && token.value.claims.approvals.map(({ method }) => method)).toEqual([
      'passkey',
      'passkey',
    ]);
  });
});

describe('the policy', () => {
  const deny = async (org: TestOrganisation) => {
    const reviewer = await org.person(['reviewer']);
    const task = await submitPayment(org);
    await getDetail(reviewer, task.id, at(1));
    await openReview(reviewer, task.id, at(1));
    const detail = await getDetail(reviewer, task.id, at(2));
    return decideEscalation(reviewer, task.id, verdictOn(detail, 'deny'), at(3));
  };
  const approve = async (org: TestOrganisation) => {
    const reviewer: Reviewer = await org.person(['reviewer']);
    const task = await submitPayment(org);
    const detail = await readEscalationPage(reviewer, task.id);
    expect(detail.passkey).toMatchObject({ registered: false, available: true });
    return decideEscalation(reviewer, task.id, verdictOn(detail, 'approve'), at(20));
  };
  it.each([
    ['optional', 'approved', 'denied'],
    ['approval', 'passkey_required', 'denied'],
    ['every-verdict', 'passkey_required', 'passkey_required'],
  ] as const)('%s: a session’s approval is %s, its denial %s', async (rule, approval, denial) => {
    const org = await withRule(rule);
    const end = (work: Promise<{ state: string }>) =>
      work.then(
        ({ state }) => state,
        ({ code }: { code: string }) => code,
      );
    expect(await end(approve(org))).toBe(approval);
    expect(await end(deny(org))).toBe(denial);
  });
});

describe('refused, and nothing recorded', () => {
  const splice = async (given: Seat, other: Seat) => {
    const { options } = await prepare(other);
    const passkey = other.device.sign(options);
    return decideEscalation(given.reviewer, given.task.id, { ...given.request, passkey }, at(25));
  };
  const attacks: [name: string, code: string, run: (given: Seat) => Promise<unknown>, detail?: string][] = [
    [
      'a session where a passkey is asked for',
      'passkey_required',
      (g) => decideEscalation(g.reviewer, g.task.id, g.request, at(25)),
    ],
    [
      'a page of another origin',
      'assertion_invalid',
      (g) => decideSigned(g, { origin: 'https://evil.test' }),
      'client_origin_mismatch',
    ],
    [
      'another relying party',
      'assertion_invalid',
      (g) => decideSigned(g, { rpId: 'evil.test' }),
      'rp_id_mismatch',
    ],
    [
      'a device that verified nobody',
      'assertion_invalid',
      (g) => decideSigned(g, { flags: 0x01 }),
      'user_not_verified',
    ],
    [
      'a device before which nobody was',
      'assertion_invalid',
      (g) => decideSigned(g, { flags: 0x04 }),
      'user_not_present',
    ],
    [
      'a registration instead of an assertion',
      'assertion_invalid',
      (g) => decideSigned(g, { type: 'webauthn.create' }),
      'client_data_type',
    ],
    [
      'the challenge of another escalation (spliced ceremonies)',
      'ceremony_mismatch',
      async (g) => {
        const task = await submitPayment(bank);
        const detail = await readEscalationPage(g.reviewer, task.id);
        return splice(g, { ...g, task, request: verdictOn(detail, 'approve') });
      },
    ],
    [
      "another person's assertion over their own statement of this escalation",
      'ceremony_mismatch',
      async (g) => {
        const reviewer = await bank.person(['reviewer']);
        const { device } = await registerDevice(reviewer, {}, at(0));
        const detail = await readEscalationPage(reviewer, g.task.id);
        return splice(g, { ...g, reviewer, device, request: verdictOn(detail, 'approve') });
      },
    ],
    [
      'a signed denial sent as an approval',
      'ceremony_mismatch',
      async (g) =>
        splice(g, { ...g, request: verdictOn(await getDetail(g.reviewer, g.task.id, at(15)), 'deny') }),
    ],
    [
      'other words than those that were signed',
      'ceremony_mismatch',
      async (g) => {
        const { options } = await prepare(g);
        const passkey = g.device.sign(options);
        const request = { ...g.request, reasonText: 'Entirely different words here.', passkey };
        return decideEscalation(g.reviewer, g.task.id, request, at(25));
      },
    ],
    [
      "a colleague's device over this person's statement",
      'passkey_unknown',
      async (g) => {
        const { device } = await registerDevice(await bank.person(['reviewer']), {}, at(0));
        return decideSigned({ ...g, device });
      },
    ],
    [
      'a device that nobody registered',
      'passkey_unknown',
      (g) => decideSigned({ ...g, device: new TestDevice() }),
    ],
    [
      'the right credential id with another key behind it',
      'assertion_invalid',
      (g) =>
        decideSigned({ ...g, device: new TestDevice({ credentialId: g.device.credential.credentialId }) }),
      'signature_invalid',
    ],
    [
      'a passkey revoked while its owner was signing',
      'passkey_revoked',
      async (g) => {
        const { options } = await prepare(g);
        const owner = { tenant: bank.tenant, person: g.reviewer.person.id };
        // The person has a second device, so that the first one's end is not the end of the ceremony.
        await registerDevice(g.reviewer, { by: g.device }, at(21));
        await retirePasskey({ ...owner, passkey: g.passkey, reason: 'stolen', by: 'per_admin' }, at(22));
        return decideEscalation(
          g.reviewer,
          g.task.id,
          { ...g.request, passkey: g.device.sign(options) },
          at(25),
        );
      },
    ],
    [
      'a counter that stands still (a copied key)',
      'passkey_cloned',
      async (g) => {
        await getPool().query('UPDATE passkeys SET sign_count = 41 WHERE id = $1', [g.passkey]);
        return decideSigned(g, { signCount: 41 });
      },
    ],
    [
      'a challenge that this console never made',
      'ceremony_unknown',
      (g) =>
        decideEscalation(
          g.reviewer,
          g.task.id,
          { ...g.request, passkey: g.device.sign({ challenge: 'A'.repeat(43) }) },
          at(25),
        ),
    ],
    [
      'a challenge past its time',
      'ceremony_unknown',
      async (g) => {
        const { options } = await prepare(g);
        return decideEscalation(
          g.reviewer,
          g.task.id,
          { ...g.request, passkey: g.device.sign(options) },
          at(140),
        );
      },
    ],
    [
      'a challenge that a newer one replaced',
      'ceremony_unknown',
      async (g) => {
        const { options } = await prepare(g);
        await prepare(g, 21);
        return decideEscalation(
          g.reviewer,
          g.task.id,
          { ...g.request, passkey: g.device.sign(options) },
          at(25),
        );
      },
    ],
    [
      'a challenge of a registration',
      'ceremony_unknown',
      async (g) => {
        const { beginRegistration } = await import('../passkeys/begin-registration');
        const { confirmation } = await beginRegistration(g.reviewer, undefined, at(20));
        const passkey = g.device.sign(confirmation ?? {});
        return decideEscalation(g.reviewer, g.task.id, { ...g.request, passkey }, at(25));
      },
    ],
    [
      'a second try with an assertion that was refused once',
      'ceremony_unknown',
      async (g) => {
        const { options } = await prepare(g);
        const passkey = g.device.sign(options);
        const send = (reasonText: string) =>
          decideEscalation(g.reviewer, g.task.id, { ...g.request, reasonText, passkey }, at(25));
        await expect(send('Entirely different words here.')).rejects.toMatchObject({
          code: 'ceremony_mismatch',
        });
        return send(g.request.reasonText);
      },
    ],
    [
      'preparing without a passkey',
      'passkey_required',
      async (g) => {
        const reviewer = await bank.person(['reviewer']);
        const detail = await readEscalationPage(reviewer, g.task.id);
        return prepareVerdict(reviewer, g.task.id, verdictOn(detail, 'approve'), at(20));
      },
    ],
    ['preparing what has expired', 'late_verdict', (g) => prepare(g, 30 * 60)],
    [
      'preparing what was not read',
      'not_opened',
      async (g) => prepareVerdict(await bank.person(['reviewer']), g.task.id, g.request, at(20)),
    ],
  ];
  it.each(attacks)('%s', async (_name, code, run, detail) => {
    const given = await seat();
    await expect(run(given)).rejects.toMatchObject({ code, ...(detail ? { detail } : {}) });
    expect(await reviewsOf(given)).toBe(0);
    const stored = await getPool().query<{ n: number }>(
      'SELECT count(*)::int AS n FROM payloads WHERE subject = $1',
      [given.reviewer.person.id],
    );
    expect(stored.rows[0]?.n).toBe(0);
  });

  it('a copied key leaves an incident behind', async () => {
    const incidents = await recordsOf(bank.tenant, 'incident');
    expect(incidents.map(({ body }) => body.code)).toEqual(['passkey_cloned']);
  });

  it('a person of another organisation, exactly like an escalation that does not exist', async () => {
    const given = await seat();
    const foreign = await (await withRule('approval')).person(['reviewer']);
    await expect(prepareVerdict(foreign, given.task.id, given.request, at(20))).rejects.toMatchObject({
      code: 'escalation_unknown',
    });
  });
});
