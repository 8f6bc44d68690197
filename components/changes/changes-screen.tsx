'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { SPAN_DAYS } from '@/lib/analytics/change-comparison';
import { changesQuery } from '@/lib/client/queries/changes';
import { routes } from '@/lib/client/routes';
import { ChangeDetail } from './change-detail';
import { ChangeRow } from './change-row';
import { ChangeTimeline } from './change-timeline';
import { mergeChanges } from './change-words';
import './changes.css';

/** What the viewer may open from here. */
export interface ChangeDuties {
  /** May search decisions and see lineage. */
  trace: boolean;
  /** May see the policy settings, where the simulator is. */
  simulate: boolean;
}

/** Every change of what agents run under on one timeline; the chosen one before and after. The URL holds the choice. */
export function ChangesScreen({ duties }: { duties: ChangeDuties }) {
  const router = useRouter();
  const params = useSearchParams();
  const changes = useInfiniteQuery(changesQuery());
  const days = SPAN_DAYS.find((each) => String(each) === params.get('days')) ?? 14;
  const listed = mergeChanges(changes.data?.pages ?? []);
  const chosen = params.get('change') ?? listed[0]?.id ?? null;
  const unannounced = listed.filter(({ announced }) => !announced).length;

  const pathOf = (next: { change?: string; days?: number }) => {
    const now = new URLSearchParams(params);
    if (next.change !== undefined) now.set('change', next.change);
    if (next.days !== undefined) now.set('days', String(next.days));
    return `${routes.changes()}?${now}`;
  };

  return (
    <div className="page changes">
      <div className="row1h">
        <h1>Changes</h1>
        {changes.data && (
          <span className="t2 num">
            {listed.length} of models, prompts, indexes, guardrails, policies, thresholds and routing
            {unannounced > 0 && `; ${unannounced} that no record announced`}
          </span>
        )}
      </div>
      {changes.isPending ? (
        <Skeleton lines={12} label="Reading the changes" />
      ) : !changes.data ? (
        <StateBox
          kind="failing"
          title="The changes could not be read"
          action={
            <Button small onClick={() => changes.refetch()}>
              Read again
            </Button>
          }
        >
          {changes.error?.message}
        </StateBox>
      ) : listed.length === 0 || chosen === null ? (
        <StateBox kind="empty" title="No change has been recorded">
          A producer reports a new model, prompt, index or guardrail with a change record; a policy is
          recorded when it is published. A version that decisions name without such a record appears here too.
        </StateBox>
      ) : (
        <>
          <ChangeTimeline changes={listed} chosen={chosen} hrefOf={(id) => pathOf({ change: id })} />
          <div className="csplit">
            <ChangeDetail
              key={chosen}
              change={chosen}
              days={days}
              duties={duties}
              onDays={(next) => router.replace(pathOf({ days: next }), { scroll: false })}
            />
            <section className="clist" aria-label="All changes, newest first">
              <ul>
                {listed.map((change) => (
                  <ChangeRow
                    key={change.id}
                    change={change}
                    chosen={change.id === chosen}
                    href={pathOf({ change: change.id })}
                  />
                ))}
              </ul>
              {changes.hasNextPage && (
                <Button small busy={changes.isFetchingNextPage} onClick={() => void changes.fetchNextPage()}>
                  Older changes
                </Button>
              )}
            </section>
          </div>
        </>
      )}
    </div>
  );
}
