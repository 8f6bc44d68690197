import { decode, encode } from 'next-auth/jwt';
import { getConfig } from '../config';
import { getSecret } from '../keys/key-directory';

/** How long a sign-in lasts, in seconds. What it allows is read from the database on every request. */
export const SESSION_SECONDS = 12 * 60 * 60;

/** Which of a person's tenants is shown; checked against memberships whenever it is read. */
export const TENANT_COOKIE = 'countersign-tenant';

/** Whether cookies must be kept to https. */
export function usesSecureCookies(): boolean {
  return getConfig().origin.startsWith('https://');
}

/** The session cookie's name: bound to this very host where the console is served over https (RFC 6265bis §4.1.3.2). */
export function sessionCookieName(): string {
  return usesSecureCookies() ? '__Host-countersign-session' : 'countersign-session';
}

/** The key that next-auth derives its cookie encryption from. */
export function sessionSecret(): string {
  return Buffer.from(getSecret('session.secret')).toString('base64url');
}

/** The session cookie's value for one person, encrypted (JWE, A256GCM); it carries the person's id and nothing else. */
export function formatSession(personId: string): Promise<string> {
  return encode({ token: { sub: personId }, secret: sessionSecret(), maxAge: SESSION_SECONDS });
}

/** The person's id in a session cookie, or null when it is absent, altered, expired or made with another secret. */
export async function readSession(value: string | undefined): Promise<string | null> {
  if (!value || value.length > 4096) return null;
  try {
    const token = await decode({ token: value, secret: sessionSecret() });
    return typeof token?.sub === 'string' ? token.sub : null;
  } catch {
    return null;
  }
}

/** One cookie of a `Cookie` header, percent-decoded as next-auth and Next write it. */
export function readCookie(header: string | null, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(equals + 1).trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}
