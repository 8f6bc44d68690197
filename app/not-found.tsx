import type { Metadata } from 'next';
import Link from 'next/link';
import { buttonClass } from '@/components/ui/button';
import { StateBox } from '@/components/ui/state-box';
import { routes } from '@/lib/client/routes';

export const metadata: Metadata = { title: 'Not found' };

/** An address that leads nowhere, or to something that this person may not know of: both look the same. */
export default function NotFound() {
  return (
    <main className="door">
      <div className="door-box">
        <StateBox
          kind="empty"
          whole
          title="Nothing is here"
          action={
            <Link className={buttonClass({ small: true })} href={routes.home()}>
              Go to the start
            </Link>
          }
        >
          The address leads nowhere, or to something that belongs to another organisation.
        </StateBox>
      </div>
    </main>
  );
}
