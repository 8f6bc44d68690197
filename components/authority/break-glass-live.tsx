'use client';

import { useRouter } from 'next/navigation';
import { useConsoleEvents } from '@/lib/client/events';

/** Shows the page afresh when somebody asks, confirms, closes or reviews meanwhile. */
export function BreakGlassLive() {
  const router = useRouter();
  useConsoleEvents(
    ({ type }) => {
      if (type === 'break_glass.changed') router.refresh();
    },
    () => router.refresh(),
  );
  return null;
}
