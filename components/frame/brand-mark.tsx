/** Two strokes in a ring: the first signature, and the one that makes it valid. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <circle cx="10" cy="10" r="8.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="m6 13.6 3.4-7.2" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      <path d="m10.6 13.6 3.4-7.2" stroke="var(--accent)" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
