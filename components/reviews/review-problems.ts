import { DEVICE_WORDS } from '@/components/passkeys/device-words';

/** A state in words: what happened, and what it means for authority. */
export type Problem = { title: string; meaning: string };

const ACCESS: Record<string, Problem> = {
  role_required: {
    title: 'You may read this but not decide it',
    meaning:
      'Deciding needs the reviewer role that is still open here. Nothing you do on this page approves anything.',
  },
  insufficient_authority: {
    title: 'This is above your authority',
    meaning:
      'Its tier, tool, amount or counterparty is outside the limits set for you. Somebody with a higher limit must decide it.',
  },
  outside_hours: {
    title: 'Your authority does not hold now',
    meaning: 'It is limited to certain days and hours. Somebody whose authority holds now must decide it.',
  },
  duplicate_human: {
    title: 'You count once',
    meaning:
      'Another account of yours, or somebody with your authority, has decided this. People are counted, not accounts.',
  },
  self_approval: {
    title: 'You asked for this yourself',
    meaning: 'Requester and principal never count towards an approval. Somebody else must decide it.',
  },
  already_decided: {
    title: 'You have given your verdict',
    meaning:
      'It is recorded and cannot be changed. Distinct people are counted, so a second verdict of yours would not count.',
  },
  escalation_ended: {
    title: 'This has ended',
    meaning: 'No verdict can be added any more.',
  },
};

/** Why this viewer may not decide. */
export function accessProblem(code: string): Problem {
  return ACCESS[code] ?? { title: 'You may not decide this', meaning: `The console answered “${code}”.` };
}

const condition = (title: string): Problem => ({
  title,
  meaning:
    'Your verdict was not recorded. Nothing is approved on such evidence; a compliance officer finds it under Integrity. Denying stays possible.',
});

const REFUSALS: Record<string, Problem> = {
  ...ACCESS,
  ...DEVICE_WORDS,
  passkey_required: {
    title: 'The policy asks for your passkey',
    meaning: 'Your verdict was not recorded. Register a passkey, or let somebody decide who has one.',
  },
  passkey_unknown: {
    title: 'That passkey is not yours here',
    meaning: 'Your verdict was not recorded. Sign with a passkey that you registered in this organisation.',
  },
  passkey_revoked: {
    title: 'That passkey was ended',
    meaning: 'Your verdict was not recorded: nothing signed with it counts any more. Use another one.',
  },
  passkey_cloned: {
    title: 'That passkey may have been copied',
    meaning:
      'Its counter went backwards. Your verdict was not recorded; that this happened is. Sign with another one and have this one ended.',
  },
  ceremony_unknown: {
    title: 'The challenge is used up',
    meaning: 'Your verdict was not recorded by this. Sign again: you get a new challenge.',
  },
  ceremony_mismatch: {
    title: 'What was signed is not what was sent',
    meaning: 'Your verdict was not recorded. Go back to the form and sign anew.',
  },
  assertion_invalid: {
    title: 'The signature does not verify',
    meaning:
      'Your verdict was not recorded: the device did not sign this statement for this address with its user verified.',
  },
  offline: {
    title: 'No answer came',
    meaning:
      'Whether your verdict arrived is not known. Send the same again: it counts once, and is answered as if it had come once.',
  },
  late_verdict: {
    title: 'Too late: it has expired',
    meaning:
      'Your verdict was not recorded. The escalation counts as expired, not as a denial, and no token exists.',
  },
  lease_held: {
    title: 'Somebody else is deciding it',
    meaning: 'Your verdict was not recorded. Their claim lapses by itself after two minutes without work.',
  },
  stale_view: {
    title: 'It changed while you read',
    meaning:
      'Your verdict was not recorded, because it was for what you saw and not for what is there now. Load it again.',
  },
  coverage_incomplete: {
    title: 'Not all required evidence was read',
    meaning: 'Your verdict was not recorded. Read the sections that are still open and sign again.',
  },
  dwell_too_short: {
    title: 'Too little active reading',
    meaning:
      'Your verdict was not recorded. Only time with this page in front, in focus and in use is counted.',
  },
  not_inspectable: {
    title: 'Part of the evidence cannot be inspected',
    meaning:
      'Your verdict was not recorded. What cannot be undone is not approved on what nobody can see. Denying stays possible.',
  },
  load_limit_reached: {
    title: 'You have reached your limit',
    meaning:
      'Your verdict was not recorded. The case waits for the next person. Denying it and finishing what you had open stay possible.',
  },
  not_opened: {
    title: 'The evidence was not confirmed as drawn',
    meaning: 'Your verdict was not recorded. Load the page again.',
  },
  policy_changed: {
    title: 'The policy has changed since',
    meaning: 'Your verdict was not recorded. It was asked under another version; the gateway must ask again.',
  },
  reason_required: {
    title: 'The reason says too little',
    meaning: 'Your verdict was not recorded. Choose a reason and say in your own words why.',
  },
  log_halted: {
    title: 'The log is halted',
    meaning: 'Your verdict was not recorded. Nothing is approved while records cannot be written.',
  },
  log_unwitnessed: {
    title: 'No witness has seen the log in time',
    meaning: 'The policy withholds approvals until a witness answers. Nothing was approved.',
  },
  continuity_missing: condition('Records are missing'),
  chain_invalid: condition('A stored record does not verify'),
  lineage_hole: condition('A parent decision is missing'),
  authorisation_unverifiable: condition('An earlier verdict or the policy does not verify'),
  attribution_failed: condition('Who acts is not certain'),
  evidence_inconsistent: condition('The evidence contradicts itself'),
  database_unavailable: {
    title: 'The database does not answer',
    meaning:
      'Nothing was approved or denied; no token is issued until it is back. Sending the same again is safe.',
  },
  sign_in_required: {
    title: 'You are signed out',
    meaning: 'Your verdict was not recorded. Sign in and open this page again.',
  },
  rate_limited: {
    title: 'Too many requests',
    meaning: 'Your verdict was not recorded. Wait a moment and send it again.',
  },
};

/** Why a verdict was refused, by the server's closed code or ours for no answer. */
export function refusalProblem(code: string, detail?: string): Problem {
  return (
    REFUSALS[code] ?? {
      title: 'The verdict was refused',
      meaning: detail ?? `The console answered “${code}”. Nothing was approved by this.`,
    }
  );
}

/** What the button says after a refusal that may be tried again. */
export function resendWords(code: string): string {
  return code.startsWith('device_') || code === 'ceremony_unknown'
    ? 'Ask the device again'
    : 'Send the same again';
}

/** Refusals after which the same request may be sent again as it is. */
export function mayResend(code: string): boolean {
  return [
    'offline',
    'database_unavailable',
    'internal',
    'log_halted',
    'log_unwitnessed',
    'rate_limited',
    'ceremony_unknown',
    'device_cancelled',
    'device_timed_out',
    'device_failed',
  ].includes(code);
}

/** Why a list or an escalation cannot be read, and what that means for authority. */
export function readingProblem(code: string | null, what: string): Problem {
  if (code === 'escalation_unknown' || code === 'not_found') {
    return {
      title: `${what} does not exist here`,
      meaning: 'There is nothing under this id in your organisation.',
    };
  }
  if (code === 'sign_in_required') {
    return {
      title: 'You are signed out',
      meaning: 'Nothing can be approved or denied until you sign in again.',
    };
  }
  if (code === 'role_required') {
    return { title: `${what} is not for your role`, meaning: 'Your role here may not read it.' };
  }
  return {
    title: `${what} cannot be read`,
    meaning:
      'The console did not answer as it should. Nothing is approved while it does not: whatever waits either waits on or expires, and that is recorded as expired.',
  };
}
