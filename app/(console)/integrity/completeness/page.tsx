import type { Metadata } from 'next';
import { CompletenessScreen } from '@/components/completeness/completeness-screen';
import {
  holdsRole,
  PAGE_ROLES,
  RECONCILIATION_IMPORT_ROLES,
  RECONCILIATION_ROLES,
} from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Completeness' };

export default async function CompletenessPage() {
  const viewer = await requireViewer(PAGE_ROLES.integrity);
  return (
    <CompletenessScreen
      duties={{
        expect: viewer.roles.includes('admin'),
        reconcile: holdsRole(viewer.roles, RECONCILIATION_ROLES),
        import: holdsRole(viewer.roles, RECONCILIATION_IMPORT_ROLES),
      }}
    />
  );
}
