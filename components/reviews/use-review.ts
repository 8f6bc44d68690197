import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Liveness, useConsoleEvents } from '@/lib/client/events';
import { RequestError } from '@/lib/client/fetch-json';
import {
  claimEscalation,
  escalationKeys,
  escalationQueryOptions,
  openReview,
  releaseEscalation,
  sendHeartbeat,
} from '@/lib/client/queries/escalations';
import type { EscalationDetail, ReviewProgress } from '@/lib/escalations/escalation-view';
import { checkShown, type ShownCheck } from './check-shown';
import { holdEvidence, isStaleView, keepNewest, mergeProgress } from './merge-detail';
import { useDwell } from './use-dwell';

/** Everything the parts of a review page need. `shown` is what is drawn; times are milliseconds. */
export type Review = {
  shown: EscalationDetail;
  check: ShownCheck;
  isStale: boolean;
  /** This browser's clock minus the server's. */
  skewMs: number;
  /** When the measured times arrived here. */
  measuredAtMs: number;
  liveness: Liveness;
  /** The last request got no answer. */
  isOffline: boolean;
  isAttentive: () => boolean;
  /** Draws what is there now instead of what was first drawn. */
  reload: () => void;
  refetch: () => void;
  claim: () => void;
  release: () => void;
  /** Code of a claim that was refused. */
  claimCode: string | null;
};

export type ReviewLoad =
  | { status: 'loading' }
  | { status: 'failing'; code: string | null; retry: () => void }
  | { status: 'ready'; review: Review };

/** How long after a failure the server is told again that the evidence was drawn. */
const OPEN_AGAIN_MS = 2_000;

/**
 * Loads one escalation and keeps it live; holds the evidence still; computes its digests here; then tells the server
 * that it has been drawn in `root` and measures the reading with heartbeats for as long as a verdict is possible.
 */
export function useReview(escalationId: string, root: RefObject<HTMLElement | null>): ReviewLoad {
  const client = useQueryClient();
  const query = useQuery({
    ...escalationQueryOptions(escalationId),
    refetchOnMount: 'always',
    structuralSharing: (known, arrived) =>
      keepNewest(known as EscalationDetail | undefined, arrived as EscalationDetail),
  });
  const [first, setFirst] = useState<EscalationDetail | null>(query.data ?? null);
  const [checked, setChecked] = useState<{ of: EscalationDetail; check: ShownCheck } | null>(null);
  const [isOffline, setOffline] = useState(false);
  const [claimCode, setClaimCode] = useState<string | null>(null);
  const openedFor = useRef<EscalationDetail | null>(null);
  const key = escalationKeys.detail(escalationId);
  const live = query.data;
  if (first === null && live !== undefined) setFirst(live);

  const refetch = () => void client.invalidateQueries({ queryKey: key });
  const liveness = useConsoleEvents((event) => {
    if (event.id === escalationId || event.id === live?.result?.approval?.id) refetch();
  }, refetch);

  useEffect(() => {
    if (first === null) return;
    let isCurrent = true;
    checkShown(first).then(
      (check) => isCurrent && setChecked({ of: first, check }),
      () =>
        isCurrent &&
        setChecked({ of: first, check: { verdict: 'invalid', what: 'bytes', reason: 'check_failed' } }),
    );
    return () => {
      isCurrent = false;
    };
  }, [first]);
  const check: ShownCheck =
    checked !== null && checked.of === first ? checked.check : { verdict: 'checking' };

  function take(progress: ReviewProgress) {
    setOffline(false);
    const known = client.getQueryData<EscalationDetail>(key);
    if (known === undefined) return;
    client.setQueryData<EscalationDetail>(key, mergeProgress(known, progress));
    if (progress.state !== known.row.state) refetch();
  }

  function fail(error: unknown) {
    if (error instanceof RequestError && error.status === 0) setOffline(true);
    else refetch();
  }

  const isOpenable =
    first !== null &&
    (check.verdict === 'valid' || check.verdict === 'gone') &&
    live?.row.state === 'pending' &&
    live.may.decide &&
    live.ownVerdict === null &&
    !isStaleView(first, live);
  // Runs after the evidence of `first` has been committed to the page: this is the moment it was drawn.
  useEffect(() => {
    if (!isOpenable || first === null || openedFor.current === first) return;
    openedFor.current = first;
    openReview(escalationId).then(take, (error) => {
      fail(error);
      // A refusal stands until something changes; what got no answer is asked again, and not at once.
      if (isRefusal(error)) return;
      setTimeout(() => {
        openedFor.current = null;
        refetch();
      }, OPEN_AGAIN_MS);
    });
  });

  const isAttentive = useDwell(root, isOpenable && live.session !== null, (beat) => {
    sendHeartbeat(escalationId, beat).then(take, fail);
  });

  function lease(change: typeof claimEscalation) {
    setClaimCode(null);
    change(escalationId).then(take, (error) => {
      setClaimCode(error instanceof RequestError ? (error.code ?? 'offline') : 'internal');
      fail(error);
    });
  }

  if (live === undefined || first === null) {
    if (!query.isError) return { status: 'loading' };
    const { error } = query;
    return {
      status: 'failing',
      code: error instanceof RequestError ? error.code : null,
      retry: () => void query.refetch(),
    };
  }
  const isStale = isStaleView(first, live);
  return {
    status: 'ready',
    review: {
      shown: holdEvidence(first, live),
      check,
      isStale,
      skewMs: query.dataUpdatedAt - Date.parse(live.now),
      measuredAtMs: query.dataUpdatedAt,
      liveness,
      isOffline: isOffline || (query.isRefetchError && isSilent(query.error)),
      isAttentive,
      reload: () => setFirst(live),
      refetch,
      claim: () => lease(claimEscalation),
      release: () => lease(releaseEscalation),
      claimCode,
    },
  };
}

function isSilent(error: unknown): boolean {
  return error instanceof RequestError && error.status === 0;
}

function isRefusal(error: unknown): boolean {
  return error instanceof RequestError && error.status >= 400 && error.status < 500;
}
