import { Id } from '@/components/ui/id';
import { Panel } from '@/components/ui/panel';
import { StateBox } from '@/components/ui/state-box';
import { Time } from '@/components/ui/time';
import { Word } from '@/components/ui/word';
import { HOLD_REASONS, type HoldView } from '@/lib/retention/hold';
import { AskSecond } from './ask-second';
import { PlaceHold } from './place-hold';
import { TargetLink } from './target-link';
import type { VaultDuties } from './vault-duties';

/** Legal holds: what each covers, how much it keeps just now, who placed and who released it. */
export function HoldsPanel({ holds, duties }: { holds: readonly HoldView[]; duties: VaultDuties }) {
  return (
    <Panel
      title="Legal holds"
      note="a hold beats every schedule and every erasure"
      end={duties.look && <PlaceHold />}
      flush
    >
      {holds.length === 0 ? (
        <StateBox kind="empty" title="No legal hold has been placed">
          Everything is deleted when its time comes.
        </StateBox>
      ) : (
        <ul className="vlist">
          {holds.map((hold) => (
            <HoldItem key={hold.id} hold={hold} duties={duties} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function HoldItem({ hold, duties }: { hold: HoldView; duties: VaultDuties }) {
  const { released } = hold;
  return (
    <li>
      <div className="vhead">
        {released === null ? <Word tone="refuse">holds</Word> : <Word tone="superseded">released</Word>}
        <b className="med">{HOLD_REASONS[hold.reasonCode]}</b>
        <span>
          case <span className="mono">{hold.caseRef}</span>
        </span>
        <span className="end dim">
          <Time at={hold.placedAt} precision="minute" />
        </span>
      </div>
      <p>
        Covers <Scope scope={hold.scope} />.{' '}
        {released === null && (
          <span className="num">
            It keeps {hold.payloads.toLocaleString('en')} {hold.payloads === 1 ? 'content' : 'contents'} now.
          </span>
        )}
      </p>
      <p className="dim">
        Placed by {hold.placedBy.name} ({hold.authority.replace('_', ' ')}), record № {hold.position} ·{' '}
        <Id value={hold.id} />
        {released !== null && (
          <>
            {' '}
            · released <Time at={released.at} precision="minute" />: asked by {released.askedBy.name}, granted
            by {released.by.name}
          </>
        )}
      </p>
      {released === null && duties.look && (
        <div className="vdo">
          <AskSecond
            kind="release"
            target={hold.id}
            label="Ask to release it"
            title="Release this hold?"
            description="A second person has to grant it. After that, what is past its time is deleted."
          />
        </div>
      )}
    </li>
  );
}

/** In words: every part narrows, within a part any one counts. */
function Scope({ scope }: { scope: HoldView['scope'] }) {
  return (
    <>
      {scope.subjects.length === 0
        ? 'any subject'
        : scope.subjects.map((token, at) => (
            <span key={token}>
              {at > 0 && ', '}
              <TargetLink target={token} />
            </span>
          ))}
      {scope.agents.length > 0 && <>, of {scope.agents.join(' or ')}</>}
      {scope.from !== null && (
        <>
          , from <Time at={scope.from} precision="minute" />
        </>
      )}
      {scope.until !== null && (
        <>
          , before <Time at={scope.until} precision="minute" />
        </>
      )}
      {scope.caseRef !== null && (
        <>
          , looked up under <span className="mono">{scope.caseRef}</span>
        </>
      )}
    </>
  );
}
