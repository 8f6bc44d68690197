import type { Metadata } from 'next';
import { BreakGlassPanel } from '@/components/authority/break-glass-panel';
import { SettingsHead } from '@/components/settings/settings-head';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { listBreakGlasses } from '@/lib/server/break-glass/list';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Break-glass' };

/** What was lifted for a short time by two people, and what compliance still owes about it. */
export default async function BreakGlassPage() {
  const viewer = await requireViewer(SETTINGS_ROLES['break-glass']);
  const { rule, items } = await listBreakGlasses(viewer);
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="break-glass"
        mayChange={viewer.roles.includes('admin')}
      />
      <BreakGlassPanel rule={rule} items={items} />
    </>
  );
}
