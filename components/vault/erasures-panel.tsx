import Link from 'next/link';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { routes } from '@/lib/client/routes';
import type { ErasureView } from '@/lib/retention/vault-overview';
import { LOOK_PURPOSE_NAMES } from '@/lib/vault/purpose';
import { AskSecond } from './ask-second';
import { TargetLink } from './target-link';
import type { VaultDuties } from './vault-duties';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Subjects who were erased: what went, what remains and why, and where to see that every proof still stands. */
export function ErasuresPanel({
  erasures,
  duties,
}: {
  erasures: readonly ErasureView[];
  duties: VaultDuties;
}) {
  return (
    <Panel
      title="Erasures"
      note="the person is gone, the proof stands"
      end={
        duties.look && (
          <AskSecond
            kind="erase"
            target={null}
            label="Ask to erase a subject"
            title="Erase a subject?"
            description="A second person has to grant it; a legal hold refuses it. It destroys their data key, their identifier and all contents about them, for ever. Signed records with their token stay."
          />
        )
      }
      flush
    >
      {erasures.length === 0 ? (
        <StateBox kind="empty" title="Nobody has been erased">
          An erasure destroys a subject’s data key, contents and identifier; records keep their token and
          digests.
        </StateBox>
      ) : (
        <ul className="vlist">
          {erasures.map((erasure) => (
            <ErasureItem key={erasure.id} erasure={erasure} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function ErasureItem({ erasure }: { erasure: ErasureView }) {
  const { report, askedBy, grantedBy } = erasure;
  const { remains } = report;
  return (
    <li>
      <div className="vhead">
        <Word tone="superseded">erased</Word>
        <TargetLink target={erasure.token} />
        <span>
          {LOOK_PURPOSE_NAMES[erasure.purpose].toLowerCase()}, case{' '}
          <span className="mono">{erasure.caseRef}</span>
        </span>
        <span className="end dim">
          <Time at={erasure.at} precision="minute" />
        </span>
      </div>
      <p className="num">
        Destroyed: {count(report.keys, 'data key', 'data keys')},{' '}
        {count(report.identifiers, 'identifier', 'identifiers')},{' '}
        {count(report.payloads, 'content', 'contents')}
        {report.sentences > 0 && (
          <>, and whom {count(report.sentences, 'escalation', 'escalations')} named on the other side</>
        )}
        .
      </p>
      <p className="num">
        Remains: {count(remains.decisions, 'decision', 'decisions')},{' '}
        {count(remains.escalations, 'escalation', 'escalations')} and {count(remains.looks, 'look', 'looks')}{' '}
        that name the token. They hold salted digests and nothing that leads back to the person; without them
        no proof over later records would verify.{' '}
        <Link className="link" href={routes.integrity()}>
          Verify everything in this browser
        </Link>
      </p>
      <p className="dim">
        Asked by {askedBy.name}
        {grantedBy !== null && <>, granted by {grantedBy.name}</>}, record № {erasure.position}
      </p>
    </li>
  );
}
