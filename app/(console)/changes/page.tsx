import type { Metadata } from 'next';
import { ChangesScreen } from '@/components/changes/changes-screen';
import { holdsRole, PAGE_ROLES } from '@/lib/identity/permissions';
import { SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Changes' };

export default async function ChangesPage() {
  const viewer = await requireViewer(PAGE_ROLES.changes);
  return (
    <ChangesScreen
      duties={{
        trace: holdsRole(viewer.roles, PAGE_ROLES.lineage),
        simulate: holdsRole(viewer.roles, SETTINGS_ROLES.policy),
      }}
    />
  );
}
