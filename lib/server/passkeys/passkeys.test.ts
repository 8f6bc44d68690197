import { describe, expect, it } from 'vitest';
import { parseBase64url } from '@/lib/core/encoding';
import { passkeyAddedBody, passkeyRetiredBody } from '@/lib/escalations/record-bodies';
import { softwarePublicKey } from '@/lib/integrity/passkey/software-authenticator';
import { getPool } from '../database/pool';
import { at, createOrganisation, recordsOf } from '../escalations/testing/escalation-fixture';
import { startTestConsole } from '../testing/test-console';
import { beginRegistration } from './begin-registration';
import { issuePasskeyLink } from './issue-passkey-link';
import { listOwnPasskeys, listTenantPasskeys } from './list-passkeys';
import { registerPasskey } from './register-passkey';
import { arePasskeysAvailable } from './relying-party';
import { retirePasskey } from './retire-passkey';
import { PASSKEY_ORIGIN, registerDevice, TestDevice } from './testing/test-device';

await startTestConsole();
process.env.COUNTERSIGN_ORIGIN = PASSKEY_ORIGIN;
const bank = await createOrganisation();

const ownerOf = (viewer: Awaited<ReturnType<typeof bank.person>>) => ({
  tenant: viewer.tenant.id,
  person: viewer.person.id,
});

describe('registration', () => {
  it('records whose key it is, so that anybody can verify with it later, and nothing personal', async () => {
    const viewer = await bank.person(['reviewer']);
    const { device } = await registerDevice(viewer, { name: "Ada's phone" }, at(0));
    const added = (await recordsOf(bank.tenant, 'key.added')).map(({ body }) => body);
    const body = passkeyAddedBody.parse(added.find(({ person }) => person === viewer.person.id));
    expect(body).toMatchObject({ key: 'passkey', rp_id: 'console.test', allowed_by: 'first' });
    expect(parseBase64url(body.public_key)).toEqual({
      ok: true,
      value: softwarePublicKey(device.credential.secret),
    });
    for (const secret of ["Ada's phone", viewer.person.name, viewer.person.email])
      expect(JSON.stringify(added)).not.toContain(secret);
    const { passkeys, grant } = await listOwnPasskeys(ownerOf(viewer));
    expect(passkeys).toMatchObject([{ name: "Ada's phone", lastUsedAt: null, retiredAt: null }]);
    expect(grant).toBe('passkey');
  });

  it('asks for user verification, prefers a resident key, wants no attestation, and names no other person', async () => {
    const viewer = await bank.person(['reviewer']);
    const { registration, confirmation } = await beginRegistration(viewer, undefined, at(0));
    expect(registration).toMatchObject({
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      rp: { id: 'console.test' },
    });
    expect(confirmation).toBeNull();
  });

  it('takes a second device only with one that the person has', async () => {
    const viewer = await bank.person(['reviewer']);
    const first = await registerDevice(viewer, {}, at(0));
    const second = new TestDevice();
    const options = await beginRegistration(viewer, undefined, at(1));
    expect(options.registration.excludeCredentials).toHaveLength(1);
    await expect(
      registerPasskey(viewer, { name: 'Key', registration: second.create(options.registration) }, at(2)),
    ).rejects.toMatchObject({ code: 'passkey_required' });
    await registerDevice(viewer, { device: second, by: first.device }, at(3));
    const body = (await recordsOf(bank.tenant, 'key.added')).at(-1)?.body;
    expect(body).toMatchObject({ allowed_by: 'passkey', person: viewer.person.id });
    expect((await listOwnPasskeys(ownerOf(viewer))).passkeys).toHaveLength(2);
  });

  it('is one at a time: two first devices at once, one of which has to be confirmed', async () => {
    const viewer = await bank.person(['reviewer']);
    const options = await beginRegistration(viewer, undefined, at(0));
    const send = () =>
      registerPasskey(
        viewer,
        { name: 'Phone', registration: new TestDevice().create(options.registration) },
        at(1),
      );
    const results = await Promise.allSettled([send(), send()]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await listOwnPasskeys(ownerOf(viewer))).passkeys).toHaveLength(1);
  });

  type Attack = {
    name: string;
    code: string;
    run: (viewer: Awaited<ReturnType<typeof bank.person>>) => Promise<unknown>;
  };
  const register = async (
    viewer: Awaited<ReturnType<typeof bank.person>>,
    deviation: Parameters<TestDevice['create']>[1],
  ) => {
    const { registration } = await beginRegistration(viewer, undefined, at(0));
    return registerPasskey(
      viewer,
      { name: 'Phone', registration: new TestDevice().create(registration, deviation) },
      at(1),
    );
  };
  const attacks: Attack[] = [
    {
      name: 'another origin',
      code: 'passkey_invalid',
      run: (v) => register(v, { origin: 'https://evil.test' }),
    },
    {
      name: 'another relying party',
      code: 'passkey_invalid',
      run: (v) => register(v, { rpId: 'evil.test' }),
    },
    { name: 'no user verified', code: 'passkey_invalid', run: (v) => register(v, { flags: 0x01 }) },
    { name: 'no user present', code: 'passkey_invalid', run: (v) => register(v, { flags: 0x04 }) },
    {
      name: 'an assertion for a registration',
      code: 'passkey_invalid',
      run: (v) => register(v, { type: 'webauthn.get' }),
    },
    {
      name: 'a challenge that nobody made',
      code: 'ceremony_unknown',
      run: (v) =>
        registerPasskey(
          v,
          { name: 'x', registration: new TestDevice().create({ challenge: 'A'.repeat(43) }) },
          at(1),
        ),
    },
    {
      name: 'a challenge past its time',
      code: 'ceremony_unknown',
      run: async (v) => {
        const { registration } = await beginRegistration(v, undefined, at(0));
        return registerPasskey(
          v,
          { name: 'x', registration: new TestDevice().create(registration) },
          at(121),
        );
      },
    },
    {
      name: "another person's challenge",
      code: 'ceremony_unknown',
      run: async (v) => {
        const other = await bank.person(['reviewer']);
        const { registration } = await beginRegistration(other, undefined, at(0));
        return registerPasskey(v, { name: 'x', registration: new TestDevice().create(registration) }, at(1));
      },
    },
    {
      name: 'the same answer twice',
      code: 'ceremony_unknown',
      run: async (v) => {
        const { registration } = await beginRegistration(v, undefined, at(0));
        const request = { name: 'x', registration: new TestDevice().create(registration) };
        await registerPasskey(v, request, at(1));
        return registerPasskey(v, request, at(2));
      },
    },
    {
      name: 'a passkey that is registered',
      code: 'passkey_exists',
      run: async (v) => {
        const { device } = await registerDevice(await bank.person(['reviewer']), {}, at(0));
        return registerDevice(v, { device }, at(1));
      },
    },
    {
      name: "a second device confirmed with somebody else's",
      code: 'passkey_unknown',
      run: async (v) => {
        await registerDevice(v, {}, at(0));
        const other = await registerDevice(await bank.person(['reviewer']), {}, at(0));
        return registerDevice(v, { by: other.device }, at(1));
      },
    },
    {
      name: 'an eleventh device',
      code: 'passkey_limit',
      run: async (v) => {
        const first = await registerDevice(v, {}, at(0));
        for (let n = 1; n <= 10; n++) await registerDevice(v, { by: first.device }, at(n));
        return null;
      },
    },
  ];
  it.each(attacks)('refuses $name', async ({ code, run }) => {
    await expect(run(await bank.person(['reviewer']))).rejects.toMatchObject({ code });
  });
});

describe('loss', () => {
  it('ends a passkey with a record, once, and only one of this person and organisation', async () => {
    const viewer = await bank.person(['reviewer']);
    const { id, device } = await registerDevice(viewer, {}, at(0));
    const other = await bank.person(['reviewer']);
    const elsewhere = await createOrganisation();
    const lost = { ...ownerOf(viewer), passkey: id, reason: 'lost', by: 'per_admin' } as const;
    for (const change of [{ person: other.person.id }, { tenant: elsewhere.tenant }])
      await expect(retirePasskey({ ...lost, ...change }, at(5))).rejects.toMatchObject({
        code: 'passkey_unknown',
      });
    await retirePasskey(lost, at(5));
    await expect(retirePasskey(lost, at(6))).rejects.toMatchObject({ code: 'passkey_revoked' });
    const body = passkeyRetiredBody.parse((await recordsOf(bank.tenant, 'key.retired')).at(-1)?.body);
    expect(body).toMatchObject({ person: viewer.person.id, reason_code: 'lost', by: 'per_admin' });
    expect(parseBase64url(body.credential_id)).toEqual({ ok: true, value: device.credential.credentialId });
    expect((await listTenantPasskeys(bank.tenant)).get(viewer.person.id)).toBeUndefined();
  });

  it('after the last one is gone a session registers nothing; an administrator’s link does, once', async () => {
    const viewer = await bank.person(['reviewer']);
    const admin = await bank.person(['admin'], null);
    const { id } = await registerDevice(viewer, {}, at(0));
    await retirePasskey({ ...ownerOf(viewer), passkey: id, reason: 'stolen', by: admin.person.id }, at(1));
    await expect(beginRegistration(viewer, undefined, at(2))).rejects.toMatchObject({
      code: 'passkey_link_required',
    });
    const issue = () => issuePasskeyLink({ ...ownerOf(viewer), by: admin.person.id }, at(3));
    const earlier = await issue();
    const { secret } = await issue();
    for (const link of [earlier.secret, 'A'.repeat(43)])
      await expect(beginRegistration(viewer, link, at(4))).rejects.toMatchObject({ code: 'link_invalid' });
    const stranger = await bank.person(['reviewer']);
    await expect(beginRegistration(stranger, secret, at(4))).rejects.toMatchObject({ code: 'link_invalid' });
    await expect(beginRegistration(viewer, secret, at(3 + 3600))).rejects.toMatchObject({
      code: 'link_invalid',
    });
    await registerDevice(viewer, { link: secret }, at(5));
    const body = (await recordsOf(bank.tenant, 'key.added')).at(-1)?.body;
    expect(body).toMatchObject({ allowed_by: 'administrator', administrator: admin.person.id });
    await expect(beginRegistration(viewer, secret, at(6))).rejects.toMatchObject({ code: 'link_invalid' });
    const issued = (await recordsOf(bank.tenant, 'authority.changed')).filter(
      ({ body: told }) => told.change === 'passkey_link_issued',
    );
    expect(issued).toHaveLength(2);
    expect(JSON.stringify(issued)).not.toContain(secret);
    const stored = await getPool().query<{ row: string }>(
      'SELECT passkey_links::text AS row FROM passkey_links',
    );
    expect(stored.rows.map(({ row }) => row).join()).not.toContain(secret);
  });

  it('nobody issues a link to themselves or to somebody of another organisation', async () => {
    const admin = await bank.person(['admin'], null);
    const by = admin.person.id;
    await expect(issuePasskeyLink({ tenant: bank.tenant, person: by, by })).rejects.toMatchObject({
      code: 'self_approval',
    });
    const foreign = await (await createOrganisation()).person(['reviewer']);
    await expect(
      issuePasskeyLink({ tenant: bank.tenant, person: foreign.person.id, by }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('where passkeys can be used', () => {
  it.each([
    ['https://console.example', 'console.example', true],
    ['https://console.bank.example', 'bank.example', true],
    ['http://localhost:3000', 'localhost', true],
    ['http://console.example', 'console.example', false],
    ['http://127.0.0.1:3000', '127.0.0.1', false],
    ['https://[::1]', '[::1]', false],
    ['https://console.example', 'other.example', false],
    ['https://evilbank.example', 'bank.example', false],
  ])('%s under %s: %s', (origin, rpId, available) => {
    expect(arePasskeysAvailable({ origin, rpId } as never)).toBe(available);
  });
});
