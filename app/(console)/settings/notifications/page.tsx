import type { Metadata } from 'next';
import { ChannelsPanel } from '@/components/notifications/channels-panel';
import { PreferencesPanel } from '@/components/notifications/preferences-panel';
import { SettingsHead } from '@/components/settings/settings-head';
import { holdsRole } from '@/lib/identity/permissions';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { listChannels } from '@/lib/server/notifications/list-channels';
import { getPreferences } from '@/lib/server/notifications/preferences';
import { listProducers } from '@/lib/server/producers/list-producers';

export const metadata: Metadata = { title: 'Notifications' };

/** Everybody chooses what they are written of; an administrator registers the ways out of the console. */
export default async function NotificationsPage() {
  const viewer = await requireViewer(SETTINGS_ROLES.notifications);
  const mayChange = viewer.roles.includes('admin');
  const seesChannels = holdsRole(viewer.roles, SETTINGS_ROLES.producers);
  const tenant = viewer.tenant.id;
  const [channels, producers, preferences] = await Promise.all([
    seesChannels ? listChannels(tenant) : [],
    mayChange ? listProducers(tenant) : [],
    getPreferences(viewer),
  ]);
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="notifications"
        mayChange={mayChange}
      />
      {seesChannels && (
        <ChannelsPanel
          channels={channels}
          gateways={producers.filter(({ kind }) => kind === 'gateway').map(({ id }) => id)}
          mayChange={mayChange}
        />
      )}
      <PreferencesPanel preferences={preferences} />
    </>
  );
}
