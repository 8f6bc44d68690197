import type { Metadata } from 'next';
import { PeoplePanel } from '@/components/settings/people-panel';
import { SettingsHead } from '@/components/settings/settings-head';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { listPeople } from '@/lib/server/identity/list-people';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { signInOptions } from '@/lib/server/identity/sign-in-options';
import { listTenantPasskeys } from '@/lib/server/passkeys/list-passkeys';
import { listClasses } from '@/lib/server/policies/list-classes';

export const metadata: Metadata = { title: 'People and authority' };

/** Who is a member, and how far each verdict reaches. */
export default async function PeoplePage() {
  const viewer = await requireViewer(SETTINGS_ROLES.people);
  const mayChange = viewer.roles.includes('admin');
  const passkeys = mayChange ? Object.fromEntries(await listTenantPasskeys(viewer.tenant.id)) : {};
  const [people, { oidcName }, classes] = await Promise.all([
    listPeople(viewer.tenant.id),
    signInOptions(),
    listClasses(viewer.tenant.id),
  ]);
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="people"
        mayChange={mayChange}
      />
      <PeoplePanel
        people={people}
        passkeys={passkeys}
        mayChange={mayChange}
        oidcName={oidcName}
        classes={classes}
      />
    </>
  );
}
