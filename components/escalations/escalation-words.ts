import type { Control, Tier } from '@/lib/decisions/record-payload';
import type { Raised } from '@/lib/escalations/decide-raise';
import type { HandUpReason } from '@/lib/escalations/escalation-lists';
import type {
  EscalationState,
  EvidenceSection,
  Quorum,
  Role,
  Verdict,
} from '@/lib/escalations/escalation-view';

/** The words of this console for the closed lists that escalations use. */
export const ROLE_WORDS: Record<Role, string> = {
  reviewer: 'reviewer',
  senior_reviewer: 'senior reviewer',
  compliance: 'compliance officer',
  data_protection: 'data-protection officer',
  auditor: 'auditor',
  admin: 'administrator',
};

export const STATE_WORDS: Record<EscalationState, string> = {
  pending: 'Waiting',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Cancelled',
  superseded: 'Superseded',
  drill: 'Drill',
};

/** Tone of `<Word>` and `<Badge>` for a state; what is no person's decision stays grey. */
export const STATE_TONES = {
  pending: 'escalate',
  approved: 'allow',
  denied: 'refuse',
  expired: 'expired',
  cancelled: 'cancelled',
  superseded: 'superseded',
  drill: 'cancelled',
} as const satisfies Record<EscalationState, string>;

export const SECTION_WORDS: Record<EvidenceSection, string> = {
  action: 'What will happen',
  why: 'Why you are asked',
  seen: 'What the agent saw and said',
  history: 'History',
};

export const CONTROL_WORDS: Record<Control, string> = {
  grant: 'grant',
  budget: 'budget',
  reversibility: 'reversibility',
  threshold: 'threshold',
  containment: 'containment',
};

export const TIER_WORDS: Record<Tier, string> = {
  reversible: 'Reversible',
  bounded: 'Irreversible, bounded',
  unbounded: 'Irreversible, unbounded',
};

export const REASON_WORDS: Record<Verdict, Record<string, string>> = {
  approve: {
    'verified-with-party': 'Verified with the person or party concerned',
    'matches-evidence': 'Matches the evidence shown',
    'within-mandate': 'Within the mandate given',
    'clinical-picture-agrees': 'The clinical picture agrees',
    'other-approve': 'Another reason, said below',
  },
  deny: {
    'not-verified': 'Could not be verified',
    'looks-manipulated': 'The agent looks manipulated',
    'outside-mandate': 'Outside the mandate given',
    'wrong-details': 'Details are wrong',
    'clinically-inappropriate': 'Clinically inappropriate',
    'other-deny': 'Another reason, said below',
  },
};

/** Why a reviewer hands one up. */
export const HAND_UP_WORDS: Record<HandUpReason, string> = {
  beyond_expertise: 'It needs knowledge that I do not have',
  unusual_case: 'The case is unusual',
  policy_unclear: 'The policy does not say clearly what is right here',
};

/** Why it was raised, as whoever finds it reads it. */
export const RAISED_WORDS: Record<Raised['reason'], string> = {
  not_taken: 'Nobody took it in the time that the policy gives.',
  nobody_eligible: 'Nobody here may decide it now: somebody with authority must be found before it expires.',
  beyond_expertise: 'A reviewer handed it up: it needs knowledge that they do not have.',
  unusual_case: 'A reviewer handed it up: the case is unusual.',
  policy_unclear: 'A reviewer handed it up: the policy does not say clearly what is right here.',
};

/** "1 reviewer and 1 senior reviewer": every part is needed, from different people. */
export function formatQuorum(quorum: Quorum): string {
  return quorum
    .map(({ role, count }) => `${count} ${ROLE_WORDS[role]}${count === 1 ? '' : 's'}`)
    .join(' and ');
}

/** A rule's machine name as words: `new-beneficiary` → `new beneficiary`. Names with other signs stay. */
export function ruleWords(rule: string): string {
  return /^[a-z0-9-]+$/.test(rule) ? rule.replaceAll('-', ' ').replaceAll('_', ' ') : rule;
}
