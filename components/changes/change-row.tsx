import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { MarkedText } from '@/components/ui/marked-text';
import { Time } from '@/components/ui/time';
import { kindWords, type ListedChange } from './change-words';

/** One change in the list: what, from which version to which, when, and whether anybody said so. */
export function ChangeRow({ change, chosen, href }: { change: ListedChange; chosen: boolean; href: string }) {
  return (
    <li>
      <Link href={href} aria-current={chosen ? 'true' : undefined} scroll={false} prefetch={false}>
        <span className="cname">
          <MarkedText text={change.name} />
        </span>
        <span className="t2 num cver">
          {change.fromVersion !== null && (
            <>
              <MarkedText text={change.fromVersion} /> to{' '}
            </>
          )}
          <MarkedText text={change.toVersion} />
        </span>
        <span className="cmeta">
          <Badge tone="plain">{kindWords(change)}</Badge>
          {!change.announced && (
            <Badge tone="plain" icon="flag">
              {change.times > 1 ? `${change.times} times unannounced` : 'not announced'}
            </Badge>
          )}
          <span className="dim end">
            <Time at={change.at} precision="minute" />
          </span>
        </span>
      </Link>
    </li>
  );
}
