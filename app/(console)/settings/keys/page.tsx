import type { Metadata } from 'next';
import { KeysPanel } from '@/components/settings/keys-panel';
import { SettingsHead } from '@/components/settings/settings-head';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { listKeyViews } from '@/lib/server/keys/list-key-views';

export const metadata: Metadata = { title: 'Console keys' };

/** The console's own keys, and exchanging them. */
export default async function KeysPage() {
  const viewer = await requireViewer(SETTINGS_ROLES.keys);
  const mayChange = viewer.roles.includes('admin');
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="keys"
        mayChange={mayChange}
      />
      <KeysPanel keys={await listKeyViews()} mayChange={mayChange} />
    </>
  );
}
