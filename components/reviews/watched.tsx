import type { ReactNode } from 'react';
import type { EvidenceSection } from '@/lib/escalations/escalation-view';

/** Marks evidence whose reading is measured: its whole, and its end. */
export function Watched({
  section,
  className,
  children,
}: {
  section: EvidenceSection;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div data-section={section} className={className}>
      {children}
      <span className="section-end" data-section-end={section} aria-hidden="true" />
    </div>
  );
}
