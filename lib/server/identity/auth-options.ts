import type { AuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { getConfig } from '../config';
import { findPersonByEmail } from './find-person-by-email';
import { SESSION_SECONDS, sessionCookieName, sessionSecret, usesSecureCookies } from './session-cookie';
import { verifyCredentials } from './verify-credentials';

interface OidcProfile {
  sub: string;
  email?: string;
  email_verified?: boolean;
}

/** OpenID Connect with PKCE, state and nonce. A person is known by the verified e-mail address, never by a name. */
function oidcProvider(oidc: NonNullable<ReturnType<typeof getConfig>['oidc']>): OAuthConfig<OidcProfile> {
  return {
    id: 'oidc',
    name: oidc.name,
    type: 'oauth',
    wellKnown: `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    authorization: { params: { scope: 'openid email profile' } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    profile: (profile) => ({
      id: profile.sub,
      email: profile.email_verified === true ? profile.email : undefined,
    }),
  };
}

/** An address of this console as it is, anything else (whatever the client sent) as the start. */
function stayHere(url: string, baseUrl: string): string {
  try {
    const target = new URL(url, baseUrl);
    return target.origin === new URL(baseUrl).origin ? target.href : baseUrl;
  } catch {
    return baseUrl;
  }
}

/**
 * next-auth's options: passwords for the accounts that may have one (`mayUsePassword`), OIDC when it is configured. The
 * session holds the person's id; roles are read from the database on every request.
 */
export function getAuthOptions(): AuthOptions {
  const config = getConfig();
  // next-auth knows no other way to be told its own address.
  process.env.NEXTAUTH_URL ??= config.origin;
  return {
    secret: sessionSecret(),
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    useSecureCookies: usesSecureCookies(),
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: usesSecureCookies() },
      },
    },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: (credentials, request) =>
          verifyCredentials(
            String(credentials?.email ?? ''),
            String(credentials?.password ?? ''),
            String(request.headers?.['x-forwarded-for'] ?? 'unknown'),
          ),
      }),
      ...(config.oidc ? [oidcProvider(config.oidc)] : []),
    ],
    callbacks: {
      redirect: ({ url, baseUrl }) => stayHere(url, baseUrl),
      signIn: async ({ user, account }) =>
        account?.provider === 'credentials' || (await findPersonByEmail(user.email)) !== null,
      jwt: async ({ token, user, account }) => {
        if (!account) return { sub: token.sub };
        if (account.provider === 'credentials') return { sub: user.id };
        return { sub: (await findPersonByEmail(user.email)) ?? undefined };
      },
      session: ({ session }) => ({ expires: session.expires, user: {} }),
    },
    // Its own messages may quote what a provider or a person sent; only the code is kept.
    logger: {
      error: (code) => console.error('sign-in', code),
      warn: () => {},
      debug: () => {},
    },
  };
}
