import type { Account, User } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { describe, expect, it } from 'vitest';
import { startTestConsole } from '../testing/test-console';
import { getAuthOptions } from './auth-options';
import { createPerson } from './create-person';
import { createTenant } from './create-tenant';

await startTestConsole();
process.env.OIDC_ISSUER = 'https://issuer.example/';
process.env.OIDC_CLIENT_ID = 'countersign';
process.env.OIDC_CLIENT_SECRET = 'not a secret';
await createTenant({ id: 'bank', name: 'Bank' });
const { id } = await createPerson({
  tenant: 'bank',
  email: 'maya@bank.example',
  name: 'Maya',
  roles: ['reviewer'],
});

const options = getAuthOptions();
const oidc = options.providers.find((provider) => provider.id === 'oidc') as OAuthConfig<object>;
const account: Account = { provider: 'oidc', type: 'oauth', providerAccountId: 'subject-1' };

/** What next-auth does after the provider's answer: profile, then the sign-in decision, then the session's token. */
async function signInWith(profile: object): Promise<{ allowed: unknown; sub: string | undefined }> {
  const user = (await oidc.profile(profile, {})) as User;
  const allowed = await options.callbacks?.signIn?.({ user, account });
  const token = await options.callbacks?.jwt?.({ token: { sub: user.id }, user, account });
  return { allowed, sub: token?.sub };
}

describe('OpenID Connect', () => {
  it('asks with PKCE, state and nonce', () => {
    expect(oidc.checks).toEqual(['pkce', 'state', 'nonce']);
    expect(oidc.wellKnown).toBe('https://issuer.example/.well-known/openid-configuration');
  });

  it('knows a person by the verified address, whatever its case', async () => {
    const profile = { sub: 'subject-1', email: 'Maya@Bank.example', email_verified: true };
    expect(await signInWith(profile)).toEqual({ allowed: true, sub: id });
  });

  it.each([
    ['an address nobody has here', { email: 'eve@bank.example', email_verified: true }],
    ['an address that the issuer did not verify', { email: 'maya@bank.example', email_verified: false }],
    ['an address that only claims to be verified', { email: 'maya@bank.example', email_verified: 'true' }],
    ['no address', {}],
    ["a person's id as subject", { sub: id }],
  ])('refuses %s', async (_name, profile) => {
    expect(await signInWith({ sub: 'subject-2', ...profile })).toEqual({ allowed: false, sub: undefined });
  });

  it('keeps nothing of the provider in the session', async () => {
    const later = await options.callbacks?.jwt?.({
      token: { sub: id, name: 'Maya', email: 'maya@bank.example' },
      user: { id },
      account: null,
    });
    expect(later).toEqual({ sub: id });
  });
});
