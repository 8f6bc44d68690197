import type { ReactNode } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { DelegationView } from '@/lib/identity/delegation-requests';
import { ROLE_NAMES } from '@/lib/identity/role';
import { DELEGATION_REASON_WORDS, DELEGATION_STATE_WORDS } from './delegation-words';
import { Reach } from './reach';
import { RevokeDelegation } from './revoke-delegation';

/** Who lent what to whom, from and until, and why. */
export function DelegationPanel({
  delegations,
  end,
}: {
  delegations: readonly DelegationView[];
  end?: ReactNode;
}) {
  return (
    <Panel title="Lent authority" note={String(delegations.length)} end={end} flush>
      {delegations.length === 0 ? (
        <div className="panel-body">
          <p className="dim">
            Nobody has lent authority here. A reviewer who is away can hand theirs, or a part of it, to a
            colleague for a time.
          </p>
        </div>
      ) : (
        <DataTable
          caption="Lent authority"
          rows={delegations}
          rowKey={(each) => each.id}
          columns={[
            {
              key: 'who',
              head: 'From and to',
              cell: (each) => (
                <div className="stack">
                  <span>
                    <b>
                      <MarkedText text={each.from.name} />
                    </b>{' '}
                    to{' '}
                    <b>
                      <MarkedText text={each.to.name} />
                    </b>
                  </span>
                  <span className="dim">as {each.roles.map((role) => ROLE_NAMES[role]).join(', ')}</span>
                </div>
              ),
            },
            {
              key: 'when',
              head: 'When',
              cell: (each) => (
                <div className="stack">
                  <span>
                    <Time at={each.fromAt} precision="minute" /> –{' '}
                    <Time at={each.untilAt} precision="minute" />
                  </span>
                  <b>{DELEGATION_STATE_WORDS[each.state]}</b>
                </div>
              ),
            },
            { key: 'what', head: 'May approve', cell: (each) => <Reach authority={each.authority} /> },
            {
              key: 'why',
              head: 'Why',
              cell: (each) => (
                <div className="stack">
                  <span>{DELEGATION_REASON_WORDS[each.reasonCode]}</span>
                  <span className="dim">
                    <MarkedText text={each.reasonText} />
                  </span>
                </div>
              ),
            },
            {
              key: 'acts',
              head: 'Change',
              figures: true,
              cell: (each) => (each.mayRevoke ? <RevokeDelegation delegation={each} /> : null),
            },
          ]}
        />
      )}
    </Panel>
  );
}
