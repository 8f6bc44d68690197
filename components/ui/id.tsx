import { CopyButton } from './copy-button';
import { elide } from './elide';
import { MarkedText } from './marked-text';

const PLAIN = /^[\x21-\x7e]*$/;

/**
 * An identifier, digest or token in mono, elided in the middle.
 * The hidden middle stays in the document, so that selecting, searching and reading aloud give the full value; hovering
 * shows it, and `copy` adds a button that copies it whole and shows it on focus. `whole` elides nothing; nor is an id
 * elided that holds anything but visible ASCII, since what hides in it must be seen.
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
  const isPlain = PLAIN.test(value);
  const isWhole = whole || !isPlain;
  const { head, hidden, tail } = isWhole ? { head: value, hidden: '', tail: '' } : elide(value, keep);
  const text = (
    <span className={isWhole ? 'id whole' : 'id'} title={hidden === '' ? undefined : value} translate="no">
      {isPlain ? head : <MarkedText text={value} />}
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
