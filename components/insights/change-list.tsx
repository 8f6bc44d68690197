import Link from 'next/link';
import { MarkedText } from '@/components/ui/marked-text';
import { routes } from '@/lib/client/routes';
import { formatDay } from './rate-words';
import type { ChangeMarker } from './summarise-changes';

/** What the numbers above the chart stand for. */
export function ChangeList({ markers }: { markers: readonly ChangeMarker[] }) {
  if (markers.length === 0) return null;
  return (
    <ol className="ichanges" aria-label="Changes in this window">
      {markers.map((marker) => (
        <li key={marker.id}>
          <span className="cnum num">{marker.number}</span>
          <span className="dim num">{formatDay(marker.day)}</span>{' '}
          <Link
            className="t2"
            href={`${routes.changes()}?change=${encodeURIComponent(marker.id)}`}
            prefetch={false}
          >
            <MarkedText text={marker.words} />
          </Link>
        </li>
      ))}
    </ol>
  );
}
