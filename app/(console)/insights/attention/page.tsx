import type { Metadata } from 'next';
import { AttentionScreen } from '@/components/attention/attention-screen';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Attention' };

export default async function AttentionPage() {
  const viewer = await requireViewer(PAGE_ROLES.insights);
  return <AttentionScreen mayPlan={viewer.roles.includes('compliance')} />;
}
