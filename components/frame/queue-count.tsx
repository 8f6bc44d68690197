'use client';

import { useQuery } from '@tanstack/react-query';
import { frameQuery } from '@/lib/client/queries/frame';

/** How many escalations wait; nothing while that is not known. */
export function QueueCount() {
  const count = useQuery({ ...frameQuery(), select: (frame) => frame.queueCount }).data;
  if (count === undefined) return null;
  return (
    <span className="n">
      {count.toLocaleString('en')}
      <span className="vh"> waiting</span>
    </span>
  );
}
