import type { ReactNode } from 'react';

/** Announces its text when it changes. `urgent` interrupts: only for what needs a person now. Keep it mounted. */
export function LiveRegion({ urgent = false, children }: { urgent?: boolean; children: ReactNode }) {
  return (
    <div className="vh" aria-live={urgent ? 'assertive' : 'polite'} aria-atomic="true">
      {children}
    </div>
  );
}
