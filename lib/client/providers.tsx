'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Zone } from '@/components/ui/format-time';
import { createQueryClient } from './create-query-client';
import { TimeZone } from './time-zone';
import { TraceTemplate } from './trace-template';
import type { ZoneChoice } from './zone-choice';

/** What every console page needs around it: one query client, one time zone, one clock, one tracing UI. */
export function Providers({
  zone,
  homeZone,
  serverNowMs,
  traceTemplate,
  children,
}: {
  zone: ZoneChoice;
  homeZone: Zone;
  serverNowMs: number;
  traceTemplate: string | null;
  children: ReactNode;
}) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <TimeZone initial={zone} home={homeZone} serverNowMs={serverNowMs}>
        <TraceTemplate value={traceTemplate}>{children}</TraceTemplate>
      </TimeZone>
    </QueryClientProvider>
  );
}
