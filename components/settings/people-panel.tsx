import { Reach } from '@/components/authority/reach';
import { PersonPasskeys } from '@/components/passkeys/person-passkeys';
import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/client/routes';
import type { PasskeyView } from '@/lib/identity/passkey-requests';
import type { PersonView } from '@/lib/identity/person-requests';
import { ROLE_NAMES } from '@/lib/identity/role';
import { InvitePerson } from './invite-person';
import { PersonActions } from './person-actions';

/** Who is a member, in which roles, and how far their verdicts reach. */
export function PeoplePanel({
  people,
  mayChange,
  passkeys,
  oidcName,
  classes,
}: {
  people: readonly PersonView[];
  mayChange: boolean;
  /** In use, by person; only for an administrator. */
  passkeys: Readonly<Record<string, readonly PasskeyView[]>>;
  oidcName: string | null;
  /** Classes of counterparties that the policy in force names. */
  classes: readonly string[];
}) {
  return (
    <Panel
      title="People"
      note={String(people.length)}
      end={mayChange ? <InvitePerson oidcName={oidcName} classes={classes} /> : undefined}
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
                <a className="link" href={routes.person(person.id)}>
                  <b>
                    <MarkedText text={person.name} />
                  </b>
                </a>
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
                  cell: (person: PersonView) => (
                    <div className="acts">
                      <PersonPasskeys person={person} passkeys={passkeys[person.id] ?? []} />
                      <PersonActions person={person} classes={classes} />
                    </div>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}
