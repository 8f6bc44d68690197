import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { ROOT_WORDS } from '@/lib/evidence/trust/root-words';
import type { TrustRoot } from '@/lib/evidence/trust/trust-root';

const SHOWN = 20;

/** What a file holds, by fingerprint, before anybody says yes to it. */
export function FoundRoots({ roots }: { roots: readonly TrustRoot[] }) {
  return (
    <>
      <ul className="found-roots">
        {roots.slice(0, SHOWN).map((root) => (
          <li key={`${root.kind} ${root.fingerprint}`}>
            <b>
              <MarkedText text={root.name} />
            </b>
            <span className="dim">{ROOT_WORDS[root.kind].name}</span>
            <span className="fp-line">
              <Fingerprint digest={root.fingerprint} />
              <Id value={root.fingerprint} whole />
            </span>
          </li>
        ))}
      </ul>
      {roots.length > SHOWN && (
        <p className="dim">
          and <span className="num">{(roots.length - SHOWN).toLocaleString('en')}</span> more
        </p>
      )}
    </>
  );
}
