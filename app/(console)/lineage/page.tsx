import type { Metadata } from 'next';
import { LineageScreen } from '@/components/lineage/lineage-screen';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Lineage' };

export default async function LineagePage() {
  await requireViewer(PAGE_ROLES.lineage);
  return <LineageScreen />;
}
