import type { Metadata } from 'next';
import { AlertRulesPanel } from '@/components/alerts/alert-rules-panel';
import { SettingsHead } from '@/components/settings/settings-head';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { listAlertRules } from '@/lib/server/alerts/list-alerts';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Alerts' };

/** By which rules people are told that something is not as it should be. */
export default async function AlertsPage() {
  const viewer = await requireViewer(SETTINGS_ROLES.alerts);
  const mayChange = viewer.roles.includes('admin');
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="alerts"
        mayChange={mayChange}
      />
      <AlertRulesPanel rules={await listAlertRules(viewer.tenant.id)} mayChange={mayChange} />
    </>
  );
}
