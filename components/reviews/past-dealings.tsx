import Link from 'next/link';
import { formatDeed } from '@/components/escalations/sentence-line';
import { StateWord } from '@/components/escalations/state-word';
import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Subhead } from '@/components/ui/subhead';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/client/routes';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';

const count = (value: number) => value.toLocaleString('en');

/** This counterparty, this principal, this agent, and what came of similar escalations. */
export function PastDealings({ shown }: { shown: EscalationDetail }) {
  const { counterparty, principal, agent, similar } = shown.history;
  const { object, principal: who } = shown.row.sentence;
  return (
    <div className="stack">
      <div className="trio">
        <div>
          <div className="lab">{object === undefined ? 'Counterparty' : <MarkedText text={object} />}</div>
          <p>
            {counterparty === null ? (
              'none named in this action'
            ) : (
              <>
                <b>{count(counterparty.settled)}</b> settled before
                {counterparty.firstSeenAt !== null && (
                  <>
                    , first seen <Time at={counterparty.firstSeenAt} precision="date" />
                  </>
                )}
              </>
            )}
          </p>
        </div>
        <div>
          <div className="lab">This {who?.type ?? 'principal'}</div>
          <p>
            <b>{count(principal.actions)}</b> actions, <b>{count(principal.escalated)}</b> escalated
          </p>
        </div>
        <div>
          <div className="lab">This agent</div>
          <p>
            <b>{count(agent.decisions)}</b> decisions, <b>{count(agent.escalated)}</b> escalated
          </p>
        </div>
      </div>
      <div className="card">
        <Subhead
          title="Similar escalations"
          note={similar.length === 0 ? undefined : `the latest ${similar.length}`}
          end={
            shown.decisionId !== null && (
              <Link className="link" href={routes.lineage(shown.decisionId)}>
                Open lineage
              </Link>
            )
          }
        />
        {similar.length === 0 ? (
          <p className="lab">No earlier escalation of this agent with this tool.</p>
        ) : (
          <DataTable
            caption="Similar escalations"
            rows={similar}
            rowKey={(past) => past.id}
            columns={[
              {
                key: 'asked',
                head: 'Asked',
                cell: (past) => (
                  <span className="nw dim">
                    <Time at={past.createdAt} precision="date" />
                  </span>
                ),
              },
              {
                key: 'action',
                head: 'Action',
                cell: (past) => (
                  <Link href={routes.escalation(past.id)} className="quiet-link">
                    <MarkedText text={formatDeed(past.sentence)} />
                  </Link>
                ),
              },
              { key: 'verdict', head: 'Verdict', cell: (past) => <StateWord state={past.state} /> },
              {
                key: 'outcome',
                head: 'What came of it',
                cell: (past) => <span className="t2">{past.outcome ?? 'not reported'}</span>,
              },
            ]}
          />
        )}
      </div>
    </div>
  );
}
