'use client';

import { usePathname } from 'next/navigation';
import { Icon } from '@/components/ui/icon';
import type { ConsolePage } from '@/lib/identity/permissions';
import { destinations, isUnder } from './destinations';
import { FrameLink } from './frame-link';
import { QueueCount } from './queue-count';

/** One place to go; the one where one stands is marked, the queue carries its live count. */
export function RailLink({ page }: { page: ConsolePage }) {
  const destination = destinations[page];
  const pathname = usePathname();
  return (
    <FrameLink href={destination.href} aria-current={isUnder(pathname, destination) ? 'page' : undefined}>
      <Icon name={destination.icon} />
      {destination.label}
      {page === 'queue' && <QueueCount />}
    </FrameLink>
  );
}
