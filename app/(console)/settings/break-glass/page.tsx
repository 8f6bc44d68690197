import type { Metadata } from 'next';
import { BreakGlassLive } from '@/components/authority/break-glass-live';
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
        mayChange={false}
        about="Two people open it together, for minutes; the policy says what it lifts. Every step is a signed record, and compliance reviews each afterwards."
      />
      <BreakGlassLive />
      <BreakGlassPanel rule={rule} items={items} />
    </>
  );
}
