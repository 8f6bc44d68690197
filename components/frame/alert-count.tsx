'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Icon } from '@/components/ui/icon';
import { frameQuery } from '@/lib/client/queries/frame';
import { routes } from '@/lib/client/routes';

/** Open alerts, leading to them; nothing while there are none, or for whoever may not see them. */
export function AlertCount() {
  const count = useQuery({ ...frameQuery(), select: (frame) => frame.alerts ?? 0 }).data ?? 0;
  if (count === 0) return null;
  return (
    <Link className="env alertn" href={routes.insights()} prefetch={false}>
      <Icon name="flag" /> {count.toLocaleString('en')} {count === 1 ? 'alert' : 'alerts'}
    </Link>
  );
}
