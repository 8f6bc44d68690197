/** How far something has come, `value` of `max`. Unknown `value` shows an empty track and says nothing of a share. */
export function ProgressBar({
  label,
  value,
  max = 100,
}: {
  label: string;
  value: number | undefined;
  max?: number;
}) {
  const share = value === undefined || max <= 0 ? 0 : Math.min(1, Math.max(0, value / max));
  return (
    <div
      className="prog"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      tabIndex={-1}
    >
      <i style={{ width: `${share * 100}%` }} />
    </div>
  );
}
