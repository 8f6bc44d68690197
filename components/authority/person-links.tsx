import type { ReactNode } from 'react';
import { MarkedText } from '@/components/ui/marked-text';
import { Panel } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { PersonLinkView } from '@/lib/identity/person-requests';
import { LINK_WORDS } from './link-words';

/** Under which other names and accounts a person appears. */
export function PersonLinks({ links, end }: { links: readonly PersonLinkView[]; end?: ReactNode }) {
  return (
    <Panel title="The same person" note={String(links.length)} end={end}>
      <p className="dim">
        People are counted, not accounts. Nobody decides what one of their own names asked for.
      </p>
      {links.length > 0 && (
        <ul className="stack">
          {links.map((link) => (
            <li key={`${link.kind} ${link.value}`}>
              {LINK_WORDS[link.kind]}:{' '}
              {link.name === null ? (
                <code>
                  <MarkedText text={link.value} />
                </code>
              ) : (
                <b>
                  <MarkedText text={link.name} />
                </b>
              )}{' '}
              <span className="dim">
                since <Time at={link.since} precision="date" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
