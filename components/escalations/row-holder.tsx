import { Avatar } from '@/components/ui/avatar';
import type { EscalationRow } from '@/lib/escalations/escalation-view';

/** Who has a waiting row and what it still needs: "Unclaimed", "You, needs 1", "1 of 2 signed". */
export function RowHolder({ row }: { row: EscalationRow }) {
  const needs =
    row.needed > 1
      ? row.approvals > 0
        ? `${row.approvals} of ${row.needed} signed`
        : `needs ${row.needed}`
      : null;
  if (row.lease === null) return <>{needs ?? 'Unclaimed'}</>;
  if (row.lease.mine) {
    return (
      <span>
        <span className="mine">You</span>, {needs ?? `needs ${row.needed - row.approvals}`}
      </span>
    );
  }
  return (
    <>
      <Avatar name={row.lease.name} small />
      {row.lease.name}
      {needs !== null && `, ${needs}`}
    </>
  );
}
