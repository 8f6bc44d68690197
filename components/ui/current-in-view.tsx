'use client';

import { useEffect, useRef } from 'react';

/** Scrolls the row that it stands in, and nothing else, until the row's current link is in sight. */
export function CurrentInView({ current }: { current: string }) {
  const here = useRef<HTMLSpanElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link that is current follows from it
  useEffect(() => {
    const row = here.current?.parentElement;
    const link = row?.querySelector('[aria-current]');
    if (!row || !link) return;
    const [around, inside] = [row.getBoundingClientRect(), link.getBoundingClientRect()];
    if (inside.left < around.left || inside.right > around.right) row.scrollLeft += inside.left - around.left;
  }, [current]);
  return <span ref={here} hidden />;
}
