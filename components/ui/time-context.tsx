'use client';

import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { UTC, type Zone } from './format-time';

type TimeSetting = { zone: Zone; serverNowMs: number };

const TimeContext = createContext<TimeSetting>({ zone: UTC, serverNowMs: 0 });

/** Gives everything below it one zone, and the server's clock for the first render so that both sides draw the same. */
export function TimeSettings({
  zone,
  serverNowMs,
  children,
}: {
  zone: Zone;
  serverNowMs: number;
  children: ReactNode;
}) {
  const setting = useMemo(() => ({ zone, serverNowMs }), [zone, serverNowMs]);
  return <TimeContext value={setting}>{children}</TimeContext>;
}

/** The zone in which times are shown. */
export function useZone(): Zone {
  return useContext(TimeContext).zone;
}

const listeners = new Set<() => void>();
let nowMs = 0;
let ticker: ReturnType<typeof setInterval> | undefined;

// One ticker for every clock on the page, and none while nobody looks at one.
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (ticker === undefined) {
    nowMs = Date.now();
    ticker = setInterval(() => {
      nowMs = Date.now();
      for (const each of listeners) each();
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
  };
}

/** The current time in milliseconds, moving each second; on the server and in the first render the server's time. */
export function useNowMs(): number {
  const { serverNowMs } = useContext(TimeContext);
  return useSyncExternalStore(
    subscribe,
    () => (ticker === undefined ? Date.now() - (Date.now() % 1000) : nowMs),
    () => serverNowMs,
  );
}
