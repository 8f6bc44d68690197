import type { ReactNode } from 'react';
import { buttonClass } from '@/components/ui/button';
import type { ConsolePage } from '@/lib/identity/permissions';
import { BottomBar } from './bottom-bar';
import { BreakGlassBanner } from './break-glass-banner';
import { FrameKeys } from './frame-keys';
import type { FramePerson, FrameTenant } from './frame-viewer';
import { Rail } from './rail';
import { SessionNotice } from './session-notice';
import { TopBar } from './top-bar';

/**
 * The frame of every console page: rail and top bar on wide screens, top and bottom bar below 1024 px.
 * `pages` are those that this person may open. `environment` names a console that is not for real work.
 */
export function Frame({
  pages,
  person,
  tenant,
  tenants,
  environment,
  children,
}: {
  pages: readonly ConsolePage[];
  person: FramePerson;
  tenant: FrameTenant;
  tenants: readonly FrameTenant[];
  environment: string | null;
  children: ReactNode;
}) {
  return (
    <div className="app" data-tenant={tenant.id}>
      <a className={`skip ${buttonClass({ variant: 'primary' })}`} href="#main">
        Skip to the page
      </a>
      <Rail pages={pages} person={person} />
      <TopBar pages={pages} tenant={tenant} tenants={tenants} environment={environment} />
      <main id="main" tabIndex={-1}>
        <SessionNotice />
        <BreakGlassBanner />
        {children}
      </main>
      <BottomBar pages={pages} person={person} tenant={tenant} tenants={tenants} />
      <FrameKeys pages={pages} />
    </div>
  );
}
