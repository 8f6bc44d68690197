'use client';

import { useQuery } from '@tanstack/react-query';
import { buttonClass } from '@/components/ui/button';
import { Time } from '@/components/ui/time';
import { frameQuery } from '@/lib/client/queries/frame';
import { routes } from '@/lib/client/routes';

/** On every page while a break-glass is open. */
export function BreakGlassBanner() {
  const { data } = useQuery({ ...frameQuery(), select: (frame) => frame.breakGlass });
  if (!data) return null;
  return (
    <div className="notice break-glass" role="status">
      <p>
        <b>Break-glass is open</b> until <Time at={data.until} precision="clock" />. Limits are lifted;
        everything decided under it is marked and reviewed afterwards.
      </p>
      <a className={buttonClass({ small: true })} href={`${routes.settings()}/break-glass`}>
        See why
      </a>
    </div>
  );
}
