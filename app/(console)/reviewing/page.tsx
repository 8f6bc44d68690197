import type { Metadata } from 'next';
import { ReviewingScreen } from '@/components/attention/reviewing-screen';
import { DECIDING_ROLES } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Your reviewing' };

export default async function ReviewingPage() {
  await requireViewer(DECIDING_ROLES);
  return <ReviewingScreen />;
}
