import type { ReactNode } from 'react';
import { Icon } from '@/components/ui/icon';
import { MarkTag } from '@/components/ui/mark-tag';
import { parseJsonLines } from '@/components/ui/parse-json-lines';
import { Subhead } from '@/components/ui/subhead';
import type { EvidenceSection } from '@/lib/escalations/escalation-view';
import { isToRead } from './dwell-words';
import { UnusualFindings } from './unusual-findings';
import type { Review } from './use-review';
import { WhyBrief } from './why-asked';

/** What a phone shows first: why, what is unusual, and where the rest is. The rest stands below, at full length. */
export function PhoneBrief({ review }: { review: Review }) {
  const { shown } = review;
  const parsed = parseJsonLines(shown.actionJson);
  const passages = shown.marked.reduce((sum, each) => sum + each.passages.length, 0);
  return (
    <div className="phone-brief">
      <h2 className="vh">In short</h2>
      <div className="aside">
        <section>
          <Subhead title="Why you are asked" />
          <WhyBrief shown={shown} />
        </section>
        <section>
          <Subhead title="Unusual for this agent" />
          <UnusualFindings shown={shown} />
        </section>
      </div>
      <ul className="mlist">
        <Row review={review} section="action" words="Exact parameters">
          {parsed.ok ? `${parsed.lines.length} lines` : 'not inspectable'}
        </Row>
        <Row review={review} section="seen" words="Seen and said">
          {passages > 0 ? (
            <MarkTag>{passages} marked</MarkTag>
          ) : (
            countItems(shown.evidence?.retrieved.length ?? 0)
          )}
        </Row>
        <Row review={review} section="history" words="History">
          {shown.history.similar.length} similar
        </Row>
      </ul>
    </div>
  );
}

function countItems(count: number): string {
  return count === 1 ? '1 item' : `${count} items`;
}

function Row({
  review,
  section,
  words,
  children,
}: {
  review: Review;
  section: EvidenceSection;
  words: string;
  children: ReactNode;
}) {
  const isRead = review.shown.session?.covered.includes(section) ?? false;
  return (
    <li>
      <a href={`#${section}`}>
        {isRead ? (
          <Icon name="check" label="read" />
        ) : (
          <span className={isToRead(review, section) ? 'todo' : 'todo-none'} />
        )}
        <span>{words}</span>
        <small>{children}</small>
        <Icon name="right" small />
      </a>
    </li>
  );
}
