import { Amount } from '@/components/ui/amount';
import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { TierMark } from '@/components/ui/tier-mark';
import { Time } from '@/components/ui/time';
import type { PersonView } from '@/lib/identity/person-requests';
import { ROLE_NAMES } from '@/lib/identity/role';
import { InvitePerson } from './invite-person';
import { PersonActions } from './person-actions';

function Reach({ authority }: { authority: PersonView['authority'] }) {
  if (authority === null) return <span className="dim">approves nothing</span>;
  return (
    <div className="stack">
      <TierMark tier={authority.maxTier} />
      <span>
        {authority.maxAmount === null || authority.currency === null ? (
          'any amount'
        ) : (
          <>
            up to <Amount value={authority.maxAmount} currency={authority.currency} />
          </>
        )}
      </span>
      <span className="dim">
        {authority.tools.length === 0 ? 'every tool' : `only ${authority.tools.join(', ')}`}
      </span>
    </div>
  );
}

/** Who is a member, in which roles, and how far their verdicts reach. */
export function PeoplePanel({
  people,
  mayChange,
  oidcName,
}: {
  people: readonly PersonView[];
  mayChange: boolean;
  oidcName: string | null;
}) {
  return (
    <Panel
      title="People"
      note={String(people.length)}
      end={mayChange ? <InvitePerson oidcName={oidcName} /> : undefined}
      flush
    >
      <DataTable
        caption="People, their roles and authority"
        rows={people}
        rowKey={(person) => person.id}
        columns={[
          {
            key: 'name',
            head: 'Person',
            cell: (person) => (
              <div className="stack">
                <b>
                  <MarkedText text={person.name} />
                </b>
                <span className="dim">
                  <MarkedText text={person.email} />
                </span>
              </div>
            ),
          },
          {
            key: 'roles',
            head: 'Roles',
            cell: (person) => person.roles.map((role) => ROLE_NAMES[role]).join(', '),
          },
          { key: 'reach', head: 'May approve', cell: (person) => <Reach authority={person.authority} /> },
          { key: 'since', head: 'Since', cell: (person) => <Time at={person.since} precision="date" /> },
          ...(mayChange
            ? [
                {
                  key: 'acts',
                  head: 'Change',
                  figures: true,
                  cell: (person: PersonView) => <PersonActions person={person} />,
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}
