'use client';

import { Button } from '@/components/ui/button';
import { StateBox } from '@/components/ui/state-box';

/** A page that could not be drawn, inside the frame. The digest is what the server's log calls this failure. */
export default function ConsoleError({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <div className="page">
      <StateBox
        kind="failing"
        whole
        title="This page cannot be shown"
        action={
          <Button small icon="refresh" onClick={retry}>
            Try again
          </Button>
        }
      >
        Something in the console failed while this page was read. Nothing was approved or denied by it, and no
        token was issued.{error.digest !== undefined && ` Reference ${error.digest}.`}
      </StateBox>
    </div>
  );
}
