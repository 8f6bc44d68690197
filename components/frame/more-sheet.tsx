'use client';

import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Icon, type IconName } from '@/components/ui/icon';
import { routes } from '@/lib/client/routes';
import type { ConsolePage } from '@/lib/identity/permissions';
import { destinations } from './destinations';
import { endSession } from './end-session';
import { FrameLink } from './frame-link';
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
          <SheetLink
            key={page}
            href={destinations[page].href}
            icon={destinations[page].icon}
            label={destinations[page].label}
            onOpen={close}
          />
        ))}
        {person.decides && (
          <SheetLink href={routes.reviewing()} icon="eye" label="Your reviewing" onOpen={close} />
        )}
        <SheetLink href={routes.passkeys()} icon="passkey" label="Your passkeys" onOpen={close} />
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

function SheetLink({
  href,
  icon,
  label,
  onOpen,
}: {
  href: string;
  icon: IconName;
  label: string;
  onOpen: () => void;
}) {
  return (
    <li>
      <FrameLink href={href} onClick={onOpen}>
        <Icon name={icon} />
        <span>{label}</span>
        <small>
          <Icon name="right" small />
        </small>
      </FrameLink>
    </li>
  );
}
