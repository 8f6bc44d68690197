'use client';

import type { ReactNode } from 'react';
import { Finding, Findings } from '@/components/ui/finding';
import { formatDuration } from '@/components/ui/format-time';
import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import { RelativeTime, Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/time-context';
import type { TenantVerificationState } from '@/lib/client/verification/tenant-verification';
import type { IntegrityView } from '@/lib/evidence/integrity-view';
import { listNotices, type Notice, type NoticeCode } from '@/lib/evidence/list-notices';

const figure = (n: number) => n.toLocaleString('en');

const MOST_RANGES = 8;

/** `Numbers 4 to 6, 8 and 11 to 14`; of many the first few, and how many more. */
function numbers(ranges: readonly { from: number; to: number }[], one: string, many: string): string {
  const [first] = ranges;
  if (!first) return many;
  if (ranges.length === 1 && first.from === first.to) return `${one} ${figure(first.from)}`;
  const words = ranges
    .slice(0, MOST_RANGES)
    .map(({ from, to }) => (from === to ? figure(from) : `${figure(from)} to ${figure(to)}`));
  const more = ranges.length - words.length;
  if (more > 0) words.push(`${figure(more)} more holes`);
  const last = words.pop();
  return `${many} ${words.length > 0 ? `${words.join(', ')} and ${last}` : last}`;
}

/** What each finding means, and what a person can do about it. */
const MEANINGS: Record<NoticeCode, string> = {
  sequence_gap:
    'The number is signed at the source, so a hole proves that records were lost on the way or kept back. Ask whoever runs the producer to send them again: when they arrive, the hole closes by itself.',
  not_in_log:
    'Until a checkpoint covers them, their order rests on this console alone. If this does not clear within minutes, the operator of the console must look at why the log is not growing.',
  heartbeat_missing:
    'While it is silent nobody can tell “nothing happened” from “records are held back”. Ask whoever runs it whether it is up and can reach this console.',
  silent:
    'It may be stopped, cut off or replaced. Ask whoever runs it; if it was stood down on purpose, retire its key in the settings and it is no longer waited for.',
};

function Sentence({ notice }: { notice: Notice }): ReactNode {
  const { code, stream, since, ranges = [], usualMs = 0 } = notice;
  const name = <Id value={stream} whole />;
  switch (code) {
    case 'sequence_gap':
      return (
        <>
          <b>{numbers(ranges, 'Number', 'Numbers')}</b> of {name} never arrived; noticed{' '}
          <Time at={since} precision="minute" />.
        </>
      );
    case 'not_in_log':
      return (
        <>
          <b>{numbers(ranges, 'Record', 'Records')}</b> of {name} are in no checkpoint, the first of them
          since <Time at={since} precision="minute" />; one is due every {formatDuration(usualMs)}.
        </>
      );
    case 'heartbeat_missing':
      return (
        <>
          <b>No heartbeat</b> from {name} since <Time at={since} precision="minute" />; it promised one every{' '}
          {formatDuration(usualMs)}.
        </>
      );
    case 'silent':
      return (
        <>
          <b>Silent</b>: {name}, last heard <RelativeTime at={since} />. Its longest pause before was{' '}
          {formatDuration(usualMs)}.
        </>
      );
  }
}

/** What should have come and has not, each with its place, since when, what it means and what to do. */
export function NoticeList({ view, run }: { view: IntegrityView; run: TenantVerificationState }) {
  const nowMs = useNowMs();
  const notices = listNotices(view, nowMs);
  const late = [...run.streams].filter(([, state]) => state.late.length > 0);
  return (
    <Panel
      title="Findings"
      note="what should have come and has not"
      end={<span className="lab num">{notices.length}</span>}
    >
      {notices.length === 0 && late.length === 0 ? (
        <p className="t2">
          None: no number of a producer is missing, nobody who should be heard is silent, and every record is
          in the log or about to be.
        </p>
      ) : (
        <Findings label="Findings">
          {notices.map((notice) => (
            <Finding key={`${notice.code} ${notice.stream}`} evidence={MEANINGS[notice.code]}>
              <Sentence notice={notice} />
            </Finding>
          ))}
          {late.map(([stream, state]) => (
            <Finding
              key={`late ${stream}`}
              evidence="Seen by this browser in the run above. Nothing is missing: the producer, or whoever carries its records, sent them late. If it happens often, ask why."
            >
              <b>{numbers(state.late, 'Number', 'Numbers')}</b> of <Id value={stream} whole /> came after
              greater ones.
            </Finding>
          ))}
        </Findings>
      )}
    </Panel>
  );
}
