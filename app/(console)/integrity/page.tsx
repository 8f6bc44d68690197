import type { Metadata } from 'next';
import { IntegrityScreen } from '@/components/integrity/integrity-screen';
import { holdsRole, PAGE_ROLES } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Integrity' };

export default async function IntegrityPage() {
  const viewer = await requireViewer(PAGE_ROLES.integrity);
  return (
    <IntegrityScreen
      tenant={viewer.tenant.id}
      mayVerify={holdsRole(viewer.roles, PAGE_ROLES.decisions)}
      duties={{
        check: holdsRole(viewer.roles, ['compliance', 'auditor', 'admin']),
        resolve: viewer.roles.includes('compliance'),
        recover: viewer.roles.includes('admin'),
      }}
    />
  );
}
