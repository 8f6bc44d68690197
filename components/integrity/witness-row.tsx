import { Badge } from '@/components/ui/badge';
import { Fingerprint } from '@/components/ui/fingerprint';
import { MarkedText } from '@/components/ui/marked-text';
import { RelativeTime, Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { describeWitnessError, WITNESS_STATE_WORDS } from '@/lib/evidence/describe-witness';
import type { WitnessHealth } from '@/lib/evidence/witness-view';
import { WITNESS_WORDS } from '@/lib/evidence/witness-words';
import type { Check } from '@/lib/integrity/check';

const VERDICTS = { valid: 'VALID', invalid: 'INVALID', 'not-checked': 'NOT CHECKED' } as const;
const CLASSES = { valid: 'valid', invalid: 'invalid', 'not-checked': 'nc' } as const;

/** One witness: what its newest receipt says, what that rests on, and what is wrong with it if anything is. */
export function WitnessRow({ witness }: { witness: WitnessHealth }) {
  const { latest } = witness;
  const verdict = latest?.verdict ?? 'not-checked';
  return (
    <li className={`wit ${CLASSES[verdict]}`} data-witness={witness.name}>
      <span className="wit-head">
        <Word tone={verdict}>{latest ? VERDICTS[verdict] : 'NO RECEIPT YET'}</Word>
        {witness.demo && <Badge tone="plain">demo witness</Badge>}
      </span>
      <p>
        {WITNESS_WORDS[witness.type].title}, <MarkedText text={witness.name} />
      </p>
      {latest && (
        <small className="num">
          size {latest.size.toLocaleString('en')},{' '}
          {latest.witnessedAt === null ? (
            <>
              received <RelativeTime at={latest.verifiedAt} />
            </>
          ) : (
            <>
              witnessed <Time at={latest.witnessedAt} />
            </>
          )}
        </small>
      )}
      {latest && <Rests checks={latest.checks} />}
      {verdict === 'not-checked' && latest && (
        <small>
          <MarkedText text={reasonOf(latest.checks)} />
        </small>
      )}
      {witness.state !== 'ok' && <State witness={witness} />}
    </li>
  );
}

/** The pinned roots under the verdict, each once. */
function Rests({ checks }: { checks: readonly Check[] }) {
  const roots = new Map(listRoots(checks).map((root) => [root.fingerprint, root]));
  return [...roots.values()].map((root) => (
    <small key={root.fingerprint} className="wit-root" title={root.fingerprint}>
      <Fingerprint digest={root.fingerprint} /> <MarkedText text={root.name} />
      <span className="vh">, fingerprint {root.fingerprint}</span>
    </small>
  ));
}

function listRoots(checks: readonly Check[]): NonNullable<Check['root']>[] {
  return checks.flatMap(({ root, details = [] }) => [...(root ? [root] : []), ...listRoots(details)]);
}

function reasonOf(checks: readonly Check[]): string {
  return checks.find(({ verdict }) => verdict === 'not-checked')?.reason ?? 'it is not VALID yet';
}

function State({ witness }: { witness: WitnessHealth }) {
  return (
    <small className="wit-state">
      <b>{WITNESS_STATE_WORDS[witness.state]}</b>
      {witness.state !== 'disabled' && witness.backlog > 0 && (
        <span className="num">
          , {witness.backlog.toLocaleString('en')} {witness.backlog === 1 ? 'checkpoint' : 'checkpoints'}{' '}
          without it
        </span>
      )}
      {witness.lastError !== null && witness.state !== 'disabled' && (
        <>
          : {describeWitnessError(witness.lastError)}
          {witness.lastErrorAt !== null && (
            <>
              , <RelativeTime at={witness.lastErrorAt} />
            </>
          )}
        </>
      )}
    </small>
  );
}
