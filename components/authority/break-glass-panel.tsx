import { DataTable } from '@/components/ui/data-table';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/client/routes';
import type { BreakGlassView } from '@/lib/identity/break-glass-requests';
import { AskBreakGlass, BreakGlassActs } from './break-glass-acts';
import {
  BREAK_GLASS_REASON_WORDS,
  BREAK_GLASS_STATE_WORDS,
  FINDING_WORDS,
  RELAXES_WORDS,
} from './break-glass-words';

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** What two people opened, by whom and why, what was decided under it, and the review that is owed. */
export function BreakGlassPanel({
  rule,
  items,
}: {
  rule: { minutes: number; tiers: string[]; relaxes: string[]; mayAsk: boolean } | null;
  items: readonly BreakGlassView[];
}) {
  return (
    <Panel
      title="Break-glass"
      note={String(items.length)}
      end={rule?.mayAsk ? <AskBreakGlass minutes={rule.minutes} /> : undefined}
      flush
    >
      <div className="panel-body">
        <p className="dim">
          {rule === null
            ? 'The policy in force opens no break-glass.'
            : `For ${rule.minutes} minutes, two people together lift ${LIST.format(rule.relaxes.map((each) => RELAXES_WORDS[each as keyof typeof RELAXES_WORDS]))} (tiers: ${rule.tiers.join(', ')}). Requesters stay excluded, people stay distinct, and everything is recorded.`}
        </p>
      </div>
      {items.length > 0 && (
        <DataTable
          caption="Break-glass"
          rows={items}
          rowKey={(item) => item.id}
          columns={[
            {
              key: 'state',
              head: 'State',
              cell: (item) => (
                <div className="stack">
                  <b>{BREAK_GLASS_STATE_WORDS[item.state]}</b>
                  {item.reviewDueAt !== null && item.state.startsWith('review_') && (
                    <span className="dim">
                      due <Time at={item.reviewDueAt} precision="minute" />
                    </span>
                  )}
                </div>
              ),
            },
            {
              key: 'who',
              head: 'Who',
              cell: (item) => (
                <div className="stack">
                  <span>
                    asked by <MarkedText text={item.askedBy} />
                  </span>
                  {item.openedBy !== null && (
                    <span>
                      confirmed by <MarkedText text={item.openedBy} />
                    </span>
                  )}
                </div>
              ),
            },
            {
              key: 'when',
              head: 'When',
              cell: (item) =>
                item.openedAt === null ? (
                  <Time at={item.askedAt} precision="minute" />
                ) : (
                  <span>
                    <Time at={item.openedAt} precision="minute" /> –{' '}
                    <Time at={item.until ?? item.openedAt} precision="minute" />
                  </span>
                ),
            },
            {
              key: 'why',
              head: 'Why',
              cell: (item) => (
                <div className="stack">
                  <span>{BREAK_GLASS_REASON_WORDS[item.reasonCode]}</span>
                  <span className="dim">
                    <MarkedText text={item.reasonText} />
                  </span>
                </div>
              ),
            },
            {
              key: 'used',
              head: 'Decided under it',
              cell: (item) =>
                item.used.length === 0 ? (
                  <span className="dim">no verdict under it</span>
                ) : (
                  <ul className="stack">
                    {item.used.map((id) => (
                      <li key={id}>
                        <a href={routes.escalation(id)}>
                          <Id value={id} />
                        </a>
                      </li>
                    ))}
                  </ul>
                ),
            },
            {
              key: 'finding',
              head: 'Review afterwards',
              cell: (item) => (
                <div className="stack">
                  {item.finding !== null && (
                    <>
                      <b>{FINDING_WORDS[item.finding]}</b>
                      <span className="dim">
                        <MarkedText text={item.findingText ?? ''} /> ({item.reviewedBy})
                      </span>
                    </>
                  )}
                  <BreakGlassActs item={item} />
                </div>
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
