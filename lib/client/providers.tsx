'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { createQueryClient } from './create-query-client';
import { TimeZone } from './time-zone';
import type { ZoneChoice } from './zone-choice';

/** What every console page needs around it: one query client, one time zone, one clock. */
export function Providers({
  zone,
  serverNowMs,
  children,
}: {
  zone: ZoneChoice;
  serverNowMs: number;
  children: ReactNode;
}) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <TimeZone initial={zone} serverNowMs={serverNowMs}>
        {children}
      </TimeZone>
    </QueryClientProvider>
  );
}
