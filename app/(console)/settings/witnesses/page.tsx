import type { Metadata } from 'next';
import { SettingsHead } from '@/components/settings/settings-head';
import { TrustRootsPanel } from '@/components/settings/trust-roots-panel';
import { WitnessesPanel } from '@/components/settings/witnesses-panel';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { listTrustRoots } from '@/lib/server/witnesses/list-trust-roots';
import { listWitnesses } from '@/lib/server/witnesses/list-witnesses';

export const metadata: Metadata = { title: 'Witnesses and trust' };

/** Who outside fixes the log in time, and what is believed of them without proof. */
export default async function WitnessesPage() {
  const viewer = await requireViewer(SETTINGS_ROLES.witnesses);
  const mayChange = viewer.roles.includes('admin');
  const [witnesses, roots] = await Promise.all([listWitnesses(), listTrustRoots(viewer.tenant.id)]);
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="witnesses"
        mayChange={mayChange}
      />
      <WitnessesPanel witnesses={witnesses} mayChange={mayChange} />
      <TrustRootsPanel roots={roots} mayChange={mayChange} />
    </>
  );
}
