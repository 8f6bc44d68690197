import type { ReactNode } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { PersonLinkView } from '@/lib/identity/person-requests';
import { EndLink } from './end-link';
import { LINK_ENDING_WORDS, LINK_WORDS } from './link-words';

/** Under which other names and accounts a person appears, and appeared. */
export function PersonLinks({
  person,
  links,
  mayEnd,
  end,
}: {
  person: { id: string; name: string };
  links: readonly PersonLinkView[];
  mayEnd: boolean;
  end?: ReactNode;
}) {
  const standing = links.filter(({ ended }) => ended === null).length;
  return (
    <Panel title="The same person" note={String(standing)} end={end} flush>
      <div className="panel-body">
        <p className="dim">
          {links.length === 0 ? 'Nothing is linked to this account. ' : ''}People are counted, not accounts.
          Nobody decides what one of their own names asked for.
        </p>
      </div>
      {links.length > 0 && (
        <DataTable
          caption="The same person"
          rows={links}
          rowKey={({ kind, value }) => `${kind} ${value}`}
          columns={[
            {
              key: 'what',
              head: 'What is theirs',
              cell: ({ kind, value, name }) => (
                <div className="stack">
                  {name === null ? (
                    <code className="link-value">
                      <MarkedText text={value} />
                    </code>
                  ) : (
                    <b>
                      <MarkedText text={name} />
                    </b>
                  )}
                  <span className="dim">{LINK_WORDS[kind]}</span>
                </div>
              ),
            },
            {
              key: 'since',
              head: 'Since',
              cell: ({ since }) => <Time at={since} precision="date" />,
            },
            {
              key: 'state',
              head: 'State',
              figures: true,
              cell: (link) =>
                link.ended === null ? (
                  mayEnd ? (
                    <EndLink person={person} link={link} />
                  ) : (
                    'in force'
                  )
                ) : (
                  <span className="dim">
                    ended <Time at={link.ended.at} precision="date" />:{' '}
                    {LINK_ENDING_WORDS[link.ended.why].toLowerCase()}
                  </span>
                ),
            },
          ]}
        />
      )}
    </Panel>
  );
}
