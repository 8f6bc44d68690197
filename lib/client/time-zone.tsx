'use client';

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { UTC } from '@/components/ui/format-time';
import { TimeSettings } from '@/components/ui/time-context';
import { writePreference } from './write-preference';
import { HOME_ZONE, ZONE_COOKIE, type ZoneChoice } from './zone-choice';

const ChoiceContext = createContext<{ choice: ZoneChoice; setChoice: (choice: ZoneChoice) => void }>({
  choice: 'home',
  setChoice: () => {},
});

/** One zone for every time on the page, remembered; `serverNowMs` is the server's clock when it drew the page. */
export function TimeZone({
  initial,
  serverNowMs,
  children,
}: {
  initial: ZoneChoice;
  serverNowMs: number;
  children: ReactNode;
}) {
  const [choice, setChoice] = useState(initial);
  const setting = useMemo(
    () => ({
      choice,
      setChoice: (next: ZoneChoice) => {
        setChoice(next);
        writePreference(ZONE_COOKIE, next);
      },
    }),
    [choice],
  );
  return (
    <ChoiceContext value={setting}>
      <TimeSettings zone={choice === 'utc' ? UTC : HOME_ZONE} serverNowMs={serverNowMs}>
        {children}
      </TimeSettings>
    </ChoiceContext>
  );
}

/** The choice between the home zone and UTC, and how to change it. */
export function useZoneChoice(): { choice: ZoneChoice; setChoice: (choice: ZoneChoice) => void } {
  return useContext(ChoiceContext);
}
