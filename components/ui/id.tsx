import { CopyButton } from './copy-button';
import { elide } from './elide';

/**
 * An identifier, digest or token in mono, elided in the middle.
 * The hidden middle stays in the document, so that selecting, searching and reading aloud give the full value; hovering
 * shows it, and `copy` adds a button that copies it whole and shows it on focus. `whole` elides nothing.
 */
export function Id({
  value,
  keep = 4,
  copy = false,
  whole = false,
  label = 'id',
}: {
  value: string;
  keep?: number;
  copy?: boolean;
  whole?: boolean;
  label?: string;
}) {
  const { head, hidden, tail } = whole ? { head: value, hidden: '', tail: '' } : elide(value, keep);
  const text = (
    <span className={whole ? 'id whole' : 'id'} title={hidden === '' ? undefined : value} translate="no">
      {head}
      {hidden !== '' && <span className="id-mid">{hidden}</span>}
      {tail}
    </span>
  );
  if (!copy) return text;
  return (
    <span className="id-copy">
      {text}
      <CopyButton text={value} label={`Copy ${label}`} />
    </span>
  );
}
