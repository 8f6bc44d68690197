import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { holdsRole } from '@/lib/identity/permissions';
import type { Role } from '@/lib/identity/role';
import type { Viewer } from '@/lib/identity/viewer';
import { findViewer } from './find-viewer';
import { readSession, sessionCookieName, TENANT_COOKIE } from './session-cookie';

export type { Viewer } from '@/lib/identity/viewer';

const getViewer = cache(async (): Promise<Viewer | null> => {
  const jar = await cookies();
  const personId = await readSession(jar.get(sessionCookieName())?.value);
  return personId ? findViewer(personId, jar.get(TENANT_COOKIE)?.value) : null;
});

/**
 * The signed-in person for a page, read once per request. Nobody signed in: to the sign-in page, which leads back here.
 * Signed in without one of `roles` (when given): to the page where this person begins.
 */
export async function requireViewer(roles?: readonly Role[]): Promise<Viewer> {
  const viewer = await getViewer();
  if (!viewer) {
    const path = (await headers()).get('x-countersign-path');
    redirect(path ? `/sign-in?callbackUrl=${encodeURIComponent(path)}` : '/sign-in');
  }
  if (roles && !holdsRole(viewer.roles, roles)) redirect('/');
  return viewer;
}
