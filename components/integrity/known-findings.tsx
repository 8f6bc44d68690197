'use client';

import Link from 'next/link';
import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import { Word } from '@/components/ui/word';
import { routes } from '@/lib/client/routes';
import { type Finding, useFindings } from '@/lib/client/verification/findings';
import { ForgetLog } from './forget-log';

/** What this browser found earlier and has not seen whole since: why the pill is red, and where to look again. */
export function KnownFindings({
  streams,
  origin,
  onForget,
}: {
  streams: readonly string[];
  /** The log's name. */
  origin: string;
  onForget: () => Promise<void>;
}) {
  const findings = useFindings();
  if (findings.length === 0) return null;
  return (
    <Panel title="Found broken by this browser" note="until the same thing verifies here again" flush>
      <ul className="incidents known">
        {findings.map((finding) => (
          <li key={finding.subject}>
            <Word tone="invalid">INVALID</Word>
            <span>{finding.place}</span>
            <span className="end">
              {finding.subject === origin ? (
                <span className="again">
                  <span className="dim">verify everything to look again, or</span>
                  <ForgetLog onForget={onForget} />
                </span>
              ) : (
                <Again finding={finding} isStream={streams.includes(finding.subject)} />
              )}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Names that are no decision's: a stream of this or another organisation, or a log (their grammars are fixed). */
const NO_DECISION = /^(spiffe:\/\/|console\/)|\/log$/;

function Again({ finding, isStream }: { finding: Finding; isStream: boolean }) {
  if (isStream || NO_DECISION.test(finding.subject))
    return (
      <span className="dim">
        {isStream ? 'verify everything to look again' : 'verify everything there to look again'}
      </span>
    );
  return (
    <Link className="link" href={`${routes.decision(finding.subject)}?tab=verification`} prefetch={false}>
      look again at <Id value={finding.subject} />
    </Link>
  );
}
