import { Tabs } from '@/components/ui/tabs';
import { routes } from '@/lib/client/routes';
import type { SettingsSection } from '@/lib/identity/settings-sections';

const LABELS: Record<SettingsSection, string> = {
  producers: 'Producers and keys',
  authority: 'My authority',
  'break-glass': 'Break-glass',
  people: 'People and authority',
  keys: 'Console keys',
  peers: 'Other consoles',
  policy: 'Policy',
  witnesses: 'Witnesses and trust',
  alerts: 'Alerts',
  notifications: 'Notifications',
  connect: 'Connect and verify',
};

/** The page's name, who it is for, and the parts this person sees. */
export function SettingsHead({
  tenantName,
  sections,
  current,
  mayChange,
  about,
}: {
  tenantName: string;
  sections: readonly SettingsSection[];
  current: SettingsSection;
  mayChange: boolean;
  /** Whose this part is, where it is not an administrator's. */
  about?: string;
}) {
  return (
    <header className="settings-head">
      <div>
        <h1>Settings of {tenantName}</h1>
        <p className="dim">
          {about ??
            (mayChange
              ? 'Every change here is a signed record. An administrator configures and approves nothing.'
              : 'You can read this part; an administrator changes it, and every change is a signed record.')}
        </p>
      </div>
      <Tabs
        label="Parts of the settings"
        tabs={sections.map((section) => ({
          key: section,
          label: LABELS[section],
          href: `${routes.settings()}/${section}`,
        }))}
        current={current}
      />
    </header>
  );
}
