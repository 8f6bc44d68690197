'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import { SECTION_WORDS } from '@/components/escalations/escalation-words';
import { SentenceLine } from '@/components/escalations/sentence-line';
import { Crumbs } from '@/components/ui/crumbs';
import { Id } from '@/components/ui/id';
import { Section } from '@/components/ui/section';
import { routes } from '@/lib/client/routes';
import { useShortcuts } from '@/lib/client/shortcuts';
import type { Verdict } from '@/lib/escalations/escalation-view';
import { ActionTree } from './action-tree';
import { Announcements } from './announcements';
import { DecidePart } from './decide-part';
import { useNextWaiting, usePrefetchNext } from './next-waiting';
import { PastDealings } from './past-dealings';
import { PhoneBrief } from './phone-brief';
import { ReviewBar } from './review-bar';
import { ReviewFailing } from './review-failing';
import { ReviewMeta } from './review-head';
import { InvalidView, ReviewNotices } from './review-notice';
import { ReviewSide } from './review-side';
import { ReviewSkeleton } from './review-skeleton';
import { SectionSeen } from './section-seen';
import { SeenAndSaid } from './seen-and-said';
import { Unusual } from './unusual-findings';
import { useDecision } from './use-decision';
import { type Review, useReview } from './use-review';
import { useChoose, useFocusResult, useReviewKeys } from './use-review-keys';
import { Watched } from './watched';
import { WhyAsked } from './why-asked';

/** One escalation at full length: five sections, and beside them time and reading. `verdict` opens the form at once. */
export function ReviewPage({
  escalationId,
  viewerName,
  verdict,
}: {
  escalationId: string;
  viewerName: string;
  verdict: Verdict | null;
}) {
  const root = useRef<HTMLDivElement>(null);
  const load = useReview(escalationId, root);
  const decision = useDecision(escalationId);
  const choose = useChoose(root, load, decision);
  useReviewKeys(root, load, choose);
  useFocusResult(root, decision);
  useNextKey(escalationId);
  usePrefetchNext(escalationId, load.status === 'ready' && load.review.shown.session !== null);

  const isReady = load.status === 'ready';
  const openForm = useEffectEvent(() => verdict !== null && choose(verdict));
  useEffect(() => {
    if (isReady) openForm();
  }, [isReady]);

  if (load.status === 'loading') return <ReviewSkeleton />;
  if (load.status === 'failing') return <ReviewFailing code={load.code} retry={load.retry} whole />;
  const { review } = load;
  const { shown, check } = review;
  return (
    <div className="review" ref={root}>
      <div className="head">
        <Crumbs
          items={[
            { label: 'Queue', href: routes.queue() },
            { label: <Id value={shown.row.id} copy label="id" /> },
          ]}
        />
        <h1>
          <SentenceLine sentence={shown.row.sentence} title />
        </h1>
        <ReviewMeta review={review} />
        <ReviewNotices review={review} />
      </div>
      {check.verdict === 'invalid' ? (
        <InvalidView review={review} />
      ) : (
        <>
          <div className="steps">
            <PhoneBrief review={review} />
            <Evidence review={review} />
            <Section id="decide" number={5} title="Decide">
              <DecidePart review={review} decision={decision} viewerName={viewerName} />
            </Section>
          </div>
          <ReviewSide review={review} />
          {decision.state.at === 'idle' && <ReviewBar review={review} place="phone" onChoose={choose} />}
        </>
      )}
      <Announcements review={review} decision={decision} />
    </div>
  );
}

function Evidence({ review }: { review: Review }) {
  const { shown, check } = review;
  return (
    <>
      <Section
        id="action"
        number={1}
        title={SECTION_WORDS.action}
        end={<SectionSeen review={review} section="action" />}
      >
        <Watched section="action">
          <div className="grid2">
            <ActionTree shown={shown} check={check} />
            <Unusual shown={shown} />
          </div>
        </Watched>
      </Section>
      <Section
        id="why"
        number={2}
        title={SECTION_WORDS.why}
        end={<SectionSeen review={review} section="why" />}
      >
        <Watched section="why">
          <WhyAsked shown={shown} />
        </Watched>
      </Section>
      <Section
        id="seen"
        number={3}
        title={SECTION_WORDS.seen}
        end={<SectionSeen review={review} section="seen" />}
      >
        <Watched section="seen">
          <SeenAndSaid shown={shown} />
        </Watched>
      </Section>
      <Section
        id="history"
        number={4}
        title={SECTION_WORDS.history}
        end={<SectionSeen review={review} section="history" />}
      >
        <Watched section="history">
          <PastDealings shown={shown} />
        </Watched>
      </Section>
    </>
  );
}

function useNextKey(escalationId: string): void {
  const router = useRouter();
  const next = useNextWaiting(escalationId);
  const go = useEffectEvent(async () => {
    const id = await next();
    router.push(id === null ? routes.queue() : routes.escalation(id));
  });
  const shortcuts = useMemo(() => [{ keys: 'n', what: 'Next that waits', run: () => void go() }], []);
  useShortcuts('Queue', shortcuts);
}
