import { getConfig } from '../config';
import { formatSession, sessionCookieName, TENANT_COOKIE } from '../identity/session-cookie';

/**
 * Headers of a request that a page of this console sends for this person, for tests of routes: the session cookie, the
 * chosen tenant and the page's origin.
 */
export async function signInAs(personId: string, tenant?: string): Promise<Record<string, string>> {
  const chosen = tenant === undefined ? '' : `; ${TENANT_COOKIE}=${tenant}`;
  return {
    cookie: `${sessionCookieName()}=${encodeURIComponent(await formatSession(personId))}${chosen}`,
    origin: getConfig().origin,
  };
}
