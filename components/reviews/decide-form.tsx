'use client';

import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { RightLine } from '@/components/authority/right-line';
import { REASON_WORDS } from '@/components/escalations/escalation-words';
import { formatDeed } from '@/components/escalations/sentence-line';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { MarkedText } from '@/components/ui/marked-text';
import { Select } from '@/components/ui/select';
import { TextArea } from '@/components/ui/text-area';
import { REASON_CODES } from '@/lib/escalations/escalation-lists';
import type { EscalationDetail } from '@/lib/escalations/escalation-view';
import { checkReason, MEANINGFUL_CHARACTERS } from '@/lib/escalations/reason';
import type { DecideState } from './decide-model';
import { DeviceStep } from './device-step';
import { useReadingMs } from './dwell-words';
import { type Blocker, isPasskeyNeeded, listBlockers } from './list-blockers';
import { useIsExpired } from './review-notice';
import { mayResend, refusalProblem, resendWords } from './review-problems';
import { SignPanel } from './sign-panel';
import type { Decision } from './use-decision';
import type { Review } from './use-review';
import { VerdictChoice } from './verdict-choice';

/** The longest text the server takes. */
const REASON_MAX = 2000;

/** Approve or deny with a reason, then exactly what will be signed, then one explicit click. */
export function DecideForm({
  review,
  decision,
  viewerName,
}: {
  review: Review;
  decision: Decision;
  viewerName: string;
}) {
  const { shown } = review;
  const { state } = decision;
  const [reasonCode, setReasonCode] = useState('');
  const [reasonText, setReasonText] = useState('');
  const [isTouched, setTouched] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const missingId = useId();
  const isExpired = useIsExpired(review);
  const { activeMs } = useReadingMs(review);

  const verdict = verdictOf(state);
  const isFixed = state.at !== 'idle' && state.at !== 'form';
  const codes: readonly string[] = verdict === null ? [] : REASON_CODES[verdict];
  const code = codes.includes(reasonCode) ? reasonCode : '';
  const lease = shown.row.lease;
  const blockers =
    verdict === null
      ? []
      : listBlockers(verdict, {
          shown,
          check: review.check,
          session: shown.session,
          activeMs,
          isExpired,
          isStale: review.isStale,
          isOffline: review.isOffline,
          heldBy: lease !== null && !lease.mine ? lease.name : null,
        });
  const hasReason = verdict !== null && checkReason(verdict, code, reasonText).ok;

  // The next thing to read is what will be signed, and the click must be looked for: focus goes to the panel.
  useEffect(() => {
    if (state.at === 'confirming' || state.at === 'failed') panel.current?.focus();
  }, [state.at]);

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    setTouched(true);
    if (verdict === null || !hasReason || blockers.length > 0) return;
    decision.review({
      verdict,
      reasonCode: code,
      reasonText,
      actionDigest: shown.actionDigest,
      displayDigest: shown.displayDigest,
      instance: shown.instance,
      version: shown.row.version,
    });
  }

  return (
    <div className="card verdict">
      <form className="form" onSubmit={onSubmit} noValidate>
        <RightLine may={shown.may} />
        <VerdictChoice value={verdict} isDisabled={isFixed} onChoose={decision.choose} />
        <Field
          label="Reason"
          error={isTouched && verdict !== null && code === '' ? 'Choose a reason.' : undefined}
        >
          {(control) => (
            <Select
              {...control}
              data-decide-focus=""
              disabled={isFixed || verdict === null}
              placeholder={verdict === null ? 'Choose a verdict first' : 'Choose a reason'}
              value={code}
              onChange={(event) => setReasonCode(event.target.value)}
              options={codes.map((each) => ({
                value: each,
                label: verdict === null ? each : (REASON_WORDS[verdict][each] ?? each),
              }))}
            />
          )}
        </Field>
        <Field
          label="In your words"
          hint="Recorded as a digest in the signed statement, readable to auditors. No names or account numbers."
          error={
            isTouched && verdict !== null && code !== '' && !hasReason
              ? `Say why, in at least ${MEANINGFUL_CHARACTERS} letters that say something.`
              : undefined
          }
        >
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              maxLength={REASON_MAX}
              readOnly={isFixed}
              value={reasonText}
              onChange={(event) => setReasonText(event.target.value)}
            />
          )}
        </Field>
        {!isFixed && (
          <>
            <Missing id={missingId} blockers={blockers} />
            <div className="btns">
              <Button
                type="submit"
                variant={verdict === null ? 'plain' : 'primary'}
                icon={verdict === 'deny' ? 'shield' : 'check'}
                locked={verdict === null || blockers.length > 0}
                aria-describedby={missingId}
              >
                {verdict === null ? 'Choose a verdict' : 'Review what you sign'}
              </Button>
            </div>
          </>
        )}
      </form>
      <div ref={panel} tabIndex={-1} className="sign-box">
        <SignPanel review={review} viewerName={viewerName} verdict={verdict} reasonCode={code}>
          <SignStep
            state={state}
            decision={decision}
            deed={formatDeed(shown.row.sentence)}
            isLocked={blockers.length > 0}
            passkey={shown.passkey}
          />
        </SignPanel>
      </div>
    </div>
  );
}

function verdictOf(state: DecideState) {
  if (state.at === 'idle') return null;
  return state.at === 'form' || state.at === 'done' ? state.verdict : state.request.verdict;
}

/** Exactly what is missing, so that nobody has to guess why a button is locked. */
function Missing({ id, blockers }: { id: string; blockers: readonly Blocker[] }) {
  return (
    <div id={id} className="missing-list" aria-live="polite">
      {blockers.length > 0 && (
        <>
          <p className="lab">Locked until:</p>
          <ul>
            {blockers.map((blocker) => (
              <li key={`${blocker.code}${blocker.section ?? ''}`}>
                {blocker.section === undefined ? (
                  blocker.words
                ) : (
                  <a className="link" href={`#${blocker.section}`}>
                    {blocker.words}
                  </a>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function SignStep({
  state,
  decision,
  deed,
  isLocked,
  passkey,
}: {
  state: DecideState;
  decision: Decision;
  deed: string;
  isLocked: boolean;
  passkey: EscalationDetail['passkey'];
}) {
  const fixed = (
    <p className="lab">Recorded first, token second. If the record cannot be written, nothing is approved.</p>
  );
  if (state.at === 'idle' || state.at === 'form') {
    return (
      <p className="lab sign-hint">Nothing is signed yet. You see this once more before the last click.</p>
    );
  }
  if (state.at === 'done') return <p className="lab">Signed and recorded.</p>;
  const { verdict } = state.request;
  const isSending = state.at === 'sending';
  const problem = state.at === 'failed' ? refusalProblem(state.code, state.detail) : null;
  const canSend = state.at !== 'failed' || mayResend(state.code);
  if (state.at === 'device') return <DeviceStep challenge={state.challenge} />;
  const byPasskey = passkey.registered && passkey.available;
  const mayUseSession = byPasskey && !isPasskeyNeeded(passkey.rule, verdict);
  return (
    <div className="sign-step">
      {problem !== null && (
        <div className="notice" role="alert">
          <div>
            <b>{problem.title}</b>
            <p>{problem.meaning}</p>
          </div>
        </div>
      )}
      {canSend && (
        <Button
          variant="primary"
          wide
          icon={byPasskey ? 'passkey' : 'attested'}
          busy={isSending}
          locked={isLocked && state.at !== 'failed' && !isSending}
          onClick={() => decision.sign(byPasskey)}
        >
          {isSending ? (
            'Signing and recording'
          ) : state.at === 'failed' ? (
            resendWords(state.code)
          ) : (
            <span>
              Sign: {verdict} “<MarkedText text={deed} />”
            </span>
          )}
        </Button>
      )}
      {canSend && !isSending && mayUseSession && (
        <Button wide locked={isLocked} onClick={() => decision.sign(false)}>
          Sign by my session, without the passkey
        </Button>
      )}
      {!isSending && (
        <Button wide onClick={decision.back}>
          Back to the form
        </Button>
      )}
      {fixed}
    </div>
  );
}
