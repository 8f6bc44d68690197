'use client';

import dynamic from 'next/dynamic';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import '@/components/flow/flow.css';
import { keepListed, type Marks, markRange, NO_MARKS, toggleMark } from '@/components/flow/marked-rows';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { LiveRegion } from '@/components/ui/live-region';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { claimEscalation, releaseEscalation } from '@/lib/client/queries/escalations';
import { routes } from '@/lib/client/routes';
import { useShortcuts } from '@/lib/client/shortcuts';
import { MAX_BULK } from '@/lib/escalations/escalation-lists';
import { STATE_WORDS } from './escalation-words';
import { formatQueueFilter, parseQueueFilter, parseQueuePlace, type QueueFilter } from './queue-filter';
import { QueueHead } from './queue-head';
import { queueCommand } from './queue-keys';
import { QueueList, type QueueListHandle } from './queue-list';
import { QueueLoad } from './queue-load';
import { QueueStates } from './queue-states';
import { formatSentence } from './sentence-line';
import { useIsWide } from './use-is-wide';
import { type Queue, useQueue } from './use-queue';

// A queue without a choice, and a phone, need none of this.
const ReviewPane = dynamic(() => import('@/components/reviews/review-pane').then((file) => file.ReviewPane), {
  ssr: false,
  loading: () => (
    <div className="pane-head">
      <Skeleton lines={12} label="Loading the escalation" />
    </div>
  ),
});

const BulkDialog = dynamic(() => import('@/components/flow/bulk-dialog').then((file) => file.BulkDialog), {
  ssr: false,
});

/** A selection must rest this long before it is opened: running through the list with `j` opens nothing. */
const REST_MS = 250;

/** The list on the left; beside it, where there is room, the chosen escalation. The URL holds both. */
export function QueueScreen({ viewerName, decides }: { viewerName: string; decides: boolean }) {
  const router = useRouter();
  const params = useSearchParams();
  const filter = useMemo(() => parseQueueFilter(params), [params]);
  const selected = params.get('selected');
  const queue = useQueue(filter);
  const isWide = useIsWide();
  const list = useRef<QueueListHandle>(null);
  const opened = useRested(selected);
  const [marks, setMarks] = useState<Marks>(NO_MARKS);
  const [deciding, setDeciding] = useState<readonly string[] | null>(null);
  const marked = useMemo(
    () =>
      keepListed(
        marks,
        queue.rows.filter((row) => row.leavesAtMs === null),
      ),
    [marks, queue.rows],
  );

  function show(to: QueueFilter, id: string | null) {
    const query = formatQueueFilter(to, id);
    window.history.replaceState(null, '', query === '' ? routes.queue() : `${routes.queue()}?${query}`);
  }

  const press = useEffectEvent((key: string) => {
    // The address changes at once, what is drawn from it a moment later: keys act on what was chosen last.
    const { filter, selected } = parseQueuePlace(window.location.search);
    const rows = queue.rows.map((row) => ({
      id: row.id,
      isWaiting: row.leavesAtMs === null,
      isMine: row.lease?.mine === true,
      isHeldByOther: row.lease !== null && !row.lease.mine,
      isDeferred: row.deferral != null,
    }));
    if (key === 'x' && selected !== null) return setMarks((before) => toggleMark(before, selected, MAX_BULK));
    if (key === 'X' && selected !== null)
      return setMarks((before) => markRange(before, rows, selected, MAX_BULK));
    if (key === 'b' && marked.length > 0) return setDeciding(marked);
    const command = queueCommand(key, rows, selected);
    if (command === null) return;
    switch (command.do) {
      case 'select':
        show(filter, command.id);
        list.current?.reveal(command.id);
        break;
      case 'open':
        router.push(routes.escalation(command.id));
        break;
      case 'claim':
        void claimEscalation(command.id).catch(queue.retry);
        break;
      case 'release':
        void releaseEscalation(command.id).catch(queue.retry);
        break;
      case 'approve':
      case 'deny':
        router.push(`${routes.escalation(command.id)}?verdict=${command.do}`);
    }
  });
  const shortcuts = useMemo(
    () =>
      [
        ['j', 'Next row'],
        ['k', 'Row before'],
        ['ArrowDown', 'Next row'],
        ['ArrowUp', 'Row before'],
        ['Home', 'First row'],
        ['End', 'Last row'],
        ['n', 'Next that waits and nobody holds'],
        ['Enter', 'Open on its own page'],
        ['c', 'Claim, or put back'],
        ['x', 'Mark, to decide several together'],
        ['X', 'Mark from the last one to here'],
        ['b', 'Decide what is marked together'],
        ['a', 'Open the form to approve'],
        ['d', 'Open the form to deny'],
      ].map(([keys = '', what = '']) => ({ keys, what, run: () => press(keys) })),
    [],
  );
  useShortcuts('Queue', shortcuts);

  return (
    <div className="queue">
      <section className="list" aria-label="Waiting escalations">
        <QueueHead queue={queue} filter={filter} onFilter={(to) => show(to, selected)} />
        {decides && <QueueLoad />}
        {marked.length > 0 && (
          <div className="bulk-bar">
            <span role="status">
              <b className="num">{marked.length}</b> marked
            </span>
            <Button small variant="primary" kbd="b" onClick={() => setDeciding(marked)}>
              Decide together
            </Button>
            <Button small onClick={() => setMarks(NO_MARKS)}>
              Unmark
            </Button>
          </div>
        )}
        {queue.isOffline && queue.status === 'ready' && (
          <p className="list-note" role="status">
            The console does not answer: what is listed may be old. Nothing is approved meanwhile.
          </p>
        )}
        {queue.status === 'ready' && queue.rows.length > 0 ? (
          <QueueList
            ref={list}
            queue={queue}
            selected={selected}
            marked={marks.ids}
            onMark={(id) => setMarks((before) => markRange(before, queue.rows, id, MAX_BULK))}
            onSelect={isWide ? (id) => show(filter, id) : null}
          />
        ) : (
          <QueueStates queue={queue} filter={filter} onFilter={(to) => show(to, selected)} />
        )}
        <div className="hints" aria-hidden="true">
          <span>
            <Kbd>j</Kbd>
            <Kbd>k</Kbd> move
          </span>
          <span>
            <Kbd>c</Kbd> claim
          </span>
          <span>
            <Kbd>n</Kbd> next
          </span>
          <span>
            <Kbd>?</Kbd> keys
          </span>
          <span className="end">by time left</span>
        </div>
      </section>
      {isWide && (
        <section className="pane" aria-label="Review">
          {opened === null ? (
            <div className="pane-empty">
              <StateBox kind="empty" title="No escalation chosen">
                Choose one, or press <Kbd>j</Kbd>. It is opened, and your reading measured, once you stay on
                it.
              </StateBox>
            </div>
          ) : (
            <ReviewPane key={opened} escalationId={opened} viewerName={viewerName} />
          )}
        </section>
      )}
      <Arrivals queue={queue} />
      {deciding !== null && (
        <BulkDialog
          ids={deciding}
          onClose={(isDone) => {
            setDeciding(null);
            if (isDone) setMarks(NO_MARKS);
            queue.retry();
          }}
        />
      )}
    </div>
  );
}

function useRested(selected: string | null): string | null {
  const [rested, setRested] = useState(selected);
  useEffect(() => {
    const timer = setTimeout(() => setRested(selected), REST_MS);
    return () => clearTimeout(timer);
  }, [selected]);
  return rested;
}

/** Says aloud what came and what was decided elsewhere. */
function Arrivals({ queue }: { queue: Queue }) {
  const came = queue.rows.filter((row) => queue.arrived.has(row.id) && row.leavesAtMs === null).at(-1);
  const ended = queue.rows.filter((row) => row.leavesAtMs !== null).at(-1);
  return (
    <>
      <LiveRegion>{came !== undefined && `New: ${formatSentence(came.sentence)}.`}</LiveRegion>
      <LiveRegion>
        {ended !== undefined &&
          `${STATE_WORDS[ended.state]}${ended.decidedBy === null ? '' : ` by ${ended.decidedBy}`}: ${formatSentence(ended.sentence)}.`}
      </LiveRegion>
    </>
  );
}
