'use client';

import Link from 'next/link';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Icon } from '@/components/ui/icon';
import { routes } from '@/lib/client/routes';
import type { ConsolePage } from '@/lib/identity/permissions';
import { destinations } from './destinations';
import { endSession } from './end-session';
import type { FramePerson, FrameTenant } from './frame-viewer';
import { showOverlay } from './overlay';
import { switchTenant } from './switch-tenant';
import { ThemeToggle } from './theme-toggle';
import { ZoneToggle } from './zone-toggle';

/** What a narrow screen's bar has no room for. */
export function MoreSheet({
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
  const close = () => showOverlay(null);
  return (
    <Dialog open onClose={close} title="More">
      <ul className="mlist more">
        {pages.map((page) => (
          <li key={page}>
            <Link href={destinations[page].href} onClick={close}>
              <Icon name={destinations[page].icon} />
              <span>{destinations[page].label}</span>
              <small>
                <Icon name="right" small />
              </small>
            </Link>
          </li>
        ))}
        <li>
          <Link href={routes.passkeys()} onClick={close}>
            <Icon name="passkey" />
            <span>Your passkeys</span>
            <small>
              <Icon name="right" small />
            </small>
          </Link>
        </li>
        {tenants
          .filter((each) => each.id !== tenant.id)
          .map((each) => (
            <li key={each.id}>
              <button type="button" onClick={() => void switchTenant(each.id)}>
                <Icon name="arrow" />
                <span>Switch to {each.name}</span>
              </button>
            </li>
          ))}
      </ul>
      <div className="more-foot">
        <Avatar name={person.name} />
        <span className="more-person">
          <b>{person.name}</b>
          <small>
            {person.role}, {tenant.name}
          </small>
        </span>
        <ZoneToggle />
        <ThemeToggle />
      </div>
      <Button wide icon="sign-out" onClick={() => void endSession()}>
        Sign out
      </Button>
    </Dialog>
  );
}
