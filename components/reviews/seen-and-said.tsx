import { InformationRows } from '@/components/flow/information-rows';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { KeyValues } from '@/components/ui/key-values';
import { MarkTag } from '@/components/ui/mark-tag';
import { MarkedText } from '@/components/ui/marked-text';
import { StateBox } from '@/components/ui/state-box';
import { Subhead } from '@/components/ui/subhead';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import { GuardrailRows } from './guardrail-rows';
import { PassageText } from './passage-text';
import { RetrievedRows } from './retrieved-rows';

/** What the gateway attached: prompt, retrieved items, guardrails, and the agent's words, labelled as the agent's. */
export function SeenAndSaid({ shown }: { shown: EscalationDetail }) {
  const { evidence, row } = shown;
  if (evidence === null) {
    return (
      <div className="stack">
        <InformationRows shown={shown} />
        <NoEvidence isGone={shown.evidenceGone} />
      </div>
    );
  }

  const said = shown.marked.find(({ item }) => item === -1)?.passages ?? [];
  const { prompt, model } = evidence;
  return (
    <div className="stack">
      {evidence.agentSaid !== undefined && (
        <div className="said">
          <header>
            <Icon name="agent" small />
            <span>
              <MarkedText text={row.sentence.agent} /> wrote
            </span>
            <small>· its own words, not checked by anyone</small>
            {said.length > 0 && (
              <span className="end">
                <MarkTag>reads like an instruction</MarkTag>
              </span>
            )}
          </header>
          <blockquote>
            <PassageText text={evidence.agentSaid} passages={said} />
          </blockquote>
        </div>
      )}
      <InformationRows shown={shown} />
      <RetrievedRows retrieved={evidence.retrieved} marked={shown.marked} />
      <GuardrailRows guardrails={evidence.guardrails} />
      <div className="card">
        <Subhead title="In force" />
        <KeyValues
          left
          rows={[
            {
              label: 'Prompt',
              value:
                prompt === undefined ? (
                  <span className="dim">not attached</span>
                ) : (
                  <>
                    <MarkedText text={`${prompt.template} ${prompt.version}`} />{' '}
                    {prompt.digest !== undefined && <Id value={prompt.digest} copy label="prompt digest" />}
                  </>
                ),
            },
            {
              label: 'Model',
              value:
                model === undefined ? (
                  <span className="dim">not attached</span>
                ) : (
                  <MarkedText text={`${model.provider} ${model.name} ${model.version}`} />
                ),
            },
            {
              label: 'Policy',
              value: (
                <>
                  {shown.policy.id} v{shown.policy.version}{' '}
                  <Id value={shown.policy.digest} copy label="policy digest" />
                </>
              ),
            },
          ]}
        />
      </div>
    </div>
  );
}

function NoEvidence({ isGone }: { isGone: boolean }) {
  return isGone ? (
    <StateBox kind="empty" title="The evidence has been erased">
      Its time to be kept is over. The record still holds its salted digest; what it said cannot be read any
      more.
    </StateBox>
  ) : (
    <StateBox kind="empty" title="The gateway attached no evidence">
      Nothing shows what the agent saw or said. Decide as if you had not been told.
    </StateBox>
  );
}
