import { routes } from '@/lib/client/routes';
import type { ConsolePage } from '@/lib/identity/permissions';
import { AlertCount } from './alert-count';
import { BrandMark } from './brand-mark';
import { FindButton } from './find-button';
import { FrameLink } from './frame-link';
import type { FrameTenant } from './frame-viewer';
import { LivePill } from './live-pill';
import { TenantSwitcher } from './tenant-switcher';

/** Find anything, which organisation, which environment, and whether the record is whole. */
export function TopBar({
  pages,
  tenant,
  tenants,
  environment,
}: {
  pages: readonly ConsolePage[];
  tenant: FrameTenant;
  tenants: readonly FrameTenant[];
  environment: string | null;
}) {
  return (
    <header className="top">
      <FrameLink className="brand" href={routes.home()} aria-label="Countersign, start">
        <BrandMark />
        <span>Countersign</span>
      </FrameLink>
      <FindButton />
      <div className="top-end">
        <TenantSwitcher tenant={tenant} tenants={tenants} />
        {environment !== null && <span className="env">{environment}</span>}
        <AlertCount />
        <LivePill linked={pages.includes('integrity')} />
      </div>
    </header>
  );
}
