'use client';

import { useQuery } from '@tanstack/react-query';
import { LoadNotice } from '@/components/reviews/load-notice';
import { ownLoadQuery } from '@/lib/client/queries/own-load';

/** Over the list, what one person has taken on lately; silent below the limits and where none is set. */
export function QueueLoad() {
  const { data } = useQuery(ownLoadQuery());
  return <LoadNotice load={data?.load ?? null} />;
}
