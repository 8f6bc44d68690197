'use client';

import Link from 'next/link';
import { type ComponentProps, useState } from 'react';

/**
 * A link of the frame. What it leads to is fetched ahead once somebody aims at it: the frame stands on every page, and
 * fetching all its places for each one asked the server sixteen things that nobody had asked for.
 */
export function FrameLink(
  props: Omit<ComponentProps<typeof Link>, 'prefetch' | 'onPointerEnter' | 'onFocus'>,
) {
  const [isAimedAt, setAimedAt] = useState(false);
  const aim = () => setAimedAt(true);
  return <Link {...props} prefetch={isAimedAt ? null : false} onPointerEnter={aim} onFocus={aim} />;
}
