import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { DelegationPanel } from '@/components/authority/delegation-panel';
import { LinkAccount } from '@/components/authority/link-account';
import { PersonLinks } from '@/components/authority/person-links';
import { Reach } from '@/components/authority/reach';
import { SettingsHead } from '@/components/settings/settings-head';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { holdsRole } from '@/lib/identity/permissions';
import { ROLE_NAMES } from '@/lib/identity/role';
import { listSettingsSections, SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { listDelegations } from '@/lib/server/delegations/list-delegations';
import { getPerson } from '@/lib/server/identity/get-person';
import { requireViewer } from '@/lib/server/identity/require-viewer';

export const metadata: Metadata = { title: 'Person' };

/** One member: how far their verdicts reach, what they lent or were lent, and who else they are. */
export default async function PersonPage({ params }: { params: Promise<{ personId: string }> }) {
  const viewer = await requireViewer(SETTINGS_ROLES.people);
  const { personId } = await params;
  const found = await getPerson(viewer.tenant.id, personId);
  if (!found) notFound();
  const { person, links, others } = found;
  return (
    <>
      <SettingsHead
        tenantName={viewer.tenant.name}
        sections={listSettingsSections(viewer.roles)}
        current="people"
        mayChange={viewer.roles.includes('admin')}
        about={
          viewer.roles.includes('compliance')
            ? 'An administrator sets roles and limits. Who is the same person is for you to say as well, and ending that only for you. Each is a signed record.'
            : undefined
        }
      />
      <Panel
        title={<MarkedText text={person.name} />}
        note={person.roles.map((role) => ROLE_NAMES[role]).join(', ')}
      >
        <p className="lab">May approve</p>
        <Reach authority={person.authority} />
      </Panel>
      <PersonLinks
        person={person}
        links={links}
        mayEnd={viewer.roles.includes('compliance') && viewer.person.id !== person.id}
        end={
          holdsRole(viewer.roles, ['compliance', 'admin']) ? (
            <LinkAccount person={person} others={others} />
          ) : undefined
        }
      />
      <DelegationPanel delegations={await listDelegations(viewer, personId)} />
    </>
  );
}
