'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';

/** Lets a person who knows why the log changed take it as it is now. What it was is then remembered nowhere. */
export function ForgetLog({ onForget }: { onForget: () => Promise<void> }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        Forget what this browser remembers…
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Forget this log?"
        description="This browser remembers the last checkpoint that it verified, and refuses a log that does not continue it. If it forgets, it will believe the next checkpoint it sees as if it were the first, and nobody could show from here that the log was ever another."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button
              variant="danger"
              onClick={() => {
                setOpen(false);
                void onForget();
              }}
            >
              Forget it
            </Button>
          </>
        }
      >
        <p className="t2">
          Do this only when the operator has told you why the log changed, by a way that does not pass through
          this console, and after you have kept a copy of this page: for example after a restore from a
          backup, or an exchange of the log’s key.
        </p>
      </Dialog>
    </>
  );
}
