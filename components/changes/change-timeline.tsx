'use client';

import Link from 'next/link';
import { formatInstant } from '@/components/ui/format-time';
import { useNowMs, useZone } from '@/components/ui/time-context';
import { kindWords, LANES, type ListedChange } from './change-words';

const DAY_MS = 86_400_000;

/** Changes in lanes by what was changed, oldest left. The list beside it says the same, so that it may be passed over. */
export function ChangeTimeline({
  changes,
  chosen,
  hrefOf,
}: {
  changes: readonly ListedChange[];
  chosen: string;
  hrefOf: (id: string) => string;
}) {
  const zone = useZone();
  const nowMs = useNowMs();
  const times = changes.map(({ at }) => Date.parse(at));
  const from = Math.min(...times, nowMs - 7 * DAY_MS);
  const share = (at: string) => (Date.parse(at) - from) / Math.max(1, nowMs - from);
  const lanes = LANES.filter((lane) => changes.some((change) => change.lane === lane));
  return (
    <div className="ctime panel" aria-hidden="true">
      {lanes.map((lane) => (
        <div className="clane" key={lane}>
          <span className="lab">{lane}</span>
          <span className="ctrack">
            {changes
              .filter((change) => change.lane === lane)
              .map((change) => (
                <Link
                  key={change.id}
                  tabIndex={-1}
                  scroll={false}
                  prefetch={false}
                  href={hrefOf(change.id)}
                  className={`cdot${change.id === chosen ? ' on' : ''}${change.announced ? '' : ' un'}`}
                  style={{ left: `${share(change.at) * 100}%` }}
                  title={`${kindWords(change)}: ${change.name} ${change.toVersion}, ${formatInstant(Date.parse(change.at), zone, 'minute')}`}
                />
              ))}
          </span>
        </div>
      ))}
      <div className="clane">
        <span className="lab">filled: announced</span>
        <span className="caxis lab num">
          <span>{formatInstant(from, zone, 'date')}</span>
          <span>now</span>
        </span>
      </div>
    </div>
  );
}
