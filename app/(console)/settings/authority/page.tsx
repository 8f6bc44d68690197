import type { Metadata } from 'next';
import { DelegationPanel } from '@/components/authority/delegation-panel';
import { LendAuthority } from '@/components/authority/lend-authority';
import { Reach } from '@/components/authority/reach';
import { SettingsHead } from '@/components/settings/settings-head';
import { Panel } from '@/components/ui/panel';
import { DECIDING_ROLES, holdsRole } from '@/lib/identity/permissions';
import { ROLE_NAMES } from '@/lib/identity/role';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { listDelegations } from '@/lib/server/delegations/list-delegations';
import { listPeople } from '@/lib/server/identity/list-people';
import { requireViewer } from '@/lib/server/identity/require-viewer';
import { listClasses } from '@/lib/server/policies/list-classes';

export const metadata: Metadata = { title: 'My authority' };

/** How far one's own verdicts reach, and handing that to a colleague while one is away. */
export default async function AuthorityPage() {
  const viewer = await requireViewer(SETTINGS_ROLES.authority);
  const tenant = viewer.tenant.id;
  const [people, delegations, classes] = await Promise.all([
    listPeople(tenant),
    listDelegations(viewer, viewer.person.id),
    listClasses(tenant),
  ]);
  const own = people.find(({ id }) => id === viewer.person.id)?.authority ?? null;
  // Only names: a reviewer need not see how far others reach.
  const colleagues = people
    .filter(({ id, roles }) => id !== viewer.person.id && holdsRole(roles, DECIDING_ROLES))
    .map(({ id, name }) => ({ id, name }));
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="authority"
        mayChange={false}
        about="An administrator sets how far your verdicts reach. Lending it to a colleague for a time is yours, and a signed record."
      />
      <Panel title="What you may approve" note={viewer.roles.map((role) => ROLE_NAMES[role]).join(', ')}>
        <Reach authority={own} />
      </Panel>
      <DelegationPanel
        delegations={delegations}
        end={own === null ? undefined : <LendAuthority own={own} colleagues={colleagues} classes={classes} />}
      />
    </>
  );
}
