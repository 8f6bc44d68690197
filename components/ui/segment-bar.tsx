/** A thin line of segments, each filled by its share 0 to 1. `label` says in words what the eye sees. */
export function SegmentBar({ label, shares }: { label: string; shares: readonly number[] }) {
  return (
    <div className="dwell" role="img" aria-label={label}>
      {shares.map((share, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: segments are places
        <span key={at}>
          <i style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
        </span>
      ))}
    </div>
  );
}
