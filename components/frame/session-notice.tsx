'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { buttonClass } from '@/components/ui/button';
import { RequestError } from '@/lib/client/fetch-json';
import { frameQuery } from '@/lib/client/queries/frame';
import { routes } from '@/lib/client/routes';

/** Says that the session has ended, and leaves the page as it is: what somebody was writing is still there to copy. */
export function SessionNotice() {
  const { error } = useQuery({ ...frameQuery(), select: () => null });
  const pathname = usePathname();
  if (!(error instanceof RequestError) || error.status !== 401) return null;
  return (
    <div className="notice" role="alert">
      <p>
        <b>You are signed out.</b> Nothing on this page can be decided or saved until you sign in again.
      </p>
      <a className={buttonClass({ small: true })} href={routes.signIn(pathname)}>
        Sign in
      </a>
    </div>
  );
}
