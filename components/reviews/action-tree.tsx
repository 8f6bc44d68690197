import { JsonTree } from '@/components/ui/json-tree';
import { NotInspectable } from '@/components/ui/not-inspectable';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import type { ShownCheck } from './check-shown';

/** The action whole, drawn from the canonical bytes that are signed, with the lines of unusual findings marked. */
export function ActionTree({ shown, check }: { shown: EscalationDetail; check: ShownCheck }) {
  if (shown.actionJson === '') {
    return (
      <div className="state">
        <b>
          <NotInspectable /> The action cannot be shown
        </b>
        <div>
          Its bytes have been erased, or are not those whose digest is signed. Only the digest is left, and
          nobody can approve it.
        </div>
      </div>
    );
  }
  const bytes = new TextEncoder().encode(shown.actionJson).length;
  return (
    <div className="action-tree">
      <JsonTree
        json={shown.actionJson}
        title="Exact parameters"
        note={`${bytes.toLocaleString('en')} bytes`}
        marks={shown.unusual.flatMap(({ path }) => (path === undefined ? [] : [path]))}
      />
      <p className="lab tree-note">
        {check.verdict === 'valid'
          ? 'Drawn from the same canonical bytes that you sign; their SHA-256 was computed here and is the action digest.'
          : 'Drawn from the same canonical bytes that you sign; their SHA-256 is being computed here.'}
      </p>
    </div>
  );
}
