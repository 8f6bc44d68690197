'use client';

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { UTC, type Zone } from '@/components/ui/format-time';
import { TimeSettings } from '@/components/ui/time-context';
import { writePreference } from './write-preference';
import { ZONE_COOKIE, type ZoneChoice } from './zone-choice';

interface ZoneSetting {
  choice: ZoneChoice;
  home: Zone;
  setChoice: (choice: ZoneChoice) => void;
}

const ChoiceContext = createContext<ZoneSetting>({ choice: 'home', home: UTC, setChoice: () => {} });

/** One zone for every time on the page, remembered; `serverNowMs` is the server's clock when it drew the page. */
export function TimeZone({
  initial,
  home,
  serverNowMs,
  children,
}: {
  initial: ZoneChoice;
  home: Zone;
  serverNowMs: number;
  children: ReactNode;
}) {
  const [choice, setChoice] = useState(initial);
  const setting = useMemo(
    () => ({
      choice,
      home,
      setChoice: (next: ZoneChoice) => {
        setChoice(next);
        writePreference(ZONE_COOKIE, next);
      },
    }),
    [choice, home],
  );
  return (
    <ChoiceContext value={setting}>
      <TimeSettings zone={choice === 'utc' ? UTC : home} serverNowMs={serverNowMs}>
        {children}
      </TimeSettings>
    </ChoiceContext>
  );
}

/** The choice between the home zone and UTC, and how to change it. */
export function useZoneChoice(): ZoneSetting {
  return useContext(ChoiceContext);
}
