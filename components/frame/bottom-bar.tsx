'use client';

import { usePathname } from 'next/navigation';
import { Icon } from '@/components/ui/icon';
import type { ConsolePage } from '@/lib/identity/permissions';
import { destinations, isUnder } from './destinations';
import { FrameLink } from './frame-link';
import type { FramePerson, FrameTenant } from './frame-viewer';
import { MoreSheet } from './more-sheet';
import { showOverlay, useOverlay } from './overlay';
import { QueueCount } from './queue-count';

const SHOWN = 4;

/** The rail of narrow screens: four places, and the rest behind "More". */
export function BottomBar({
  pages,
  person,
  tenant,
  tenants,
}: {
  pages: readonly ConsolePage[];
  person: FramePerson;
  tenant: FrameTenant;
  tenants: readonly FrameTenant[];
}) {
  const pathname = usePathname();
  const overlay = useOverlay();
  return (
    <>
      <nav className="bottom-bar" aria-label="Main">
        {pages.slice(0, SHOWN).map((page) => {
          const destination = destinations[page];
          return (
            <FrameLink
              key={page}
              href={destination.href}
              aria-current={isUnder(pathname, destination) ? 'page' : undefined}
            >
              <Icon name={destination.icon} />
              {destination.label}
              {page === 'queue' && <QueueCount />}
            </FrameLink>
          );
        })}
        <button type="button" aria-haspopup="dialog" onClick={() => showOverlay('more')}>
          <Icon name="more" />
          More
        </button>
      </nav>
      {overlay === 'more' && (
        <MoreSheet pages={pages.slice(SHOWN)} person={person} tenant={tenant} tenants={tenants} />
      )}
    </>
  );
}
