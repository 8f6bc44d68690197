import { holdsRole } from '@/lib/identity/permissions';
import type { Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { ServiceError } from '../errors';
import { findViewer } from './find-viewer';
import { requireSameOrigin } from './require-same-origin';
import { readCookie, readSession, sessionCookieName, TENANT_COOKIE } from './session-cookie';

export type { Viewer } from '@/lib/identity/viewer';

/** The organisation that the asking page shows; sent by our own pages with every request. */
const SHOWN_TENANT_HEADER = 'x-countersign-tenant';

/**
 * The signed-in person behind a request, who holds one of `roles` in the current tenant. A changing request must also
 * come from a page of this console; a page that names the organisation it shows is answered for that one only, so that
 * one left open in another tab never changes another organisation.
 * @throws ServiceError `sign_in_required`, `role_required`, `cross_site_request`, `tenant_changed`
 */
export async function requirePerson(request: Request, roles: readonly Role[]): Promise<Viewer> {
  requireSameOrigin(request);
  const cookies = request.headers.get('cookie');
  const personId = await readSession(readCookie(cookies, sessionCookieName()));
  const viewer = personId ? await findViewer(personId, readCookie(cookies, TENANT_COOKIE)) : null;
  if (!viewer) throw new ServiceError('sign_in_required', 'Sign in first.');
  const shown = request.headers.get(SHOWN_TENANT_HEADER);
  if (shown !== null && shown !== viewer.tenant.id)
    throw new ServiceError('tenant_changed', 'Another tab shows another organisation now: reload this page.');
  if (!holdsRole(viewer.roles, roles))
    throw new ServiceError('role_required', `This needs one of the roles: ${roles.join(', ')}.`);
  return viewer;
}
