import { StateBox } from '@/components/ui/state-box';

/** Something that does not exist, or belongs to another organisation: both look the same. */
export default function ConsoleNotFound() {
  return (
    <div className="page">
      <StateBox kind="empty" whole title="Nothing is here">
        No such thing exists in this organisation. It may belong to another one of yours; switch at the top.
      </StateBox>
    </div>
  );
}
