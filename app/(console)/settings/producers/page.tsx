import type { Metadata } from 'next';
import { ProducersPanel } from '@/components/settings/producers-panel';
import { SettingsHead } from '@/components/settings/settings-head';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { listProducers } from '@/lib/server/producers/list-producers';

export const metadata: Metadata = { title: 'Producers and keys' };

/** Who may send records and ask for authority. */
export default async function ProducersPage() {
  const viewer = await requireViewer(SETTINGS_ROLES.producers);
  const mayChange = viewer.roles.includes('admin');
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="producers"
        mayChange={mayChange}
      />
      <ProducersPanel producers={await listProducers(viewer.tenant.id)} mayChange={mayChange} />
    </>
  );
}
