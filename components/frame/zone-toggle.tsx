'use client';

import { Segmented } from '@/components/ui/segmented';
import { useZoneChoice } from '@/lib/client/time-zone';
import { HOME_ZONE } from '@/lib/client/zone-choice';

/** Shows every time on the page in the home zone or in UTC. */
export function ZoneToggle() {
  const { choice, setChoice } = useZoneChoice();
  return (
    <Segmented
      label="Time zone"
      value={choice}
      onChange={setChoice}
      options={[
        { value: 'home', label: HOME_ZONE.label },
        { value: 'utc', label: 'UTC' },
      ]}
    />
  );
}
