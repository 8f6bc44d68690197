import type { Metadata } from 'next';
import { InsightsScreen } from '@/components/insights/insights-screen';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Insights' };

export default async function InsightsPage() {
  await requireViewer(PAGE_ROLES.insights);
  return <InsightsScreen />;
}
