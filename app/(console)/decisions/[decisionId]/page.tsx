import type { Metadata } from 'next';
import { DecisionScreen } from '@/components/decisions/decision-screen';
import { EXPORT_ROLES, holdsRole, PAGE_ROLES } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Decision' };

export default async function DecisionPage({ params }: { params: Promise<{ decisionId: string }> }) {
  const [{ decisionId }, viewer] = await Promise.all([params, requireViewer(PAGE_ROLES.decisions)]);
  return (
    <DecisionScreen
      decisionId={decodeURIComponent(decisionId)}
      mayExport={holdsRole(viewer.roles, EXPORT_ROLES)}
    />
  );
}
