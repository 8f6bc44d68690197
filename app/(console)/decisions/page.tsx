import type { Metadata } from 'next';
import { DecisionsScreen } from '@/components/decisions/decisions-screen';
import {
  DECIDING_ROLES,
  EXPORT_ROLES,
  holdsRole,
  mayLookBehind,
  PAGE_ROLES,
} from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Decisions' };

export default async function DecisionsPage() {
  const viewer = await requireViewer(PAGE_ROLES.decisions);
  return (
    <DecisionsScreen
      mayExport={holdsRole(viewer.roles, EXPORT_ROLES)}
      mayLookBehind={mayLookBehind(viewer.roles)}
      decides={holdsRole(viewer.roles, DECIDING_ROLES)}
    />
  );
}
