/**
 * What an agent is told when its action was not executed: the outcome and, after a denial, the reviewer's reason. Rules,
 * limits, budgets and names stay with the console, so that nobody learns from refusals how to stay below them.
 */
import type { NotExecuted } from './guarded-call';

/** The console's reason codes for a denial, in a sentence that may be made public. */
const DENIALS: Readonly<Record<string, string>> = {
  'not-verified': 'The reviewer could not verify it.',
  'looks-manipulated': 'It looks as if the agent was manipulated.',
  'outside-mandate': 'It is outside what the agent was asked to do.',
  'wrong-details': 'Its details are wrong.',
  'clinically-inappropriate': 'It is clinically inappropriate.',
  'other-deny': 'The reviewer recorded the reason.',
};

/** Refusals that say what could not be read in the request; everything else is not permitted, without a reason. */
const UNREADABLE = /_(missing|garbled|negative|unreadable)$/;

/** One closed code and one or two sentences. */
export function describeForAgent(outcome: NotExecuted): { code: string; text: string } {
  if (outcome.status === 'unknown') {
    return {
      code: 'outcome_unknown',
      text: 'This approved call was under way when the gateway ended: it may have been executed, and was not repeated. Find out before you ask again.',
    };
  }
  const [code, text] = wordsOf(outcome);
  return { code, text: `${text} Nothing was executed.` };
}

function wordsOf(outcome: Exclude<NotExecuted, { status: 'unknown' }>): [code: string, text: string] {
  switch (outcome.status) {
    case 'refused':
      return UNREADABLE.test(outcome.reasonCode)
        ? [
            'unreadable',
            'Not permitted: the action lacks something that must be stated, or states it unreadably.',
          ]
        : ['not_permitted', 'Not permitted. Approval cannot be asked for.'];
    case 'deferred':
      return ['deferred', 'It cannot be decided now. Try again later.'];
    case 'denied':
      return describeDenial(outcome.reasonCode);
    case 'expired':
      return [
        'expired',
        'Nobody decided in time: the request expired. That is neither an approval nor a denial.',
      ];
    case 'cancelled':
      return ['cancelled', 'The request was withdrawn before anybody decided.'];
    case 'failed_request':
      return ['superseded', 'The request was overtaken by another one before anybody decided.'];
    case 'superseded':
      return describeNarrowed(outcome.narrowed);
    case 'pending':
      return [
        'pending',
        'A person must approve this first, and nobody has decided yet. Make exactly the same call again later to continue waiting.',
      ];
    case 'busy':
      return ['busy', 'Exactly this call is under way already. Wait for its answer.'];
    case 'failed':
      return describeFailure(outcome.failure.code, outcome.failure.problem);
  }
}

/** The agent's own arguments, made smaller by a person; nothing else of the console is told. */
function describeNarrowed(
  narrowed: Extract<NotExecuted, { status: 'superseded' }>['narrowed'],
): [string, string] {
  if (!narrowed)
    return [
      'narrowed',
      'A person made this call narrower before deciding, and what they made it cannot be read.',
    ];
  return [
    'narrowed',
    `A person made this call narrower before deciding. Make exactly this call instead, and no other: ${narrowed.action.name} with ${JSON.stringify(narrowed.action.properties ?? {})}.`,
  ];
}

function describeDenial(reasonCode: string | null): [string, string] {
  const known = reasonCode !== null && Object.hasOwn(DENIALS, reasonCode) ? reasonCode : null;
  return [
    'denied',
    `A reviewer denied this (${known ?? 'no reason given'}). ${known ? DENIALS[known] : ''}`.trim(),
  ];
}

function describeFailure(code: string, problem: string | undefined): [string, string] {
  if (code === 'action_invalid')
    return [
      'unreadable',
      'The arguments cannot be put before a person: only text, whole numbers up to 2^53, true, false, null, lists and objects. Write fractions as text.',
    ];
  if (problem === 'request_too_large')
    return ['too_large', 'The arguments are too large to be put before a person. Use smaller ones.'];
  if (problem === 'malformed_request') return ['unreadable', 'The arguments cannot be put before a person.'];
  if (problem === 'request_superseded')
    return ['narrowed', 'A person has made this very call narrower: it cannot be asked as it was.'];
  if (code === 'aborted') return ['cancelled', 'The call was cancelled.'];
  if (problem === 'approval_expired')
    return ['lapsed', 'It was approved, but the approval lapsed before it could be used. Ask again.'];
  return ['not_available', 'Authority could not be established now. Try again later.'];
}
