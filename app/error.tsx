'use client';

import { Button } from '@/components/ui/button';
import { StateBox } from '@/components/ui/state-box';

/** What could not be drawn outside the frame, for instance when the database does not answer. */
export default function RootError({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <main className="door">
      <div className="door-box">
        <StateBox
          kind="failing"
          whole
          title="The console cannot be reached"
          action={
            <Button small icon="refresh" onClick={retry}>
              Try again
            </Button>
          }
        >
          It could not read what this page needs. Nothing was approved or denied meanwhile; no token is issued
          until it is back.{error.digest !== undefined && ` Reference ${error.digest}.`}
        </StateBox>
      </div>
    </main>
  );
}
