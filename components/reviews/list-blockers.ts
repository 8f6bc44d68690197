import { SECTION_WORDS } from '@/components/escalations/escalation-words';
import { mayTake } from '@/lib/attention/load';
import type {
  EscalationDetail,
  EvidenceSection,
  PasskeyRule,
  ReviewSessionView,
  Verdict,
} from '@/lib/escalations/escalation-view';

import type { ShownCheck } from './check-shown';
import { accessProblem } from './review-problems';

/** One thing that stands between the reviewer and this verdict. `section` names the evidence still to be read. */
export type Blocker = { code: string; words: string; section?: EvidenceSection };

/** What the page knows at this moment; times in milliseconds. */
export type BlockerInput = {
  shown: EscalationDetail;
  check: ShownCheck;
  session: ReviewSessionView | null;
  activeMs: number;
  isExpired: boolean;
  isStale: boolean;
  isOffline: boolean;
  /** Who else holds the lease, or null. */
  heldBy: string | null;
};

/**
 * Everything that keeps this verdict locked, said exactly; empty when nothing does. The server checks all of it again:
 * this only saves a reviewer a refusal. A denial needs no reading and no least time: stopping is always quick.
 */
export function listBlockers(verdict: Verdict, input: BlockerInput): Blocker[] {
  const { shown, check, session } = input;
  const blockers: Blocker[] = [];
  if (!shown.may.decide) {
    const code = shown.may.code ?? 'role_required';
    blockers.push({ code, words: accessProblem(code).title });
  }
  if (input.isExpired) blockers.push({ code: 'late_verdict', words: 'It has expired' });
  if (input.isStale) blockers.push({ code: 'stale_view', words: 'It has changed since this page drew it' });
  if (input.heldBy !== null) blockers.push({ code: 'lease_held', words: `${input.heldBy} is deciding it` });
  if (check.verdict === 'checking')
    blockers.push({ code: 'checking', words: 'Digests are being computed here' });
  if (check.verdict === 'invalid')
    blockers.push({ code: 'invalid', words: 'What is shown is not what would be signed' });
  if (check.verdict === 'gone' && verdict === 'approve') {
    blockers.push({ code: 'gone', words: 'The action cannot be shown, so nobody can approve it' });
  }
  if (lacksPasskey(shown, verdict))
    blockers.push({ code: 'passkey_required', words: 'Register a passkey: the policy asks for yours' });
  if (input.isOffline) blockers.push({ code: 'offline', words: 'The console does not answer' });
  if (session === null && shown.may.decide) {
    blockers.push({ code: 'not_opened', words: 'The server has not confirmed that the evidence was drawn' });
  }
  if (verdict === 'approve')
    blockers.push(
      ...listHidden(shown),
      ...listLoad(shown, session),
      ...listUnread(shown, session),
      ...listMissingTime(shown, input.activeMs),
    );
  return blockers;
}

/** Whether a session alone is refused for this verdict. */
export function isPasskeyNeeded(rule: PasskeyRule, verdict: Verdict): boolean {
  return rule === 'every-verdict' || (rule === 'approval' && verdict === 'approve');
}

/** The policy asks for a passkey on this verdict, and this viewer has none that works here. */
export function lacksPasskey({ passkey }: Pick<EscalationDetail, 'passkey'>, verdict: Verdict): boolean {
  return isPasskeyNeeded(passkey.rule, verdict) && !(passkey.registered && passkey.available);
}

/** Required sections that the server does not yet count as read. */
export function listUnread(shown: EscalationDetail, session: ReviewSessionView | null): Blocker[] {
  const covered = new Set(session?.covered ?? []);
  return shown.requiredSections
    .filter((section) => !covered.has(section))
    .map((section) => ({ code: 'coverage_incomplete', words: `Read “${SECTION_WORDS[section]}”`, section }));
}

function listMissingTime(shown: EscalationDetail, activeMs: number): Blocker[] {
  const missingMs = shown.minimumActiveMs - activeMs;
  if (missingMs <= 0) return [];
  return [{ code: 'dwell_too_short', words: `${Math.ceil(missingMs / 1000)} s more of active reading` }];
}

/** Evidence that this page cannot show, where the policy lets nobody approve on it. */
function listHidden({ notInspectable }: EscalationDetail): Blocker[] {
  if (!notInspectable.blocks) return [];
  return notInspectable.parts.map((part) => ({
    code: 'not_inspectable',
    words: `Not inspectable: ${part}`,
    section: 'seen',
  }));
}

/** A limit of load stops what was not open before it was reached. */
export function listLoad({ load }: EscalationDetail, session: ReviewSessionView | null): Blocker[] {
  if (load === null || mayTake(load, session ? Date.parse(session.openedAt) : null)) return [];
  return [{ code: 'load_limit_reached', words: 'You have reached your limit: this goes to the next person' }];
}
