'use client';

import Link from 'next/link';
import { type ReactNode, useRef } from 'react';
import { CONTROL_WORDS, SECTION_WORDS } from '@/components/escalations/escalation-words';
import { SentenceLine } from '@/components/escalations/sentence-line';
import { StateBadge } from '@/components/escalations/state-word';
import { Badge } from '@/components/ui/badge';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { Kbd } from '@/components/ui/kbd';
import { Section } from '@/components/ui/section';
import { Skeleton } from '@/components/ui/skeleton';
import { Subhead } from '@/components/ui/subhead';
import { TierMark } from '@/components/ui/tier-mark';
import { TimeLeft } from '@/components/ui/time-left';
import { routes } from '@/lib/client/routes';
import { EVIDENCE_SECTIONS } from '@/lib/escalations/escalation-lists';
import { ActionTree } from './action-tree';
import { Announcements } from './announcements';
import { DecidePart } from './decide-part';
import { isToRead } from './dwell-words';
import { PastDealings } from './past-dealings';
import { ReviewBar } from './review-bar';
import { ReviewFailing } from './review-failing';
import { InvalidView, ReviewNotices } from './review-notice';
import { SectionSeen } from './section-seen';
import { SeenAndSaid } from './seen-and-said';
import { Unusual } from './unusual-findings';
import { useDecision } from './use-decision';
import { type Review, useReview } from './use-review';
import { useChoose, useFocusResult, useReviewKeys } from './use-review-keys';
import { Watched } from './watched';
import { WhyBrief } from './why-asked';

/** The chosen escalation beside the queue: the same evidence, form and rules as on its own page. */
export function ReviewPane({ escalationId, viewerName }: { escalationId: string; viewerName: string }) {
  const root = useRef<HTMLDivElement>(null);
  const load = useReview(escalationId, root);
  const decision = useDecision(escalationId);
  const choose = useChoose(root, load, decision);
  useReviewKeys(root, load, choose);
  useFocusResult(root, decision);

  if (load.status === 'loading') {
    return (
      <div className="pane-head">
        <Skeleton lines={12} label="Loading the escalation" />
      </div>
    );
  }
  if (load.status === 'failing') return <ReviewFailing code={load.code} retry={load.retry} />;
  const { review } = load;
  const isInvalid = review.check.verdict === 'invalid';
  return (
    <>
      <PaneHead review={review} />
      {!isInvalid && <PaneNav review={review} />}
      <div className="pane-body" ref={root}>
        <ReviewNotices review={review} />
        {isInvalid ? (
          <InvalidView review={review} />
        ) : (
          <PaneBody
            review={review}
            decide={<DecidePart review={review} decision={decision} viewerName={viewerName} />}
          />
        )}
      </div>
      {!isInvalid && <ReviewBar review={review} place="pane" onChoose={choose} />}
      <Announcements review={review} decision={decision} />
    </>
  );
}

function PaneHead({ review }: { review: Review }) {
  const { row } = review.shown;
  return (
    <div className="pane-head">
      <div className="meta">
        <Badge tone="escalate">Escalated by {CONTROL_WORDS[row.control]}</Badge>
        <TierMark tier={row.tier} badge />
        {row.state === 'pending' ? (
          <span className="t2">
            {row.approvals > 0 ? `${row.approvals} of ${row.needed} signed` : `needs ${row.needed}`}
          </span>
        ) : (
          <StateBadge state={row.state} />
        )}
        <span className="dim">
          <Id value={row.id} />
        </span>
        <span className="end clock">
          {row.state === 'pending' && (
            <span>
              <b>
                <TimeLeft
                  fromMs={Date.parse(row.createdAt) + review.skewMs}
                  untilMs={Date.parse(row.expiresAt) + review.skewMs}
                  inline
                />
              </b>{' '}
              left
            </span>
          )}
          <Link className="btn sm" href={routes.escalation(row.id)}>
            Open <Kbd>Enter</Kbd>
          </Link>
        </span>
      </div>
      <h2 className="pane-say">
        <SentenceLine sentence={row.sentence} title />
      </h2>
    </div>
  );
}

function PaneNav({ review }: { review: Review }) {
  const { session } = review.shown;
  return (
    <nav className="pane-nav" aria-label="Sections">
      {EVIDENCE_SECTIONS.map((section) => {
        const isRead = session?.covered.includes(section) ?? false;
        return (
          <a key={section} href={`#${section}`}>
            {isRead && <Icon name="eye" label="read" />}
            {section === 'seen' ? 'Seen and said' : SECTION_WORDS[section]}
            {isToRead(review, section) && <small className="todo">to read</small>}
          </a>
        );
      })}
      <a href="#decide">Decide</a>
    </nav>
  );
}

function PaneBody({ review, decide }: { review: Review; decide: ReactNode }) {
  const { shown, check } = review;
  return (
    <>
      <div className="two">
        <section id="action" aria-label={SECTION_WORDS.action}>
          <Watched section="action">
            <ActionTree shown={shown} check={check} />
          </Watched>
        </section>
        <div className="aside">
          <section id="why">
            <Watched section="why">
              <Subhead title={SECTION_WORDS.why} note={`policy v${shown.policy.version}`} />
              <WhyBrief shown={shown} />
            </Watched>
          </section>
          <Unusual shown={shown} />
        </div>
      </div>
      <Section id="seen" title={SECTION_WORDS.seen} end={<SectionSeen review={review} section="seen" />}>
        <Watched section="seen">
          <SeenAndSaid shown={shown} />
        </Watched>
      </Section>
      <Section
        id="history"
        title={SECTION_WORDS.history}
        end={<SectionSeen review={review} section="history" />}
      >
        <Watched section="history">
          <PastDealings shown={shown} />
        </Watched>
      </Section>
      <Section id="decide" title="Decide">
        {decide}
      </Section>
    </>
  );
}
