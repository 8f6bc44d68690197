import { Icon, type IconName } from './icon';

/** Who vouches for a value: its producer's signature, this browser's own digest, a conclusion, or nobody. */
export type Evidence = 'attested' | 'rehashed' | 'inferred' | 'missing';

const marks: Record<Evidence, { icon: IconName; className: string; words: string }> = {
  attested: { icon: 'attested', className: '', words: 'attested' },
  rehashed: { icon: 'rehash', className: ' re', words: 're-hashed here' },
  inferred: { icon: 'inferred', className: ' inferred', words: 'inferred' },
  missing: { icon: 'missing', className: ' missing', words: 'missing' },
};

/** The mark that stands beside every reconstructed value and is never omitted. `count` turns it into a key entry. */
export function EvidenceMark({ evidence, count }: { evidence: Evidence; count?: number }) {
  const { icon, className, words } = marks[evidence];
  return (
    <span className={`ev${className}`}>
      <Icon name={icon} small />
      {count !== undefined && <b>{count} </b>}
      {words}
    </span>
  );
}
