'use client';

import { UTC } from '@/components/ui/format-time';
import { Segmented } from '@/components/ui/segmented';
import { useZoneChoice } from '@/lib/client/time-zone';

/** Shows every time on the page in the browser's own zone or in UTC; nothing to choose where they are the same. */
export function ZoneToggle() {
  const { choice, home, setChoice } = useZoneChoice();
  if (home.id === UTC.id) return null;
  return (
    <Segmented
      label="Time zone"
      value={choice}
      onChange={setChoice}
      options={[
        { value: 'home', label: home.label },
        { value: 'utc', label: 'UTC' },
      ]}
    />
  );
}
