'use client';

import { useState } from 'react';
import { Icon } from '@/components/ui/icon';
import { LiveRegion } from '@/components/ui/live-region';
import { Menu } from '@/components/ui/menu';
import { VisuallyHidden } from '@/components/ui/visually-hidden';
import { RequestError } from '@/lib/client/fetch-json';
import type { FrameTenant } from './frame-viewer';
import { switchTenant } from './switch-tenant';

/** The organisation whose data is shown; a list when the person belongs to several. */
export function TenantSwitcher({
  tenant,
  tenants,
}: {
  tenant: FrameTenant;
  tenants: readonly FrameTenant[];
}) {
  const [problem, setProblem] = useState<string | null>(null);
  if (tenants.length < 2) {
    return (
      <span className="tenant" title={tenant.name}>
        <span>{tenant.name}</span>
      </span>
    );
  }
  return (
    <>
      <Menu
        label="Organisation"
        className="tenant"
        trigger={
          <>
            <span>{tenant.name}</span>
            <VisuallyHidden>, switch organisation</VisuallyHidden>
            <Icon name="down" small />
          </>
        }
        items={tenants.map((each) => ({
          key: each.id,
          label: each.name,
          checked: each.id === tenant.id,
          onSelect: () => {
            if (each.id === tenant.id) return;
            switchTenant(each.id).catch((error: unknown) => {
              setProblem(
                error instanceof RequestError ? error.message : 'The organisation could not be switched.',
              );
            });
          },
        }))}
      />
      <LiveRegion urgent>{problem}</LiveRegion>
    </>
  );
}
